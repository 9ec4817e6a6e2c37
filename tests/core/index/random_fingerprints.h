// Fingerprints out of thin air for the tests of the index: bands, sampled shingles, keys drawn from
// small sets, so that documents meet often and limits are reached.
#pragma once

#include <cstdint>
#include <random>

#include "core/index/memory_index.h"
#include "core/sketch/fingerprint.h"

namespace wonbon {

inline uint32_t Draw(std::mt19937_64& random, uint32_t limit) { return random() % limit; }

// A sketch none of whose bands another one shares.
inline Sketch RandomSketch(std::mt19937_64& random) {
  Sketch sketch;
  for (uint8_t& bin : sketch.bins) bin = static_cast<uint8_t>(random());
  return sketch;
}

inline Fingerprint RandomFingerprint(std::mt19937_64& random) {
  Fingerprint fingerprint;
  fingerprint.exact_key = random();
  fingerprint.url_key = random() | 1;
  fingerprint.shingles = 500;
  fingerprint.sketch = RandomSketch(random);
  return fingerprint;
}

// One that shares a lot with others of the same `variety`: the number of different values that a
// band has.
inline Fingerprint CrowdedFingerprint(std::mt19937_64& random, uint32_t variety) {
  Fingerprint fingerprint;
  fingerprint.shingles = Draw(random, 10) == 0 ? 5 : 500;
  fingerprint.exact_key = Draw(random, 4 * variety);
  fingerprint.url_key = Draw(random, 4 * variety);
  for (int band = 0; band < kBands; ++band) {
    // Keys that differ in one byte only, and a few that are in a class of their own.
    for (int row = 0; row < kRowsPerBand; ++row)
      fingerprint.sketch.bins[band * kRowsPerBand + row] = 7;
    fingerprint.sketch.bins[band * kRowsPerBand] =
        static_cast<uint8_t>(Draw(random, 1 + variety * (band + 1) / kBands));
  }
  if (fingerprint.is_short()) return fingerprint;
  for (uint32_t value = 0; value < 4 * variety; ++value) {
    const bool sampled = Draw(random, 8) == 0;
    if (sampled) fingerprint.sample.push_back(value * 1000);
    if (sampled || Draw(random, 8) == 0) fingerprint.asked.push_back(value * 1000);
  }
  fingerprint.asks_all = Draw(random, 4) == 0;
  return fingerprint;
}

// The entry of a document that posts these bands, and is newer than all before it.
inline DocumentEntry NextEntry(BandMask bands) {
  static uint64_t last = 0;
  return {.number = DocumentNumber{++last}, .bands = bands};
}

}  // namespace wonbon
