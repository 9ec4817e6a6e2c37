// Which letters of two texts stand in both.
//
// Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/judge/profile.h"
#include "core/judge/rarity.h"

namespace wonbon {

struct Overlap {
  size_t shared = 0;  // distinct shingles of both texts
  // For each unit of b: does a shared shingle cover it?
  std::vector<uint8_t> covered_b;
  // For each shingle of a, by position: that of the first same one in b, or -1.
  std::vector<int32_t> position_in_b;
};

// One pass over the sorted shingles of both.
Overlap FindOverlap(const Profile& a, const Profile& b);

// A stretch of units of a that stands in b: `units` of them from `begin` on.
struct Passage {
  size_t begin = 0;
  size_t units = 0;
};
// The longest one; of no units where nothing is shared. A shingle that b has several times goes on
// with the run where it can. REQUIRES: `overlap` is that of the two.
Passage LongestRun(const Profile& a, const Profile& b, const Overlap& overlap);

// Units of a that stand in b in one piece: in order, with no sentence of other text between them
// there. What a itself has between them does not count, nor break the piece.
size_t UnitsInOnePiece(const Profile& a, const Profile& b, const Overlap& overlap);

// Distinct shingles of a, and those that b has too, each with the weight of its rarity: 1 if it was
// seen in at most 2 clusters (those of the two texts), half at 6, a twentieth at 78.
struct RareOverlap {
  double a = 0, shared = 0;
};

// Shingles that the weights are taken of, in the longer list: the smallest hashes, which are a fair
// sample of both texts. Each costs a look into a table larger than the cache.
inline constexpr size_t kRaritySample = 128;

RareOverlap WeighOverlap(const Profile& a, const Profile& b, const Rarity& rarity);

// The shingles of a run, weighed likewise; where they weigh `enough` the rest is left out.
double WeighRun(const Profile& a, const Passage& run, const Rarity& rarity, double enough);

}  // namespace wonbon
