#include "core/index/posting_table.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace wonbon {
namespace {

// Lines of a segment, in the order of growth: powers of two, then the sizes between them that the
// allocator has (16, 20, 24, 28, 32 KiB). A table of a small collection takes 512 bytes.
constexpr size_t kFirstLines = 8;
constexpr size_t kMinSplitLines = 256;
constexpr size_t kFullLines = 512;

size_t NextLines(size_t lines) {
  return lines < kMinSplitLines ? 2 * lines : lines + kMinSplitLines / 4;
}

size_t LinesOf(const auto& segment) {
  return std::visit([](const auto& table) { return table.lines(); }, segment);
}

size_t BytesOf(const auto& segment) {
  return std::visit([](const auto& table) { return table.MemoryBytes(); }, segment);
}

}  // namespace

PostingTable::PostingTable() {
  segments_.push_back(*Fill({}, kFirstLines, 0));
  directory_.push_back(&segments_.back());
  bytes_ = BytesOf(segments_.back());
}

std::optional<PostingTable::Segment> PostingTable::Fill(const std::vector<Posting>& postings,
                                                        size_t lines, int depth) {
  const auto fill = [&](auto table) -> std::optional<Segment> {
    if (postings.size() >= table.MaxEntries(lines)) return std::nullopt;
    for (const Posting& posting : postings) {
      if (!table.Add(posting.hash, posting.slot)) return std::nullopt;
    }
    return std::optional<Segment>(std::move(table));
  };
  for (; lines <= kFullLines; lines = NextLines(lines)) {
    std::optional<Segment> filled = Narrow::IsLossless(lines, depth) ? fill(Narrow(lines, depth))
                                                                     : fill(Wide(lines, depth));
    if (filled.has_value()) return filled;
  }
  return std::nullopt;
}

void PostingTable::Add(uint32_t hash, uint32_t slot) {
  for (;;) {
    const bool added = std::visit(
        [&](auto& segment) { return !segment.full() && segment.Add(hash, slot); },
        *directory_[Upper(hash)]);
    if (added) break;
    Grow(hash);
  }
  ++size_;
}

bool PostingTable::Remove(uint32_t hash, uint32_t slot) {
  const bool removed = std::visit([&](auto& segment) { return segment.Remove(hash, slot); },
                                  *directory_[Upper(hash)]);
  if (removed) --size_;
  return removed;
}

bool PostingTable::Replace(uint32_t hash, uint32_t slot, uint32_t new_slot) {
  return std::visit([&](auto& segment) { return segment.Replace(hash, slot, new_slot); },
                    *directory_[Upper(hash)]);
}

void PostingTable::Grow(uint32_t hash) {
  Segment* const segment = directory_[Upper(hash)];
  const int depth = std::visit([](const auto& table) { return table.depth(); }, *segment);
  const uint32_t prefix = depth == 0 ? 0 : hash >> (32 - depth) << (32 - depth);
  std::vector<Posting> postings;
  std::visit(
      [&](const auto& table) {
        postings.reserve(table.size());
        table.ForEachEntry([&](uint32_t lower, uint32_t slot) {
          postings.push_back({prefix | lower, slot});
        });
      },
      *segment);
  if (auto grown = Fill(postings, NextLines(LinesOf(*segment)), depth); grown.has_value()) {
    return Put(segment, *std::move(grown));
  }
  // Split by the next bit.
  const uint32_t bit = uint32_t{1} << (31 - depth);
  const auto upper = std::stable_partition(
      postings.begin(), postings.end(),
      [bit](const Posting& posting) { return (posting.hash & bit) == 0; });
  std::optional<Segment> low = Fill({postings.begin(), upper}, kMinSplitLines, depth + 1);
  std::optional<Segment> high = Fill({upper, postings.end()}, kMinSplitLines, depth + 1);
  WONBON_CHECK(low.has_value() && high.has_value());
  if (depth == depth_) {
    std::vector<Segment*> doubled(2 * directory_.size());
    for (size_t i = 0; i < doubled.size(); ++i) doubled[i] = directory_[i / 2];
    directory_ = std::move(doubled);
    ++depth_;
  }
  Put(segment, *std::move(low));
  bytes_ += BytesOf(*high);
  segments_.push_back(*std::move(high));
  const size_t places = directory_.size() >> (depth + 1);
  std::fill_n(directory_.begin() + static_cast<std::ptrdiff_t>(Upper(prefix | bit)), places,
              &segments_.back());
}

void PostingTable::Put(Segment* place, Segment segment) {
  bytes_ += BytesOf(segment);
  bytes_ -= BytesOf(*place);
  *place = std::move(segment);
}

void PostingTable::Write(ImageWriter& image) const {
  image.Value(int64_t{depth_});
  image.Value(uint64_t{size_});
  const Segment* last = nullptr;
  for (const Segment* segment : directory_) {
    if (segment == last) continue;
    last = segment;
    image.Value(uint64_t{segment->index()});
    std::visit([&](const auto& table) { table.Write(image); }, *segment);
  }
}

void PostingTable::Read(ImageReader& image) {
  const auto depth = image.Value<int64_t>();
  size_ = image.Value<uint64_t>();
  if (depth < 0 || depth > 31) return image.Fail();
  depth_ = static_cast<int>(depth);
  directory_.clear();
  segments_.clear();
  bytes_ = 0;
  const auto take = [&](auto table) {
    if (!table.has_value() || table->depth() > depth_) return image.Fail();
    const size_t places = size_t{1} << (depth_ - table->depth());
    bytes_ += table->MemoryBytes();
    segments_.emplace_back(*std::move(table));
    directory_.insert(directory_.end(), places, &segments_.back());
  };
  while (image.ok() && directory_.size() < size_t{1} << depth_) {
    if (image.Value<uint64_t>() == 0) {
      take(Wide::Read(image, kFullLines));
    } else {
      take(Narrow::Read(image, kFullLines));
    }
  }
  if (directory_.size() != size_t{1} << depth_) image.Fail();
}

size_t PostingTable::MemoryBytes() const {
  return bytes_ + directory_.capacity() * sizeof(Segment*) + segments_.size() * sizeof(Segment);
}

}  // namespace wonbon
