// shingle hashes -> bins of a Fast Similarity Sketch, before they are cut to 8 bits.
//
// Dahlgaard, Knudsen, Thorup: "Fast Similarity Sketching", FOCS 2017, arXiv:1704.04370. In round
// r = 0, 1, ... every element falls into one bin, chosen by its hash, with the value r + fraction;
// a bin keeps the smallest. The sketch is done after the first round that leaves no bin empty. From
// round kSketchBins on, all elements fall into bin r - kSketchBins, so that the smallest set is
// done after 2 * kSketchBins rounds. 1,500 elements need 1 or 2 rounds, 20 about 80.
//
// Against one-permutation hashing with densification it is the more accurate on short texts (RMSE
// over binomial ideal .71 against 1.19 at 30 shingles) at nearly the same cost, and never has an
// empty bin that would match another empty bin.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/sketch/fingerprint.h"

namespace wonbon {

// A bin: round in the upper 9 bits, fraction in the lower 23. Sketches of A and B, taken bin by bin
// the smaller, are the sketch of their union.
using SketchBins = std::array<uint32_t, kSketchBins>;
static_assert(2 * kSketchBins <= 1 << 9);

// The sketch of the set of `hashes`; repetitions change nothing. REQUIRES: count > 0.
SketchBins FillBins(const uint64_t* hashes, size_t count);

// The lowest 8 bits of each bin: the highest ones of a minimum are nearly always 0.
Sketch CutTo8Bits(const SketchBins& bins);

}  // namespace wonbon
