// Which letters of two texts stand in the other text as well, and in which stretches.
//
// Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "core/judge/profile.h"
#include "core/judge/rarity.h"

namespace wonbon {

struct Alignment {
  // Distinct shingles of each text and of both; the same weighted by rarity.
  double shingles_a = 0, shingles_b = 0, shared = 0;
  double rare_a = 0, rare_b = 0, rare_shared = 0;
  // For each unit: does a shared shingle cover it?
  std::vector<uint8_t> covered_a, covered_b;
  // For each shingle of a: the position in b of the same one, or -1.
  std::vector<int32_t> place_in_b;
};

Alignment Align(const Profile& a, const Profile& b, const Rarity& rarity);

// The weight of a shingle that was seen in `clusters` clusters: 1 for at most 2 (the two texts
// themselves), half at 6, a twentieth at 78.
double RarityWeight(int clusters);

}  // namespace wonbon
