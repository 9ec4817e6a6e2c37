#include "core/sketch/fingerprint.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/limits.h"
#include "tests/core/sketch/texts.h"

namespace wonbon {
namespace {

// 63 syllables and digits of our own.
constexpr std::u16string_view kText =
    u"원본은한국어뉴스에서같은기사를찾아한묶음으로모으고그가운데어느것이원본인지를알려주는서비스"
    u"이다2024년1월1일에처음만들었다";

std::string Hex(const uint8_t* bytes, size_t size) {
  std::string hex;
  for (size_t i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[bytes[i] >> 4];
    hex += "0123456789abcdef"[bytes[i] & 15];
  }
  return hex;
}

// What is on disk means these values. If this test fails, either the change is a mistake, or
// kSketchVersion has to rise and stores be rebuilt.
TEST(FingerprintTest, IsTheGoldenOne) {
  static_assert(kSketchVersion == 4);
  const Fingerprint fingerprint = FingerprintOf(kTestSeed, kText);
  EXPECT_EQ(Hex(fingerprint.sketch.bins.data(), kSketchBins),
            "b07d875cc61210699588bc3ee7409269b8f15c8b6ee6157bacc578eeace5a193"
            "b26e98c9f373236d102e99c92c30ae41db606d161a4e77be9c8240ab17675c4b"
            "7f958198c73675319656d91bb256b32b6fdc05646038bec43d354b328d70ab3d"
            "c89049ff0ab100237b31cb637984b34aa03238f0baf179f3682be1f89627c07b"
            "f12e2570d55c9c1225650363356f068cc2b7c0105d387737d7fa5b2a8a51cb20"
            "9632c7b590665414e79db7451974cfc2bcfb4092591b41f4ec9dd75a6c0b36ba"
            "0c2cd100c7fdf7c898b5630cb34d263900400c3223bec7e1702cf2277e763ba2"
            "3f21fd752536e36b106b92f3c12a28cbd700e95279687a1b7b83b441f0c487ba");
  EXPECT_EQ(fingerprint.shingles, 59u);
  EXPECT_EQ(
      fingerprint.sample,
      (std::vector<uint32_t>{120819877, 190409768, 256828262, 262523031, 547171742, 1017173155,
                             1313864249, 1545860857, 1688810916, 1740608103, 1996288034, 3164475856,
                             3418635760, 3530139593, 3648645145, 4117443552}));
}

TEST(FingerprintTest, IsAFunctionOfSeedAndText) {
  std::mt19937_64 random(1);
  const std::u16string text = RandomText(random, 300);
  const Fingerprint a = FingerprintOf(SeedNumber(1), text);
  const Fingerprint b = FingerprintOf(SeedNumber(1), text);
  const Fingerprint c = FingerprintOf(SeedNumber(2), text);
  EXPECT_EQ(a.sketch.bins, b.sketch.bins);
  EXPECT_EQ(a.sample, b.sample);
  EXPECT_LT(EqualBins(ShortSketch(a.sketch), ShortSketch(c.sketch)), 64 + 5 * 7);  // 5 sigma
  EXPECT_NE(a.sample, c.sample);
}

TEST(FingerprintTest, HeadlinesCountForShortDocumentsOnly) {
  std::mt19937_64 random(2);
  const ShingleHasher hasher(kTestSeed);
  const std::u16string text = RandomText(random, 60);
  const ShingleList whole = hasher.Hash(text);
  const ShingleList brief = hasher.Hash(text.substr(0, kMinShingles - 1 + kShingleUnits - 1));
  const Identity one{.text = 5, .headline = 1}, other{.text = 5, .headline = 2}, none{.text = 5};
  EXPECT_FALSE(MakeFingerprint(whole, one).is_short());
  EXPECT_TRUE(MakeFingerprint(brief, one).is_short());
  EXPECT_EQ(brief.distinct, kMinShingles - 1);
  EXPECT_EQ(MakeFingerprint(whole, one).exact_key, MakeFingerprint(whole, other).exact_key);
  EXPECT_NE(MakeFingerprint(brief, one).exact_key, MakeFingerprint(brief, other).exact_key);
  EXPECT_NE(MakeFingerprint(brief, one).exact_key, MakeFingerprint(brief, none).exact_key);
  EXPECT_EQ(MakeFingerprint(brief, one).exact_key, MakeFingerprint(brief, one).exact_key);
  EXPECT_NE(MakeFingerprint(whole, one, /*with_headline=*/true).exact_key,
            MakeFingerprint(whole, other, /*with_headline=*/true).exact_key);
}

TEST(FingerprintTest, CarriesTheAddress) {
  EXPECT_EQ(MakeFingerprint({}, {.article_url = 3}).url_key, 3u);
}

TEST(FingerprintTest, ShortDocumentsHaveNoSample) {
  const Fingerprint fingerprint = FingerprintOf(kTestSeed, u"인사발령");
  EXPECT_EQ(fingerprint.shingles, 0u);
  EXPECT_TRUE(fingerprint.sample.empty());
}

TEST(FingerprintTest, LengthAloneMakesNoShingles) {
  // A thousand times one syllable is one shingle, and so a short document.
  const Fingerprint fingerprint = FingerprintOf(kTestSeed, std::u16string(1000, u'가'));
  EXPECT_EQ(fingerprint.shingles, 1u);
  EXPECT_TRUE(fingerprint.is_short());
}

TEST(FingerprintTest, OneUnitMoreIsAnotherText) {
  std::mt19937_64 random(3);
  const std::u16string text = RandomText(random, 2000);
  const Fingerprint a = FingerprintOf(kTestSeed, text);
  const Fingerprint b = FingerprintOf(kTestSeed, text + u"가");
  EXPECT_NE(a.exact_key, b.exact_key);
  EXPECT_GT(EstimateJaccard(EqualBins(ShortSketch(a.sketch), ShortSketch(b.sketch))), 0.97);
}

TEST(FingerprintTest, EveryLengthIsHandled) {
  std::mt19937_64 random(4);
  for (size_t size = 0; size < 150; ++size) {
    const std::u16string text = RandomText(random, size);
    EXPECT_EQ(FingerprintOf(kTestSeed, text).shingles, Shingles(text, kShingleUnits).size());
  }
  EXPECT_EQ(FingerprintOf(kTestSeed, RandomText(random, 2'300'000)).sample.size(), kMaxSampleSize);
}

}  // namespace
}  // namespace wonbon
