#include "core/judge/alignment.h"

#include <algorithm>
#include <array>
#include <limits>

#include "core/sketch/fingerprint.h"

namespace wonbon {
namespace {

constexpr std::array<double, 256> MakeWeights() {
  std::array<double, 256> out{};
  for (int i = 0; i < 256; ++i) out[i] = i <= 2 ? 1.0 : 4.0 / (i + 2);
  return out;
}
constexpr std::array<double, 256> kWeights = MakeWeights();

// Entries between asking for a counter and reading it.
constexpr size_t kAhead = 8;

uint32_t Hash(uint64_t shingle) { return static_cast<uint32_t>(shingle >> 32); }
uint32_t Position(uint64_t shingle) { return static_cast<uint32_t>(shingle); }

// Past the entries with the hash of the one at `at`.
size_t EndOfEqualHashes(const std::vector<uint64_t>& shingles, size_t at) {
  size_t end = at + 1;
  while (end < shingles.size() && Hash(shingles[end]) == Hash(shingles[at])) ++end;
  return end;
}

void Cover(std::vector<uint8_t>& covered, uint64_t shingle) {
  std::fill_n(covered.begin() + Position(shingle), kShingleUnits, uint8_t{1});
}

// The hash up to which shingles are weighed.
uint32_t SampleLimit(const Profile& a, const Profile& b) {
  const auto& longer = a.shingles.size() < b.shingles.size() ? b.shingles : a.shingles;
  return longer.size() <= kRaritySample ? std::numeric_limits<uint32_t>::max()
                                        : Hash(longer[kRaritySample]);
}

}  // namespace

Overlap FindOverlap(const Profile& a, const Profile& b) {
  Overlap out;
  out.covered_b.resize(b.units.size());
  out.position_in_b.assign(a.shingles.size(), -1);
  size_t i = 0, j = 0;
  while (i < a.shingles.size() && j < b.shingles.size()) {
    const uint32_t hash_a = Hash(a.shingles[i]), hash_b = Hash(b.shingles[j]);
    if (hash_a != hash_b) {
      i += hash_a < hash_b;
      j += hash_b < hash_a;
      continue;
    }
    ++out.shared;
    const size_t end_a = EndOfEqualHashes(a.shingles, i), end_b = EndOfEqualHashes(b.shingles, j);
    const auto in_b = static_cast<int32_t>(Position(b.shingles[j]));
    for (; i < end_a; ++i) out.position_in_b[Position(a.shingles[i])] = in_b;
    for (; j < end_b; ++j) Cover(out.covered_b, b.shingles[j]);
  }
  return out;
}

RareOverlap WeighOverlap(const Profile& a, const Profile& b, const Rarity& rarity) {
  const uint32_t limit = SampleLimit(a, b);
  RareOverlap out;
  size_t i = 0, j = 0;
  while (true) {
    const bool has_a = i < a.shingles.size() && Hash(a.shingles[i]) <= limit;
    const bool has_b = j < b.shingles.size() && Hash(b.shingles[j]) <= limit;
    if (!has_a && !has_b) break;
    if (i + kAhead < a.shingles.size()) rarity.Prefetch(Hash(a.shingles[i + kAhead]));
    if (j + kAhead < b.shingles.size()) rarity.Prefetch(Hash(b.shingles[j + kAhead]));
    const uint32_t hash_a = has_a ? Hash(a.shingles[i]) : 0;
    const uint32_t hash_b = has_b ? Hash(b.shingles[j]) : 0;
    const bool take_a = has_a && (!has_b || hash_a <= hash_b);
    const bool take_b = has_b && (!has_a || hash_b <= hash_a);
    const double weight = kWeights[static_cast<size_t>(rarity.Count(take_a ? hash_a : hash_b))];
    if (take_a) out.a += weight, i = EndOfEqualHashes(a.shingles, i);
    if (take_b) out.b += weight, j = EndOfEqualHashes(b.shingles, j);
    if (take_a && take_b) out.shared += weight;
  }
  return out;
}

}  // namespace wonbon
