// What the index keeps of a document instead of its text: sketch, exact key, containment sample.
//
// Pure functions, thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "core/identity/identity.h"
#include "core/sketch/shingle_list.h"

namespace wonbon {

inline constexpr int kShingleUnits = 5;        // Jaccard and bands
inline constexpr int kSampleShingleUnits = 8;  // containment
inline constexpr int kSketchBins = 256;
inline constexpr int kBands = 4;
inline constexpr int kRowsPerBand = 4;  // band key = sketch[4*band, 4*band+4) as one 32-bit word
inline constexpr uint32_t kSampleRate = 32;   // one shingle in 32, at most kMaxSampleSize ...
inline constexpr size_t kMinSampleSize = 16;  // ... but at least the 16 smallest
// Recorded in the store and checked at open.
inline constexpr uint32_t kSketchVersion = 4;

// Fast Similarity Sketching, 8 bits a bin (Dahlgaard, Knudsen, Thorup: "Fast Similarity Sketching",
// FOCS 2017, arXiv:1704.04370).
struct alignas(64) Sketch {
  std::array<uint8_t, kSketchBins> bins{};
};

// What is kept of a sketch in memory: its band keys, and 2 bits of each bin, the lowest ones.
//
// b-bit minwise hashing (Li, Koenig, WWW 2010): two different bins agree by chance in one of four,
// and the estimate of a Jaccard similarity of .1 to .4 has an error of .04 (.02 with 8 bits).
struct ShortSketch {
  ShortSketch() = default;
  explicit ShortSketch(const Sketch& sketch);

  std::array<uint32_t, kBands> band_keys{};  // four bins each, the first one lowest
  std::array<uint64_t, kSketchBins / 32> bins{};
};

// Bit 2 * i % 64 of word i / 32: bin i agrees.
using AgreeingBins = std::array<uint64_t, kSketchBins / 32>;
AgreeingBins Agreeing(const ShortSketch& a, const ShortSketch& b);
// Number of bins in which two sketches agree, 0 to kSketchBins.
int EqualBins(const ShortSketch& a, const ShortSketch& b);
// Unbiased estimate of the Jaccard similarity from the number of equal bins (chance agreement, one
// of four, taken out), 0 to 1.
double EstimateJaccard(int equal_bins);

struct Fingerprint {
  // Identity::text; of a short text, or `with_headline`, with Identity::headline in it: documents
  // with one key are one article whatever else they are.
  absl::uint128 exact_key{};
  uint64_t url_key = 0;       // Identity::article_url
  uint32_t shingles = 0;     // distinct 5-unit shingles
  Sketch sketch;             // meaningless where is_short()
  // Of 8-unit shingles, ascending, distinct; empty if short (sample.h). What it posts where it is
  // its cluster's canonical copy, and is kept:
  std::vector<uint32_t> sample;
  // What it asks for when it is looked up: more of them, made with the text and not kept.
  std::vector<uint32_t> asked;
  bool asks_all = false;  // every shingle of a text that may be an item of a round-up
  bool is_short() const { return IsShortText(shingles); }
};

Fingerprint MakeFingerprint(const ShingleList& shingles, const Identity& identity,
                            bool with_headline = false);

}  // namespace wonbon
