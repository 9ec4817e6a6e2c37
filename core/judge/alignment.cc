#include "core/judge/alignment.h"

#include <algorithm>
#include <array>

#include "core/sketch/fingerprint.h"

namespace wonbon {
namespace {

constexpr std::array<double, 256> MakeWeights() {
  std::array<double, 256> out{};
  for (int i = 0; i < 256; ++i) out[i] = i <= 2 ? 1.0 : 4.0 / (i + 2);
  return out;
}
constexpr std::array<double, 256> kWeights = MakeWeights();

uint32_t Hash(uint64_t shingle) { return shingle >> 32; }
uint32_t Position(uint64_t shingle) { return static_cast<uint32_t>(shingle); }

// End of the group of entries of one hash that begins at `at`.
size_t GroupEnd(const std::vector<uint64_t>& shingles, size_t at) {
  size_t end = at + 1;
  while (end < shingles.size() && Hash(shingles[end]) == Hash(shingles[at])) ++end;
  return end;
}

}  // namespace

double RarityWeight(int clusters) { return kWeights[clusters]; }

Alignment Align(const Profile& a, const Profile& b, const Rarity& rarity) {
  Alignment out;
  out.covered_a.resize(a.units.size());
  out.covered_b.resize(b.units.size());
  out.place_in_b.assign(a.shingles.size(), -1);
  size_t i = 0, j = 0;
  while (i < a.shingles.size() || j < b.shingles.size()) {
    const bool has_a = i < a.shingles.size(), has_b = j < b.shingles.size();
    const bool take_a = has_a && (!has_b || Hash(a.shingles[i]) <= Hash(b.shingles[j]));
    const bool take_b = has_b && (!has_a || Hash(b.shingles[j]) <= Hash(a.shingles[i]));
    const double weight = RarityWeight(rarity.Count(Hash(take_a ? a.shingles[i] : b.shingles[j])));
    const size_t end_a = take_a ? GroupEnd(a.shingles, i) : i;
    const size_t end_b = take_b ? GroupEnd(b.shingles, j) : j;
    if (take_a) out.shingles_a += 1, out.rare_a += weight;
    if (take_b) out.shingles_b += 1, out.rare_b += weight;
    if (take_a && take_b) {
      out.shared += 1, out.rare_shared += weight;
      for (size_t k = i; k < end_a; ++k) {
        out.place_in_b[Position(a.shingles[k])] = Position(b.shingles[j]);
        std::fill_n(out.covered_a.begin() + Position(a.shingles[k]), kShingleUnits, 1);
      }
      for (size_t k = j; k < end_b; ++k) {
        std::fill_n(out.covered_b.begin() + Position(b.shingles[k]), kShingleUnits, 1);
      }
    }
    i = end_a, j = end_b;
  }
  return out;
}

}  // namespace wonbon
