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
  static_assert(kSketchVersion == 1);
  const Fingerprint fingerprint = Sketcher(kTestSeed).Make(
      kText, u"제목", "연합뉴스", "https://www.example.kr/view.php?id=20240101000001");
  EXPECT_EQ(Hex(fingerprint.sketch.bins.data(), kSketchBins),
            "b07d875cc61210699588bc3ee7409269b8f15c8b6ee6157bacc578eeace5a193"
            "b26e98c9f373236d102e99c92c30ae41db606d161a4e77be9c8240ab17675c4b"
            "7f958198c73675319656d91bb256b32b6fdc05646038bec43d354b328d70ab3d"
            "c89049ff0ab100237b31cb637984b34aa03238f0baf179f3682be1f89627c07b"
            "f12e2570d55c9c1225650363356f068cc2b7c0105d387737d7fa5b2a8a51cb20"
            "9632c7b590665414e79db7451974cfc2bcfb4092591b41f4ec9dd75a6c0b36ba"
            "0c2cd100c7fdf7c898b5630cb34d263900400c3223bec7e1702cf2277e763ba2"
            "3f21fd752536e36b106b92f3c12a28cbd700e95279687a1b7b83b441f0c487ba");
  EXPECT_EQ(absl::Uint128High64(fingerprint.text_key), 11856192546682538665u);
  EXPECT_EQ(absl::Uint128Low64(fingerprint.text_key), 6827287291208811370u);
  EXPECT_EQ(fingerprint.url_key, 7882078912504177597u);
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
  const Sketcher sketcher(SeedNumber(1)), same(SeedNumber(1)), other(SeedNumber(2));
  const Fingerprint a = sketcher.Make(text, u"", "", "http://a.kr/1");
  const Fingerprint b = same.Make(text, u"", "", "http://a.kr/1");
  const Fingerprint c = other.Make(text, u"", "", "http://a.kr/1");
  EXPECT_EQ(a.text_key, b.text_key);
  EXPECT_EQ(a.url_key, b.url_key);
  EXPECT_EQ(a.sketch.bins, b.sketch.bins);
  EXPECT_EQ(a.sample, b.sample);
  EXPECT_NE(a.text_key, c.text_key);
  EXPECT_NE(a.url_key, c.url_key);
  EXPECT_LT(EqualBins(a.sketch, c.sketch), 12);
  EXPECT_NE(a.sample, c.sample);
}

TEST(FingerprintTest, HeadlinesCountForShortDocumentsOnly) {
  std::mt19937_64 random(2);
  const Sketcher sketcher(kTestSeed);
  const std::u16string text = RandomText(random, 60);
  const std::u16string brief = text.substr(0, kMinShingles - 1 + kShingleUnits - 1);
  EXPECT_FALSE(sketcher.Make(text, u"", "", "").is_short());
  EXPECT_TRUE(sketcher.Make(brief, u"", "", "").is_short());
  EXPECT_EQ(sketcher.Make(brief, u"", "", "").shingles, kMinShingles - 1);
  EXPECT_EQ(sketcher.Make(text, u"갑", "", "").text_key,
            sketcher.Make(text, u"을", "", "").text_key);
  EXPECT_NE(sketcher.Make(brief, u"갑", "", "").text_key,
            sketcher.Make(brief, u"을", "", "").text_key);
  // No character moves between headline and body unnoticed.
  EXPECT_NE(sketcher.Make(u"가나", u"다", "", "").text_key,
            sketcher.Make(u"가", u"나다", "", "").text_key);
}

TEST(FingerprintTest, ShortDocumentsHaveNoSample) {
  const Fingerprint fingerprint = Sketcher(kTestSeed).Make(u"인사발령", u"인사", "", "");
  EXPECT_EQ(fingerprint.shingles, 0u);
  EXPECT_TRUE(fingerprint.sample.empty());
}

TEST(FingerprintTest, LengthAloneMakesNoShingles) {
  // A thousand times one syllable is one shingle, and so a short document.
  const Fingerprint fingerprint =
      Sketcher(kTestSeed).Make(std::u16string(1000, u'가'), u"", "", "");
  EXPECT_EQ(fingerprint.shingles, 1u);
  EXPECT_TRUE(fingerprint.is_short());
}

TEST(FingerprintTest, OneUnitMoreIsAnotherText) {
  std::mt19937_64 random(3);
  const Sketcher sketcher(kTestSeed);
  const std::u16string text = RandomText(random, 2000);
  const Fingerprint a = sketcher.Make(text, u"", "", "");
  const Fingerprint b = sketcher.Make(text + u"가", u"", "", "");
  EXPECT_NE(a.text_key, b.text_key);
  EXPECT_GT(EstimateJaccard(EqualBins(a.sketch, b.sketch)), 0.97);
}

TEST(FingerprintTest, UrlKeysFoldUrlsAndPublishers) {
  const Sketcher sketcher(kTestSeed);
  const auto url_key = [&sketcher](std::string_view publisher, std::string_view url) {
    return sketcher.Make(u"", u"", publisher, url).url_key;
  };
  EXPECT_EQ(url_key("KBS", "https://www.a.kr/1/"), url_key("kbs ", "http://A.kr/1#top"));
  EXPECT_EQ(url_key("", "https://www.a.kr/1/"), url_key("", "http://A.kr/1#top"));
  EXPECT_NE(url_key("KBS", "http://a.kr/1"), url_key("MBC", "http://a.kr/1"));
  EXPECT_NE(url_key("KBS", "http://a.kr/1"), url_key("", "http://a.kr/1"));
  EXPECT_NE(url_key("KBS", "http://a.kr/1"), url_key("KBS", "http://a.kr/2"));
  EXPECT_EQ(url_key("KBS", ""), 0u);
  EXPECT_EQ(url_key("KBS", "http://a.kr/"), 0u);
  EXPECT_NE(url_key("KBS", "http://a.kr/1"), 0u);
}

TEST(FingerprintTest, EveryLengthIsHandled) {
  std::mt19937_64 random(4);
  const Sketcher sketcher(kTestSeed);
  for (size_t size = 0; size < 150; ++size) {
    const std::u16string text = RandomText(random, size);
    EXPECT_EQ(sketcher.Make(text, u"", "", "").shingles, Shingles(text, kShingleUnits).size());
  }
  EXPECT_EQ(sketcher.Make(RandomText(random, 200'000), u"", "", "").sample.size(), kMaxSampleSize);
}

}  // namespace
}  // namespace wonbon
