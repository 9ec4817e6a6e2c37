#include "core/judge/rarity.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "core/limits.h"
#include "xxhash.h"

namespace wonbon {
namespace {

// Shingles between asking for a line and using it: a miss in memory takes as long as about ten.
constexpr size_t kAhead = 12;

// Serialised: magic "WBRARE01", u64 added, u64 size of the counters, u64 XXH3 of them, counters;
// little-endian.
constexpr char kMagic[] = "WBRARE01";
constexpr size_t kHeaderBytes = 32;

void PutWord(std::string& out, uint64_t word) {
  for (int i = 0; i < 8; ++i) out += static_cast<char>(word >> (8 * i));
}
uint64_t GetWord(std::string_view bytes, size_t at) {
  uint64_t word = 0;
  for (int i = 0; i < 8; ++i) word |= uint64_t{static_cast<uint8_t>(bytes[at + i])} << (8 * i);
  return word;
}

// Where the two counters of a shingle are, both in one line.
struct Place {
  size_t line, first, second;
};
Place Find(uint32_t hash, size_t lines) {
  const uint64_t mixed = hash * 0x9E3779B97F4A7C15u;
  const size_t first = (mixed >> 34) & 63;
  return {(mixed >> 40) & (lines - 1), first, (first + 1 + ((mixed >> 28) & 31)) & 63};
}
static_assert(kCacheLineBytes == 64);

}  // namespace

Rarity::Rarity(size_t bytes) : lines_(bytes / sizeof(Line)) {
  WONBON_CHECK(std::has_single_bit(bytes) && bytes >= sizeof(Line));
}

void Rarity::Assign(const Rarity& other) {
  WONBON_CHECK(MemoryBytes() == other.MemoryBytes());
  std::memcpy(lines_.data(), other.lines_.data(), MemoryBytes());
  added_ = other.added_;
}

std::vector<uint32_t> Rarity::Counted(const Profile& profile) {
  const size_t end = std::min(profile.shingles.size(), kMaxCountedShingles);
  std::vector<uint32_t> counted;
  counted.reserve(end);
  for (size_t i = 0; i < end; ++i) {
    const auto hash = static_cast<uint32_t>(profile.shingles[i] >> 32);
    if (counted.empty() || counted.back() != hash) counted.push_back(hash);
  }
  return counted;
}

void Rarity::Add(absl::Span<const uint32_t> counted) {
  for (size_t i = 0; i < counted.size(); ++i) {
    if (i + kAhead < counted.size()) Prefetch(counted[i + kAhead]);
    const Place at = Find(counted[i], lines_.size());
    uint8_t& first = lines_[at.line].counters[at.first];
    uint8_t& second = lines_[at.line].counters[at.second];
    const uint8_t count = std::min(first, second);
    if (count == 255) continue;
    first = std::max<uint8_t>(first, count + 1);
    second = std::max<uint8_t>(second, count + 1);
  }
  added_ += counted.size();
  if (added_ * kCountersPerShingle >= MemoryBytes()) Halve();
}

void Rarity::Prefetch(uint32_t hash) const {
  __builtin_prefetch(&lines_[Find(hash, lines_.size()).line]);
}

int Rarity::Count(uint32_t hash) const {
  const Place at = Find(hash, lines_.size());
  const Line& line = lines_[at.line];
  return std::min(line.counters[at.first], line.counters[at.second]);
}

void Rarity::Halve() {
  for (size_t i = 0; i < lines_.size(); ++i) {
    for (uint8_t& counter : lines_[i].counters) counter /= 2;
  }
  added_ /= 2;
}

std::string Rarity::Serialize() const {
  std::string out(kMagic, 8);
  PutWord(out, added_);
  PutWord(out, MemoryBytes());
  PutWord(out, XXH3_64bits(lines_.data(), MemoryBytes()));
  out.append(reinterpret_cast<const char*>(lines_.data()), MemoryBytes());
  return out;
}

absl::StatusOr<Rarity> Rarity::Parse(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || bytes.substr(0, 8) != std::string_view(kMagic, 8)) {
    return absl::InvalidArgumentError("rarity table: no header");
  }
  const uint64_t size = GetWord(bytes, 16);
  if (size != bytes.size() - kHeaderBytes || !std::has_single_bit(size) || size < sizeof(Line)) {
    return absl::InvalidArgumentError(absl::StrCat("rarity table: ", bytes.size(), " bytes"));
  }
  if (XXH3_64bits(bytes.data() + kHeaderBytes, size) != GetWord(bytes, 24)) {
    return absl::InvalidArgumentError("rarity table: wrong checksum");
  }
  Rarity out(size);
  out.added_ = GetWord(bytes, 8);
  std::memcpy(out.lines_.data(), bytes.data() + kHeaderBytes, size);
  return out;
}

void Rarity::Write(ImageWriter& image) const {
  image.Value(uint64_t{MemoryBytes()});
  image.Value(added_);
  // Lines that count nothing, which are most of them where documents are few, are not written.
  const std::vector<uint64_t> used = UsedLines();
  image.List(used);
  for (size_t i = 0; i < lines_.size(); ++i) {
    if ((used[i / 64] >> (i % 64) & 1) != 0) image.Value(lines_[i]);
  }
}

void Rarity::Read(ImageReader& image) {
  if (image.Value<uint64_t>() != MemoryBytes()) return image.Fail();
  added_ = image.Value<uint64_t>();
  const auto used = image.List<uint64_t>();
  if (used.size() != (lines_.size() + 63) / 64) return image.Fail();
  for (size_t i = 0; i < lines_.size(); ++i) {
    lines_[i] = (used[i / 64] >> (i % 64) & 1) != 0 ? image.Value<Line>() : Line{};
  }
}

std::vector<uint64_t> Rarity::UsedLines() const {
  std::vector<uint64_t> used((lines_.size() + 63) / 64);
  for (size_t i = 0; i < lines_.size(); ++i) {
    const Line& line = lines_[i];
    const bool is_used = std::any_of(std::begin(line.counters), std::end(line.counters),
                                     [](uint8_t counter) { return counter != 0; });
    used[i / 64] |= uint64_t{is_used} << (i % 64);
  }
  return used;
}

}  // namespace wonbon
