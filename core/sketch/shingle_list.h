// canonical text -> its shingle hashes and how many are distinct: made once a document, read by the
// fingerprint and by the judge's profile.
//
// Thread-safe: a ShingleHasher is constant after construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "core/identity/hash_keys.h"
#include "core/limits.h"

namespace wonbon {

struct ShingleList {
  std::vector<uint64_t> hashes;  // of the 5-unit shingle at each unit (shingle_hash.h)
  uint32_t distinct = 0;
  std::vector<uint32_t> sentence_ends;  // CanonicalText::sentence_ends
};

// Whether a text is too short to be a copy by anything but its whole text and headline
// (SHORT_TEXT). `shingles`: distinct ones.
constexpr bool IsShortText(size_t shingles) { return shingles < kMinShingles; }

class ShingleHasher {
 public:
  explicit ShingleHasher(const Seed& seed);
  // `units`, `sentence_ends`: those of a CanonicalText.
  ShingleList Hash(std::u16string_view units,
                   absl::Span<const uint32_t> sentence_ends = {}) const;

 private:
  const HashKeys keys_;
};

}  // namespace wonbon
