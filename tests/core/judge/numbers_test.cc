#include "core/judge/numbers.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/text/canonical.h"

namespace wonbon {
namespace {

NumberList Read(std::string_view text) {
  const CanonicalText title = CanonicalizeTitle(text);
  return ReadNumbers(title.folded, title.units);
}

std::vector<uint64_t> Values(std::string_view text) {
  std::vector<uint64_t> values;
  for (const Number& number : Read(text).numbers) values.push_back(number.value_e4);
  return values;
}

using List = std::vector<uint64_t>;

TEST(NumbersTest, EveryWayOfWritingANumberHasOneValue) {
  const List expected = {460'000'000'000u * 10'000};
  for (std::string_view text :
       {"4천600억원", "4600억원", "4,600억 원", "460,000,000,000원", "4천6백억"}) {
    EXPECT_EQ(Values(text), expected) << text;
  }
  EXPECT_NE(Values("4 600억"), expected) << "two numbers";
}

TEST(NumbersTest, LargeUnitsAddUp) {
  EXPECT_EQ(Values("1조2058억원"), Values("1조 2,058억 원"));
  EXPECT_EQ(Values("1조2058억원"), List{1'205'800'000'000u * 10'000});
  EXPECT_EQ(Values("4만7천대"), List{47'000u * 10'000});
  EXPECT_EQ(Values("5천만원"), List{500'000'000'000u});
  EXPECT_EQ(Values("1.5조"), Values("1조5천억"));
}

TEST(NumbersTest, DecimalsAndPercentagesKeepTheirFraction) {
  EXPECT_EQ(Values("영하 2.8도"), List{28'000u});
  EXPECT_EQ(Values("34.70%"), Values("34.7%"));
  EXPECT_NE(Values("34.7%"), Values("347%"));
}

TEST(NumbersTest, ADateIsItsThreeNumbers) {
  EXPECT_EQ(Values("2025.05.26"), Values("2025년 5월 26일"));
  EXPECT_EQ(Values("2025-05-26"), Values("2025년 5월 26일"));
}

TEST(NumbersTest, FullWidthDigitsAreDigits) { EXPECT_EQ(Values("１２일"), Values("12일")); }

TEST(NumbersTest, AListOfFiguresIsReadToItsEnd) {
  std::string text;
  for (int i = 0; i < 60'000; ++i) text += std::to_string(1'000 + i) + " ";
  text += "마지막에 오른 값은 777원";
  const NumberList list = Read(text);
  EXPECT_EQ(list.numbers.size(), 60'001u);
  EXPECT_EQ(list.numbers.back().value_e4, 7'770'000u);
  // Quadratic work on it would take minutes.
  EXPECT_EQ(CompareNumbers(list, list).conflict_share(), 0);
}

TEST(NumbersTest, TheSameSentenceWithAnotherNumberIsAConflict) {
  const NumberAgreement agreement =
      CompareNumbers(Read("코스피는 전날보다 31.25포인트 오른 2655.28에 마감했다"),
                     Read("코스피는 전날보다 12.07포인트 오른 2667.35에 마감했다"));
  EXPECT_EQ(agreement.shared, 0);
  EXPECT_GT(agreement.conflict_a, 1.5);
  EXPECT_EQ(agreement.conflict_a, agreement.conflict_b);
  EXPECT_EQ(agreement.conflict_share(), 1);
}

TEST(NumbersTest, ANumberThatIsOnlyLeftOutIsNoConflict) {
  const NumberAgreement agreement = CompareNumbers(
      Read("은빛교에 540억원, 솔내교에 430억원이 들어간다"), Read("은빛교에 540억원이 들어간다"));
  EXPECT_EQ(agreement.shared_share(), 1);
  EXPECT_EQ(agreement.conflict_share(), 0);
}

TEST(NumbersTest, PlacesAreComparedWhereverElseTheValuesStand) {
  const NumberAgreement agreement =
      CompareNumbers(Read("최저기온은 5도, 최고기온은 16도, 바람은 초속 9미터로 불겠다"),
                     Read("최저기온은 9도, 최고기온은 16도, 바람은 초속 5미터로 불겠다"));
  EXPECT_EQ(agreement.conflict_share(), 0) << "both have 5 and 9";
  EXPECT_EQ(agreement.places_a, 3u);
  EXPECT_EQ(agreement.places_b, 3u);
  EXPECT_NEAR(agreement.places_differ_share(), 2.0 / 3, 1e-9);
}

TEST(NumbersTest, OtherNumbersNearbyDoNotHideAPlace) {
  const NumberAgreement agreement = CompareNumbers(Read("해 지는 시각은 오후 7시 38분이라고 했다"),
                                                   Read("해 지는 시각은 오후 5시 12분이라고 했다"));
  EXPECT_EQ(agreement.places_a, 2u);
  EXPECT_EQ(agreement.places_differ_share(), 1);
}

TEST(NumbersTest, TextsWithoutNumbersAgree) {
  const NumberAgreement agreement = CompareNumbers(Read("비가 그쳤다"), Read("비가 온다"));
  EXPECT_EQ(agreement.shared_share(), 1);
  EXPECT_EQ(agreement.conflict_share(), 0);
  EXPECT_EQ(agreement.places_differ_share(), 0);
}

}  // namespace
}  // namespace wonbon
