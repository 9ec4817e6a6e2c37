#include "core/sketch/similarity_sketch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "core/sketch/fingerprint.h"
#include "core/sketch/shingle_hash.h"
#include "tests/core/sketch/texts.h"

namespace wonbon {
namespace {

std::vector<uint64_t> RandomHashes(std::mt19937_64& random, size_t count) {
  std::vector<uint64_t> hashes(count);
  for (uint64_t& hash : hashes) hash = random();
  return hashes;
}

SketchBins BinsOf(const std::vector<uint64_t>& hashes) {
  return FillBins(hashes.data(), hashes.size());
}

TEST(SimilaritySketchTest, OrderAndRepetitionOfHashesDoNotMatter) {
  std::mt19937_64 random(1);
  for (const size_t count : {1, 7, 40, 600}) {
    std::vector<uint64_t> hashes = RandomHashes(random, count);
    const SketchBins bins = BinsOf(hashes);
    hashes.insert(hashes.end(), hashes.begin(), hashes.begin() + (count + 1) / 2);
    std::shuffle(hashes.begin(), hashes.end(), random);
    EXPECT_EQ(BinsOf(hashes), bins);
  }
}

TEST(SimilaritySketchTest, TheSketchOfAUnionIsTheSmallerOfEachBin) {
  std::mt19937_64 random(2);
  for (const auto& [count_a, count_b] :
       {std::pair(1, 1), {1, 500}, {12, 20}, {100, 90}, {300, 1500}}) {
    const std::vector<uint64_t> a = RandomHashes(random, count_a);
    std::vector<uint64_t> b = RandomHashes(random, count_b);
    b.push_back(a[0]);
    std::vector<uint64_t> both = a;
    both.insert(both.end(), b.begin(), b.end());
    const SketchBins of_a = BinsOf(a), of_b = BinsOf(b), of_both = BinsOf(both);
    for (int i = 0; i < kSketchBins; ++i) EXPECT_EQ(of_both[i], std::min(of_a[i], of_b[i]));
  }
}

// The definition, bin by bin, with none of the short cuts.
SketchBins SlowBins(const std::vector<uint64_t>& hashes) {
  SketchBins bins;
  bins.fill(~0u);
  for (uint32_t round = 0; round < 2 * kSketchBins; ++round) {
    for (const uint64_t hash : hashes) {
      const uint64_t word = round < 2 ? hash : MixBits(hash + (round / 2) * 0x9E3779B97F4A7C15u);
      const uint32_t bits = static_cast<uint32_t>(round % 2 == 0 ? word >> 32 : word);
      const uint32_t bin = round < kSketchBins ? bits >> 24 : round - kSketchBins;
      bins[bin] = std::min(bins[bin], round << 23 | (bits & 0x7FFFFF));
    }
    if (std::count(bins.begin(), bins.end(), ~0u) == 0) break;
  }
  return bins;
}

TEST(SimilaritySketchTest, BinsAreThoseOfTheDefinition) {
  std::mt19937_64 random(3);
  for (const size_t count : {1, 2, 3, 5, 8, 13, 20, 50, 255, 256, 1000}) {
    const std::vector<uint64_t> hashes = RandomHashes(random, count);
    EXPECT_EQ(BinsOf(hashes), SlowBins(hashes)) << count;
  }
}

// From all 8 bits, of which two different bins agree by chance in one of 256.
double EstimateOf(const Sketch& a, const Sketch& b) {
  int equal = 0;
  for (int i = 0; i < kSketchBins; ++i) equal += a.bins[i] == b.bins[i];
  return std::max(0.0, (equal - 1.0) / (kSketchBins - 1));
}

TEST(SimilaritySketchTest, TinySetsFillEveryBinAndAreEstimatedWell) {
  std::mt19937_64 random(4);
  for (size_t count = 1; count <= 20; ++count) {
    double squares = 0;
    const int trials = 50;
    const double truth = 1.0 / (2.0 * static_cast<double>(count) - 1);  // one element in common
    for (int trial = 0; trial < trials; ++trial) {
      const std::vector<uint64_t> a = RandomHashes(random, count);
      std::vector<uint64_t> b = RandomHashes(random, count);
      b[0] = a[0];
      const SketchBins bins = BinsOf(a);
      EXPECT_EQ(std::count(bins.begin(), bins.end(), ~0u), 0);
      const double estimate = EstimateOf(CutTo8Bits(bins), CutTo8Bits(BinsOf(b)));
      squares += (estimate - truth) * (estimate - truth);
    }
    const double ideal = std::sqrt(std::max(truth * (1 - truth), 1e-3) / kSketchBins);
    EXPECT_LT(std::sqrt(squares / trials), 1.25 * ideal) << count;
  }
}

TEST(SimilaritySketchTest, EstimateTakesChanceOut) {
  EXPECT_EQ(EstimateJaccard(kSketchBins), 1.0);
  EXPECT_EQ(EstimateJaccard(64), 0.0);  // what two unrelated sketches agree in
  EXPECT_EQ(EstimateJaccard(0), 0.0);
  EXPECT_NEAR(EstimateJaccard(160), 0.5, 0.001);
}

TEST(SimilaritySketchTest, EqualBinsCounts) {
  Sketch a, b;
  const auto equal = [&] { return EqualBins(ShortSketch(a), ShortSketch(b)); };
  EXPECT_EQ(equal(), kSketchBins);
  b.bins[0] = 1;
  b.bins[100] = 2;
  b.bins[255] = 3;
  EXPECT_EQ(equal(), kSketchBins - 3);
  b.bins[7] = 0x80;  // not of the lowest two bits
  EXPECT_EQ(equal(), kSketchBins - 3);
}

TEST(SimilaritySketchTest, TwoBitsABinEstimateWithoutBias) {
  std::mt19937_64 random(6);
  for (const size_t common : {100, 200, 300}) {  // of 400 shingles each
    const double truth = static_cast<double>(common) / static_cast<double>(800 - common);
    double error = 0, squares = 0;
    const int trials = 400;
    for (int trial = 0; trial < trials; ++trial) {
      const std::vector<uint64_t> a = RandomHashes(random, 400);
      std::vector<uint64_t> b = RandomHashes(random, 400);
      std::copy_n(a.begin(), common, b.begin());
      const double estimate = EstimateJaccard(EqualBins(ShortSketch(CutTo8Bits(BinsOf(a))),
                                                        ShortSketch(CutTo8Bits(BinsOf(b)))));
      error += estimate - truth;
      squares += (estimate - truth) * (estimate - truth);
    }
    // Of a share s of equal bins, s = 1/4 + 3/4 truth: an error of sqrt(s (1 - s) / 256) * 4/3.
    const double share = 0.25 + 0.75 * truth;
    const double ideal = std::sqrt(share * (1 - share) / kSketchBins) * 4 / 3;
    EXPECT_LT(std::sqrt(squares / trials), 1.1 * ideal) << common;
    EXPECT_LT(std::abs(error / trials), 4 * ideal / std::sqrt(trials)) << common;
  }
}

struct AccuracyCase {
  size_t shingles;
  bool regular;  // lists of figures instead of random syllables
  double limit;  // of RMSE / binomial ideal; about .71 .71 .78 .94 is expected
};

class AccuracyTest : public testing::TestWithParam<AccuracyCase> {};

// Pairs that share a lead of every length, 100 pairs each under a seed of its own.
TEST_P(AccuracyTest, JaccardIsEstimatedWithinItsBound) {
  const auto [shingles, regular, limit] = GetParam();
  std::mt19937_64 random(5);
  const auto text = [&random, regular = regular](size_t size) {
    return regular ? RegularText(random, size) : RandomText(random, size);
  };
  for (const double lead : {0.25, 0.5, 0.75, 0.9}) {
    const size_t common = static_cast<size_t>(lead * static_cast<double>(shingles));
    const size_t own = shingles - common;
    double error = 0, squares = 0, variance = 0;
    const int trials = 200;
    for (int trial = 0; trial < trials; ++trial) {
      const Seed seed = SeedNumber(static_cast<uint8_t>(trial));
      const std::u16string head = text(common + kShingleUnits - 1);
      const std::u16string a = head + text(own), b = head + text(own);
      const double truth = Jaccard(a, b);
      const double estimate =
          EstimateOf(FingerprintOf(seed, a).sketch, FingerprintOf(seed, b).sketch);
      error += estimate - truth;
      squares += (estimate - truth) * (estimate - truth);
      variance += truth * (1 - truth) / kSketchBins;
    }
    const double ratio = std::sqrt(squares / variance);
    const double bias_in_sigmas = error / std::sqrt(variance);
    RecordProperty("ratio_at_" + std::to_string(lead), std::to_string(ratio));
    EXPECT_LT(ratio, limit) << lead;
    EXPECT_LT(std::abs(bias_in_sigmas), 3.5) << lead;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lengths, AccuracyTest,
    testing::Values(AccuracyCase{30, false, 0.85}, AccuracyCase{60, false, 0.85},
                    AccuracyCase{200, false, 0.95}, AccuracyCase{1500, false, 1.15},
                    AccuracyCase{60, true, 0.9}, AccuracyCase{1500, true, 1.15}),
    [](const auto& test) {
      return (test.param.regular ? "Regular" : "Random") + std::to_string(test.param.shingles);
    });

TEST(BandTest, PairsMeetAsOftenAsTheFormulaSays) {
  std::mt19937_64 random(6);
  const size_t shingles = 600;
  for (const double jaccard : {0.4, 0.6, 0.7, 0.8}) {
    const size_t common = static_cast<size_t>(2 * jaccard / (1 + jaccard) * shingles + 0.5);
    const int trials = 400;
    int met = 0;
    double expected = 0;
    for (int trial = 0; trial < trials; ++trial) {
      const Seed seed = SeedNumber(static_cast<uint8_t>(trial));
      const std::u16string head = RandomText(random, common + kShingleUnits - 1);
      const std::u16string a = head + RandomText(random, shingles - common);
      const std::u16string b = head + RandomText(random, shingles - common);
      const Sketch of_a = FingerprintOf(seed, a).sketch;
      const Sketch of_b = FingerprintOf(seed, b).sketch;
      bool meet = false;
      for (int band = 0; band < kBands; ++band) {
        meet |= std::equal(&of_a.bins[band * kRowsPerBand],
                           &of_a.bins[band * kRowsPerBand] + kRowsPerBand,
                           &of_b.bins[band * kRowsPerBand]);
      }
      met += meet;
      expected += 1 - std::pow(1 - std::pow(Jaccard(a, b), kRowsPerBand), kBands);
    }
    RecordProperty("met_at_" + std::to_string(jaccard), met);
    const double deviation = std::sqrt(expected * (1 - expected / trials));
    EXPECT_NEAR(met, expected, 3.5 * deviation + 1) << jaccard;
  }
}

}  // namespace
}  // namespace wonbon
