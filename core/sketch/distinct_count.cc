#include "core/sketch/distinct_count.h"

#include <algorithm>
#include <bit>

#include "absl/container/fixed_array.h"
#include "core/sketch/fingerprint.h"

namespace wonbon {
namespace {

// Bits in the bitmap for each shingle, at least: of 1,500 different shingles about 17 then meet a
// bit that is set, and pay for the exact comparison.
constexpr size_t kBitsPerShingle = 32;
constexpr size_t kInlineWords = 1024;  // 64 Ki bits = 8 KB: 2,048 shingles, no allocation
constexpr size_t kInlineSuspects = 512;

class Bitmap {
 public:
  explicit Bitmap(size_t log2_bits)
      : shift_(64 - log2_bits), words_((size_t{1} << log2_bits) / 64) {
    std::fill(words_.begin(), words_.end(), 0);
  }
  // Addressed by the highest bits of a hash.
  bool Test(uint64_t hash) const {
    const uint64_t bit = hash >> shift_;
    return words_[bit / 64] >> (bit % 64) & 1;
  }
  // Returns the bit as it was before.
  bool TestAndSet(uint64_t hash) {
    const uint64_t bit = hash >> shift_;
    uint64_t& word = words_[bit / 64];
    const bool was_set = word >> (bit % 64) & 1;
    word |= uint64_t{1} << (bit % 64);
    return was_set;
  }

 private:
  const size_t shift_;
  absl::FixedArray<uint64_t, kInlineWords> words_;
};

// Distinct shingles among those that start at `starts`, with an open-addressed table of starts.
size_t CountDistinctAmong(const char16_t* units, const uint64_t* hashes,
                          const absl::FixedArray<uint32_t, kInlineSuspects>& starts, size_t size) {
  if (size == 0) return 0;
  const size_t slots = std::bit_ceil(2 * size);
  absl::FixedArray<uint32_t, 2 * kInlineSuspects> table(slots);
  constexpr uint32_t kEmpty = ~uint32_t{0};
  std::fill(table.begin(), table.end(), kEmpty);
  size_t distinct = 0;
  for (size_t i = 0; i < size; ++i) {
    const uint32_t start = starts[i];
    size_t slot = hashes[start] & (slots - 1);
    while (table[slot] != kEmpty &&
           (hashes[table[slot]] != hashes[start] ||
            !std::equal(units + start, units + start + kShingleUnits, units + table[slot]))) {
      slot = (slot + 1) & (slots - 1);
    }
    if (table[slot] == kEmpty) {
      table[slot] = start;
      ++distinct;
    }
  }
  return distinct;
}

}  // namespace

size_t CountDistinctShingles(const char16_t* units, const uint64_t* hashes, size_t count) {
  if (count < 2) return count;
  // First pass: which bits are hit twice. Few are, and only their shingles can be repetitions.
  const size_t log2_bits = std::max<size_t>(10, std::bit_width(kBitsPerShingle * count - 1));
  Bitmap seen(log2_bits);
  Bitmap hit_twice(log2_bits);
  size_t twice = 0;
  for (size_t i = 0; i < count; ++i) {
    if (seen.TestAndSet(hashes[i])) {
      hit_twice.TestAndSet(hashes[i]);
      ++twice;
    }
  }
  if (twice == 0) return count;
  // Second pass: every shingle on such a bit, the first one too. At most `twice` bits, each hit by
  // at most one shingle that the first pass did not count.
  absl::FixedArray<uint32_t, kInlineSuspects> suspects(std::min(2 * twice + 1, count + 1));
  size_t size = 0;
  for (size_t i = 0; i < count; ++i) {
    suspects[size] = static_cast<uint32_t>(i);
    size += hit_twice.Test(hashes[i]);
  }
  return count - size + CountDistinctAmong(units, hashes, suspects, size);
}

}  // namespace wonbon
