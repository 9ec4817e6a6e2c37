// shingle hashes -> FracMinHash sample of the 8-unit shingles, for containment and low similarity.
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

// The sample of a text with `count` 5-unit shingles: ascending, distinct. Shingles are ordered by
// the upper 37 bits of their hash. Taken are those whose first 5 bits are 0 (1 in 32), else the
// kMinSampleSize first, at most the kMaxSampleSize first; what is kept are the other 32 bits, so
// that the rate costs no entropy.
std::vector<uint32_t> TakeSample(const uint64_t* hashes, size_t count);

}  // namespace wonbon
