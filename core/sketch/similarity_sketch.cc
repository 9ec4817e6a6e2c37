#include "core/sketch/similarity_sketch.h"

#include <algorithm>
#include <bit>

#include "core/sketch/shingle_hash.h"

namespace wonbon {
namespace {

static_assert(kSketchBins == 256, "the highest 8 of a round's 32 bits choose the bin");

constexpr int kFractionBits = 23;
constexpr uint32_t kFractionMask = (1u << kFractionBits) - 1;
constexpr uint32_t kEmptyBin = ~uint32_t{0};

// The 64-bit word of an element that holds its 32 bits for rounds 2 * pair (upper half) and
// 2 * pair + 1 (lower half). The first two rounds live on the hash itself.
inline uint64_t RoundBits(uint64_t hash, uint32_t pair) {
  return pair == 0 ? hash : MixBits(hash + pair * 0x9E3779B97F4A7C15u);
}

// Puts an element into the bin that its highest 8 bits choose. Returns whether that bin was empty.
inline bool Put(uint32_t bits, uint32_t round, SketchBins* bins) {
  const uint32_t value = round << kFractionBits | (bits & kFractionMask);
  uint32_t& bin = (*bins)[bits >> 24];
  if (value >= bin) return false;
  const bool was_empty = bin == kEmptyBin;
  bin = value;
  return was_empty;
}

// Round 0, where nearly every element counts: no branches.
size_t FillFirstRound(const uint64_t* hashes, size_t count, SketchBins* bins) {
  for (size_t i = 0; i < count; ++i) {
    const uint32_t bits = static_cast<uint32_t>(hashes[i] >> 32);
    uint32_t& bin = (*bins)[bits >> 24];
    bin = std::min(bin, bits & kFractionMask);
  }
  return std::count(bins->begin(), bins->end(), kEmptyBin);
}

}  // namespace

SketchBins FillBins(const uint64_t* hashes, size_t count) {
  SketchBins bins;
  bins.fill(kEmptyBin);
  size_t empty = FillFirstRound(hashes, count, &bins);
  if (empty > 0) {
    for (size_t i = 0; i < count; ++i) empty -= Put(static_cast<uint32_t>(hashes[i]), 1, &bins);
  }
  // Two rounds at once, as they share a word. A round too many does no harm: its values are larger
  // than all that are there.
  for (uint32_t round = 2; round < kSketchBins && empty > 0; round += 2) {
    for (size_t i = 0; i < count; ++i) {
      const uint64_t bits = RoundBits(hashes[i], round / 2);
      empty -= Put(static_cast<uint32_t>(bits >> 32), round, &bins);
      empty -= Put(static_cast<uint32_t>(bits), round + 1, &bins);
    }
  }
  for (uint32_t bin = 0; bin < kSketchBins && empty > 0; ++bin) {
    if (bins[bin] != kEmptyBin) continue;
    const uint32_t round = kSketchBins + bin;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t bits = RoundBits(hashes[i], round / 2);
      const uint32_t fraction = (round % 2 == 0 ? bits >> 32 : bits) & kFractionMask;
      bins[bin] = std::min(bins[bin], round << kFractionBits | fraction);
    }
  }
  return bins;
}

Sketch CutTo8Bits(const SketchBins& bins) {
  Sketch sketch;
  for (int i = 0; i < kSketchBins; ++i) sketch.bins[i] = static_cast<uint8_t>(bins[i]);
  return sketch;
}

ShortSketch::ShortSketch(const Sketch& sketch) {
  for (int band = 0; band < kBands; ++band) {
    for (int row = 0; row < kRowsPerBand; ++row) {
      band_keys[band] |= uint32_t{sketch.bins[band * kRowsPerBand + row]} << 8 * row;
    }
  }
  for (int i = 0; i < kSketchBins; ++i) {
    bins[i / 32] |= uint64_t{sketch.bins[i] & 3u} << 2 * (i % 32);
  }
}

AgreeingBins Agreeing(const ShortSketch& a, const ShortSketch& b) {
  constexpr uint64_t kLower = 0x5555555555555555;
  AgreeingBins agreeing;
  for (size_t i = 0; i < agreeing.size(); ++i) {
    const uint64_t differing = a.bins[i] ^ b.bins[i];
    agreeing[i] = ~(differing | differing >> 1) & kLower;
  }
  return agreeing;
}

int EqualBins(const ShortSketch& a, const ShortSketch& b) {
  int equal = 0;
  for (const uint64_t agreeing : Agreeing(a, b)) equal += std::popcount(agreeing);
  return equal;
}

double EstimateJaccard(int equal_bins) {
  constexpr double kChance = 1.0 / 4;  // two different 2-bit bins agree
  const double share = static_cast<double>(equal_bins) / kSketchBins;
  return std::clamp((share - kChance) / (1 - kChance), 0.0, 1.0);
}

}  // namespace wonbon
