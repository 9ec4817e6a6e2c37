// How common a shingle is: in how many clusters it was seen lately. Used when two texts are judged,
// never when they are looked up.
//
// A count-min sketch (Cormode, Muthukrishnan 2005) of one byte a counter with conservative update,
// both counters of a shingle in one cache line. Whenever half as many shingles were added as there
// are counters, all counters are halved: a shingle that stops appearing is forgotten, one in every
// tenth article stays common.
//
// Thread-safe as a value: copy, Add to the copy, share the copy as `shared_ptr<const Rarity>`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/image.h"
#include "core/index/line_array.h"
#include "core/judge/profile.h"

namespace wonbon {

class Rarity {
 public:
  static constexpr size_t kDefaultBytes = 16 << 20;
  // Counters for each shingle that is added between two halvings, so that few are shared.
  static constexpr size_t kCountersPerShingle = 2;

  // REQUIRES: `bytes` is a power of two and at least 64.
  explicit Rarity(size_t bytes = kDefaultBytes);

  // Becomes a copy of one of the same size, in its own memory.
  void Assign(const Rarity& other);

  // The hashes of a text that are counted: ascending, distinct, at most kMaxCountedShingles.
  static std::vector<uint32_t> Counted(const Profile& profile);
  // Counts, once each, the hashes of the first document of a new cluster.
  void Add(absl::Span<const uint32_t> counted);

  // Clusters that a shingle (its 32-bit hash, the upper half of a Profile::shingles entry) was seen
  // in, 0 to 255; may be too high, rarely by more than 1.
  int Count(uint32_t hash) const;
  // Asks for the counters of a shingle that will be counted soon: they are seldom in a cache.
  void Prefetch(uint32_t hash) const;

  // Bytes for a file or a database, and back. INVALID_ARGUMENT if they are not what Serialize
  // wrote.
  std::string Serialize() const;
  static absl::StatusOr<Rarity> Parse(std::string_view bytes);

  // An image of it; becomes the one of an image, of the same size.
  void Write(ImageWriter& image) const;
  void Read(ImageReader& image);

  size_t MemoryBytes() const { return lines_.size() * sizeof(Line); }

 private:
  void Halve();
  std::vector<uint64_t> UsedLines() const;  // a bit a line

  struct Line {
    uint8_t counters[kCacheLineBytes];
  };
  LineArray<Line> lines_;
  uint64_t added_ = 0;  // shingles since the last halving
};

}  // namespace wonbon
