// shingle hashes -> FracMinHash sample of the 8-unit shingles, for containment and low similarity:
// what is posted of a text, and what is asked for to find others.
//
// Whether a shingle is in the sample depends on its hash alone, so a text's sample is nearly (the
// floor and the cap aside) the sample of any text around it, restricted to it. Irber et al.,
// "Lightweight compositional analysis of metagenomes with FracMinHash", bioRxiv 2022.01.11.475838.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/sketch/fingerprint.h"

namespace wonbon {

// Hash of the 8-unit shingle that starts where 5-unit shingle `hashes[0]` does: the 5-unit shingles
// at 0 and 3 cover it. XOR of two independent hashes (as in tabulation hashing): one operation
// instead of a second pass over the text.
inline uint64_t SampleHash(const uint64_t* hashes) {
  static_assert(kSampleShingleUnits == 3 + kShingleUnits);
  const uint64_t last = hashes[3];
  return hashes[0] ^ (last << 21 | last >> 43);
}

// Of a sentence of 27 letters and more the first shingle is posted; of one of 19 letters and more
// the first kAskedOfSentence are asked for.
inline constexpr size_t kPostedSentenceShingles = 20;
inline constexpr size_t kAskedSentenceShingles = 12;
inline constexpr size_t kAskedOfSentence = 4;
// A text of fewer 5-unit shingles may be an item of a round-up, and asks for all it has.
inline constexpr size_t kItemShingles = 160;

// Both ascending, distinct, at most kMaxSampleSize.
struct Sample {
  std::vector<uint32_t> posted;
  std::vector<uint32_t> asked;
  bool asks_all = false;
};

// The sample of a text. Shingles are ordered by the upper 37 bits of their hash. Posted are those
// whose first 5 bits are 0 (1 in 32), at least the kMinSampleSize first, at most the kMaxSampleSize
// first, and of a sentence the first; what is kept are the other 32 bits, so that the rate
// costs no entropy. A sentence has the same first shingles in whatever text it stands: a text of
// one sentence finds, and is found by, any text around it.
Sample TakeSample(const ShingleList& shingles);

}  // namespace wonbon
