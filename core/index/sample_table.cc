#include "core/index/sample_table.h"

#include <algorithm>
#include <array>

#include "core/index/limits.h"

namespace wonbon {
namespace {

// Lines on their way while one is read; the caller's Prefetch covers the first.
constexpr size_t kPrefetchAhead = 32;

size_t SetBytes(const absl::flat_hash_set<Slot>& set) {
  return set.capacity() * (sizeof(Slot) + 1);
}

}  // namespace

void SampleTable::Add(Slot slot, absl::Span<const uint32_t> sample) {
  Prefetch(sample);
  for (size_t i = 0; i < sample.size(); ++i) {
    if (i + kPrefetchAhead < sample.size()) table_.Prefetch(MixKey(sample[i + kPrefetchAhead]));
    AddPosting(MixKey(sample[i]), slot);
  }
}

void SampleTable::Remove(Slot slot, absl::Span<const uint32_t> sample) {
  Prefetch(sample);
  for (size_t i = 0; i < sample.size(); ++i) {
    if (i + kPrefetchAhead < sample.size()) table_.Prefetch(MixKey(sample[i + kPrefetchAhead]));
    RemovePosting(MixKey(sample[i]), slot);
  }
}

void SampleTable::AddPosting(uint32_t hash, Slot slot) {
  std::array<Slot, kInlinePostings> holders;
  int count = 0;
  table_.ForEach(hash, [&](Slot holder) { holders[count++] = holder; });
  if (count < kInlinePostings && (count == 0 || holders[0] != kCrowded)) {
    table_.Add(hash, slot);
    return;
  }
  absl::flat_hash_set<Slot>& set = crowded_[hash];
  crowded_bytes_ -= SetBytes(set);
  if (holders[0] != kCrowded) {
    for (const Slot holder : holders) {
      table_.Remove(hash, holder);
      set.insert(holder);
    }
    table_.Add(hash, kCrowded);
  }
  set.insert(slot);
  crowded_bytes_ += SetBytes(set);
}

void SampleTable::RemovePosting(uint32_t hash, Slot slot) {
  if (table_.Remove(hash, slot)) return;
  const auto crowd = crowded_.find(hash);
  if (crowd == crowded_.end()) return;
  crowd->second.erase(slot);
  if (!crowd->second.empty()) return;
  crowded_bytes_ -= SetBytes(crowd->second);
  crowded_.erase(crowd);
  table_.Remove(hash, kCrowded);
}

void SampleTable::Prefetch(absl::Span<const uint32_t> sample) const {
  for (const uint32_t value : sample.subspan(0, kPrefetchAhead)) table_.Prefetch(MixKey(value));
}

void SampleTable::Find(absl::Span<const uint32_t> sample, std::vector<Slot>* found) const {
  for (size_t i = 0; i < sample.size(); ++i) {
    if (i + kPrefetchAhead < sample.size()) table_.Prefetch(MixKey(sample[i + kPrefetchAhead]));
    bool crowded = false;
    table_.ForEach(MixKey(sample[i]), [&](Slot holder) {
      if (holder == kCrowded) {
        crowded = true;
      } else {
        found->push_back(holder);
      }
    });
    if (!crowded) continue;
    const absl::flat_hash_set<Slot>& set = crowded_.find(MixKey(sample[i]))->second;
    if (set.size() <= kMaxSamplePostings) found->insert(found->end(), set.begin(), set.end());
  }
}

size_t SampleTable::MemoryBytes() const {
  return table_.MemoryBytes() + crowded_bytes_ +
         crowded_.capacity() * (sizeof(*crowded_.begin()) + 1);
}

void SampleTable::Write(ImageWriter& image) const {
  table_.Write(image);
  std::vector<uint32_t> hashes;
  for (const auto& [hash, set] : crowded_) hashes.push_back(hash);
  std::sort(hashes.begin(), hashes.end());
  image.Value(uint64_t{hashes.size()});
  for (const uint32_t hash : hashes) {
    const absl::flat_hash_set<Slot>& set = crowded_.at(hash);
    std::vector<Slot> slots(set.begin(), set.end());
    std::sort(slots.begin(), slots.end());
    image.Value(hash);
    image.List(slots);
  }
}

void SampleTable::Read(ImageReader& image) {
  table_.Read(image);
  const size_t count = image.Count(sizeof(uint32_t) + sizeof(uint64_t));
  for (size_t i = 0; i < count && image.ok(); ++i) {
    absl::flat_hash_set<Slot>& set = crowded_[image.Value<uint32_t>()];
    const std::vector<Slot> slots = image.List<Slot>();
    set.insert(slots.begin(), slots.end());
    crowded_bytes_ += SetBytes(set);
  }
}

}  // namespace wonbon
