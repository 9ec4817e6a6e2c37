#include "core/judge/profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/core/judge/articles.h"
#include "tests/core/text/utf8_of.h"

namespace wonbon {
namespace {

TEST(ProfileTest, ShinglesAreSortedAndHoldEveryPosition) {
  const Profile profile = Article(kBridgeTitle, kBridgeBody);
  ASSERT_EQ(profile.shingles.size(), profile.units.size() - 4);
  EXPECT_TRUE(std::is_sorted(profile.shingles.begin(), profile.shingles.end()));
  std::vector<uint32_t> positions;
  for (uint64_t shingle : profile.shingles) positions.push_back(static_cast<uint32_t>(shingle));
  std::sort(positions.begin(), positions.end());
  for (size_t i = 0; i < positions.size(); ++i) EXPECT_EQ(positions[i], i);
}

// The same few shingles again and again, as in a table or a refrain.
TEST(ProfileTest, ShinglesOfALongRefrainAreSortedToo) {
  for (const size_t period : {1, 2, 7, 300}) {
    std::string body;
    for (size_t i = 0; i < 60'000; ++i) {
      const auto syllable = static_cast<char16_t>(0xAC00 + (i % period) * 31);
      body += Utf8(std::u16string(1, syllable));
    }
    const Profile profile = Article(kBridgeTitle, body);
    ASSERT_EQ(profile.shingles.size(), profile.units.size() - 4);
    EXPECT_TRUE(std::is_sorted(profile.shingles.begin(), profile.shingles.end()));
    EXPECT_EQ(profile.distinct_shingles, period);
  }
}

TEST(ProfileTest, ARepeatedTextHasNoMoreDistinctShinglesThanItsSeam) {
  const std::string twice = std::string(kBridgeBody) + "\n" + std::string(kBridgeBody);
  const Profile one = Article(kBridgeTitle, kBridgeBody), two = Article(kBridgeTitle, twice);
  EXPECT_LE(two.distinct_shingles, one.distinct_shingles + 4);
}

TEST(ProfileTest, KnowsItsOwnPieces) {
  const Profile profile = Article(kBridgeTitle, kBridgeBody);
  for (size_t i = 0; i + 3 <= profile.units.size(); ++i) {
    EXPECT_TRUE(MayHavePiece(profile, profile.units.data() + i, 3));
    EXPECT_TRUE(MayHavePiece(profile, profile.units.data() + i, 2));
  }
}

TEST(ProfileTest, RarelyClaimsAPieceItLacks) {
  const Profile bridge = Article(kBridgeTitle, kBridgeBody);
  int claimed = 0, asked = 0;
  for (char16_t c = u'가'; c < u'가' + 4'000; ++c, ++asked) {
    const char16_t piece[3] = {c, u'꿹', c};
    claimed += MayHavePiece(bridge, piece, 3);
  }
  EXPECT_LT(claimed, asked / 12);
}

TEST(ProfileTest, LongTextsAreWhole) {
  std::string body;
  for (int i = 0; i < 12'000; ++i) body += "제" + std::to_string(i) + "항 ";
  const Profile one = Article("", body), other = Article("", body + "끝");
  EXPECT_GT(one.units.size(), 60'000u);
  EXPECT_EQ(one.numbers.numbers.size(), 12'000u);
  EXPECT_EQ(one.units.size() + 1, other.units.size());
  EXPECT_EQ(one.distinct_shingles + 1, other.distinct_shingles);
  EXPECT_NE(one.identity.text, other.identity.text);
}

TEST(ProfileTest, AnEmptyDocumentHasAProfile) {
  const Profile profile = Article("", "");
  EXPECT_EQ(profile.distinct_shingles, 0u);
  EXPECT_GT(profile.MemoryBytes(), sizeof(Profile));
}

}  // namespace
}  // namespace wonbon
