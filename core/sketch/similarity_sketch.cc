#include "core/sketch/similarity_sketch.h"

#include <algorithm>

#include "core/sketch/shingle_hash.h"

namespace wonbon {
namespace {

static_assert(kSketchBins == 256, "the highest 8 of a round's 32 bits choose the bin");

constexpr int kFractionBits = 23;
constexpr uint32_t kFractionMask = (1u << kFractionBits) - 1;
constexpr uint32_t kEmptyBin = ~uint32_t{0};

// A round's 32 bits of an element: two rounds live on one 64-bit word, the first two on the hash
// itself.
inline uint32_t RoundBits(uint64_t hash, uint32_t round) {
  const uint32_t pair = round / 2;
  const uint64_t word = pair == 0 ? hash : MixBits(hash + pair * 0x9E3779B97F4A7C15u);
  return static_cast<uint32_t>(round % 2 == 0 ? word >> 32 : word);
}

bool AllFilled(const SketchBins& bins) {
  uint32_t largest = 0;
  for (const uint32_t bin : bins) largest = std::max(largest, bin);
  return largest != kEmptyBin;
}

}  // namespace

SketchBins FillBins(const uint64_t* hashes, size_t count) {
  SketchBins bins;
  bins.fill(kEmptyBin);
  for (uint32_t round = 0; round < kSketchBins; ++round) {
    const uint32_t base = round << kFractionBits;
    for (size_t i = 0; i < count; ++i) {
      const uint32_t bits = RoundBits(hashes[i], round);
      uint32_t& bin = bins[bits >> 24];
      bin = std::min(bin, base | (bits & kFractionMask));
    }
    if (AllFilled(bins)) return bins;
  }
  for (uint32_t round = kSketchBins; round < 2 * kSketchBins; ++round) {
    uint32_t& bin = bins[round - kSketchBins];
    if (bin != kEmptyBin) continue;
    const uint32_t base = round << kFractionBits;
    for (size_t i = 0; i < count; ++i) {
      bin = std::min(bin, base | (RoundBits(hashes[i], round) & kFractionMask));
    }
  }
  return bins;
}

Sketch CutTo8Bits(const SketchBins& bins) {
  Sketch sketch;
  for (int i = 0; i < kSketchBins; ++i) sketch.bins[i] = static_cast<uint8_t>(bins[i]);
  return sketch;
}

int EqualBins(const Sketch& a, const Sketch& b) {
  int equal = 0;
  for (int i = 0; i < kSketchBins; ++i) equal += a.bins[i] == b.bins[i];
  return equal;
}

double EstimateJaccard(int equal_bins) {
  constexpr double kChance = 1.0 / 256;  // two different 8-bit bins agree
  const double share = static_cast<double>(equal_bins) / kSketchBins;
  return std::clamp((share - kChance) / (1 - kChance), 0.0, 1.0);
}

}  // namespace wonbon
