// Runs, pieces and weights of what two texts share.
#include "core/judge/alignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/sketch/fingerprint.h"
#include "tests/core/judge/articles.h"

namespace wonbon {
namespace {

constexpr char kFirst[] = "가람시는 낡은 다리를 허물고 새 다리를 놓기로 했다고 밝혔다.";
constexpr char kSecond[] = "공사는 내년 봄에 시작해 두 해 뒤에 끝난다.";
constexpr char kThird[] = "시민들은 그동안 건너편 나루를 이용하게 된다.";
constexpr char kForeign[] =
    "한편 이웃한 솔빛군에서는 올해 사과 농사가 풍년을 맞아 값이 크게 내렸고 농민들은 저장고를 더 "
    "짓자고 군청에 요구하고 있다.";

size_t InOnePiece(const std::string& shorter, const std::string& longer) {
  const Profile a = Article("", shorter), b = Article("", longer);
  return UnitsInOnePiece(a, b, FindOverlap(a, b));
}
size_t UnitsOf(const std::string& text) { return Article("", text).units.size(); }

// A text of `size` shingles, each of which has one of `kinds` hashes, from `least` on.
Profile Drawn(std::mt19937_64& random, size_t size, uint64_t kinds, uint64_t least) {
  Profile out;
  for (uint64_t position = 0; position < size; ++position) {
    const uint64_t hash = (least + random() % kinds * 0x9E3779B1u) & 0xFFFFFFFFu;
    out.shingles.push_back(hash << 32 | position);
  }
  std::sort(out.shingles.begin(), out.shingles.end());
  out.units.resize(size == 0 ? 0 : size + 4);
  return out;
}

// Positions of each hash.
std::map<uint32_t, std::vector<size_t>> PositionsOf(const Profile& text) {
  std::map<uint32_t, std::vector<size_t>> out;
  for (const uint64_t shingle : text.shingles) {
    out[static_cast<uint32_t>(shingle >> 32)].push_back(static_cast<uint32_t>(shingle));
  }
  return out;
}

TEST(AlignmentTest, TheOverlapIsThatOfAPlainSearch) {
  std::mt19937_64 random(11);
  size_t shared = 0;
  for (int round = 0; round < 2'000; ++round) {
    const uint64_t kinds = 1 + random() % 300;
    const Profile a = Drawn(random, random() % 200, kinds, random() % 2);
    const Profile b = Drawn(random, random() % 200, kinds, 1);
    Overlap expected{.shared = 0,
                     .covered_b = std::vector<uint8_t>(b.units.size()),
                     .position_in_b = std::vector<int32_t>(a.shingles.size(), -1)};
    const auto of_b = PositionsOf(b);
    for (const auto& [hash, positions] : PositionsOf(a)) {
      const auto found = of_b.find(hash);
      if (found == of_b.end()) continue;
      ++expected.shared;
      for (const size_t i : positions) {
        expected.position_in_b[i] = static_cast<int32_t>(found->second.front());
      }
      for (const size_t j : found->second) {
        std::fill_n(&expected.covered_b[j], kShingleUnits, uint8_t{1});
      }
    }
    const Overlap overlap = FindOverlap(a, b);
    ASSERT_EQ(overlap.shared, expected.shared) << "round " << round;
    ASSERT_EQ(overlap.covered_b, expected.covered_b) << "round " << round;
    ASSERT_EQ(overlap.position_in_b, expected.position_in_b) << "round " << round;
    shared += overlap.shared;
  }
  EXPECT_GT(shared, 20'000u);
}

TEST(AlignmentTest, TheLongestRunIsFoundWhereItStands) {
  const Profile a = Article("", absl::StrCat("앞에 적은 다른 말. ", kSecond));
  const Profile b = Article("", absl::StrCat(kFirst, kForeign, kSecond));
  const Passage run = LongestRun(a, b, FindOverlap(a, b));
  EXPECT_EQ(run.begin, UnitsOf("앞에 적은 다른 말"));
  EXPECT_EQ(run.units, UnitsOf(kSecond));
  const Profile other = Article("", kForeign);
  EXPECT_EQ(LongestRun(other, a, FindOverlap(other, a)).units, 0u);
}

TEST(AlignmentTest, SentencesInOrderAreOnePiece) {
  const std::string item = absl::StrCat(kFirst, " ", kSecond, " ", kThird);
  EXPECT_EQ(InOnePiece(item, absl::StrCat(kForeign, item, kForeign)), UnitsOf(item));
  // A word or two between them is no other text.
  EXPECT_EQ(InOnePiece(item, absl::StrCat(kForeign, kFirst, " 또한 ", kSecond, " ", kThird)),
            UnitsOf(item));
}

TEST(AlignmentTest, OtherSentencesBetweenBreakThePiece) {
  const std::string item = absl::StrCat(kFirst, " ", kSecond, " ", kThird);
  EXPECT_EQ(InOnePiece(item, absl::StrCat(kFirst, kForeign, kSecond, kForeign, kThird)),
            UnitsOf(kFirst));
  // Another order is no piece either.
  EXPECT_LT(InOnePiece(item, absl::StrCat(kThird, kForeign, kSecond, kForeign, kFirst)),
            UnitsOf(item) / 2);
}

TEST(AlignmentTest, APhraseThatStandsBeforeAsWellDoesNotBreakIt) {
  const std::string item = absl::StrCat(kFirst, " ", kSecond, " ", kThird);
  const std::string before = "두 해 뒤에 끝난다는 말이 돌았다. ";
  EXPECT_EQ(InOnePiece(item, absl::StrCat(before, kForeign, item)), UnitsOf(item));
}

TEST(AlignmentTest, ARunThatManyHaveWeighsLittle) {
  const Profile a = Article("", kFirst);
  const Profile b = Article("", absl::StrCat(kForeign, kFirst));
  const Passage run = LongestRun(a, b, FindOverlap(a, b));
  Rarity rarity(1 << 16);
  constexpr double kAll = std::numeric_limits<double>::infinity();
  EXPECT_EQ(WeighRun(a, run, rarity, 3), 3) << "no more than asked for";
  EXPECT_EQ(WeighRun(a, run, rarity, kAll), static_cast<double>(a.distinct_shingles));
  EXPECT_EQ(WeighRun(a, {}, rarity, kAll), 0);
  for (int i = 0; i < 78; ++i) rarity.Add(Rarity::Counted(a));
  EXPECT_NEAR(WeighRun(a, run, rarity, kAll), a.distinct_shingles / 20.0, 0.1);
}

}  // namespace
}  // namespace wonbon
