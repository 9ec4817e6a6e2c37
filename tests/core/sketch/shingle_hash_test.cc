#include "core/sketch/shingle_hash.h"

#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/sketch/distinct_count.h"
#include "tests/core/sketch/texts.h"

namespace wonbon {
namespace {

std::vector<uint64_t> Hashes(std::u16string text, const Seed& seed = kTestSeed) {
  const size_t size = text.size();
  text.resize(size + kPadUnits);
  std::vector<uint64_t> hashes(ShingleCount(size) + kPadHashes);
  HashShingles(text.data(), size, DeriveHashKeys(seed), hashes.data());
  hashes.resize(ShingleCount(size));
  return hashes;
}

size_t CountDistinct(const std::u16string& text) {
  const std::vector<uint64_t> hashes = Hashes(text);
  return CountDistinctShingles(text.data(), hashes.data(), hashes.size());
}

TEST(ShingleHashTest, AShingleHasItsHashWhereverItStands) {
  const std::u16string text = u"대한민국헌법";
  const std::vector<uint64_t> alone = Hashes(text);
  ASSERT_EQ(alone.size(), 2u);
  const std::vector<uint64_t> within = Hashes(u"가나다" + text + u"라마바");
  EXPECT_EQ(within[3], alone[0]);
  EXPECT_EQ(within[4], alone[1]);
}

TEST(ShingleHashTest, TextsShorterThanAShingleHaveNone) {
  EXPECT_EQ(ShingleCount(0), 0u);
  EXPECT_EQ(ShingleCount(4), 0u);
  EXPECT_EQ(ShingleCount(5), 1u);
  EXPECT_TRUE(Hashes(u"대한민국").empty());
}

TEST(ShingleHashTest, AnotherSeedGivesOtherHashes) {
  const std::vector<uint64_t> a = Hashes(u"동해물과백두산이", SeedNumber(1));
  const std::vector<uint64_t> b = Hashes(u"동해물과백두산이", SeedNumber(2));
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NE(a[i], b[i]);
}

TEST(ShingleHashTest, EveryUnitChangesHalfOfTheBits) {
  std::mt19937_64 random(1);
  for (int unit = 0; unit < kShingleUnits; ++unit) {
    for (int bit = 0; bit < 16; ++bit) {
      std::vector<int> changed(64);
      const int trials = 400;
      for (int trial = 0; trial < trials; ++trial) {
        std::u16string text = RandomText(random, kShingleUnits);
        const Seed seed = SeedNumber(static_cast<uint8_t>(trial));
        const uint64_t before = Hashes(text, seed)[0];
        text[unit] ^= 1 << bit;
        const uint64_t difference = before ^ Hashes(text, seed)[0];
        for (int i = 0; i < 64; ++i) changed[i] += difference >> i & 1;
      }
      for (int i = 0; i < 64; ++i) {
        EXPECT_NEAR(changed[i], trials / 2, 90) << unit << ' ' << bit << ' ' << i;
      }
    }
  }
}

TEST(ShingleHashTest, RegularTextFillsTheHashSpaceEvenly) {
  // Chi-square over 256 cells of the highest and of the lowest bits: 255 expected, deviation 22.6.
  for (uint8_t number = 0; number < 20; ++number) {
    std::mt19937_64 random(number);
    const std::vector<uint64_t> all = Hashes(RegularText(random, 12000), SeedNumber(number));
    const std::set<uint64_t> hashes(all.begin(), all.end());
    for (const int shift : {56, 48, 32, 24, 0}) {
      std::vector<double> cells(256);
      for (const uint64_t hash : hashes) ++cells[hash >> shift & 255];
      const double expected = static_cast<double>(hashes.size()) / 256;
      double chi_square = 0;
      for (const double cell : cells)
        chi_square += (cell - expected) * (cell - expected) / expected;
      EXPECT_LT(chi_square, 255 + 4.5 * 22.6) << int{number} << ' ' << shift;
    }
  }
}

TEST(DistinctCountTest, CountsEachShingleOnce) {
  EXPECT_EQ(CountDistinct(u""), 0u);
  EXPECT_EQ(CountDistinct(u"가나다라"), 0u);
  EXPECT_EQ(CountDistinct(u"가나다라마"), 1u);
  EXPECT_EQ(CountDistinct(u"가가가가가가가가가가"), 1u);
  EXPECT_EQ(CountDistinct(u"가나가나가나가나가나"), 2u);
}

TEST(DistinctCountTest, AgreesWithASetOfTheShingles) {
  std::mt19937_64 random(2);
  for (const size_t size : {5, 20, 100, 1000, 3000, 20000}) {
    for (const uint32_t alphabet : {1, 2, 3, 8, 2350}) {
      std::u16string text;
      for (size_t i = 0; i < size; ++i) text += static_cast<char16_t>(0xAC00 + random() % alphabet);
      EXPECT_EQ(CountDistinct(text), Shingles(text, kShingleUnits).size())
          << size << ' ' << alphabet;
    }
  }
}

TEST(DistinctCountTest, EqualHashesOfDifferentShinglesAreTwo) {
  const std::u16string text = u"가나다라마바사가나다라마";  // 8 shingles, the last one a repetition
  const std::vector<uint64_t> hashes(ShingleCount(text.size()), 42);
  EXPECT_EQ(CountDistinctShingles(text.data(), hashes.data(), hashes.size()), 7u);
}

TEST(MixBitsTest, IsABijectionOnSmallNumbers) {
  std::set<uint64_t> mixed;
  for (uint64_t i = 0; i < 10000; ++i) mixed.insert(MixBits(i));
  EXPECT_EQ(mixed.size(), 10000u);
}

}  // namespace
}  // namespace wonbon
