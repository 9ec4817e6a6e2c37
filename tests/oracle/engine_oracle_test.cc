#include "tests/oracle/engine_oracle.h"

#include <gtest/gtest.h>

namespace wonbon::oracle {
namespace {

Document Of(std::string title, std::string body) {
  Document document;
  document.title = std::move(title);
  document.body = std::move(body);
  return document;
}

TEST(ShinglesTest, AreTheDistinctRunsOfFiveUnits) {
  EXPECT_EQ(Shingles(u"가나다라마바"), (std::vector<std::u16string>{u"가나다라마", u"나다라마바"}));
  EXPECT_EQ(Shingles(u"가가가가가가가").size(), 1u);
}

TEST(ShinglesTest, OfAShortTextAreTheTextItself) {
  EXPECT_EQ(Shingles(u"가나"), std::vector<std::u16string>{u"가나"});
  EXPECT_TRUE(Shingles(u"").empty());
}

TEST(EngineOracleTest, SameTextIsFoundWhateverItsSpacesAndPunctuation) {
  EngineOracle oracle;
  EXPECT_TRUE(oracle.Add(Of("제목", "강변에 새 길이 열렸다고 시가 밝혔다."), 0.3).empty());
  const auto found = oracle.Add(Of("다른 제목", "강변에  새길이, 열렸다고 시가 밝혔다"), 0.3);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].earlier, 0u);
  EXPECT_TRUE(found[0].same_text);
  EXPECT_FALSE(found[0].same_title);
  EXPECT_DOUBLE_EQ(found[0].jaccard, 1.0);
}

TEST(EngineOracleTest, JaccardAndContainmentAreThoseOfTheShingleSets) {
  EngineOracle oracle;
  oracle.Add(Of("", "가나다라마바사"), 0.0);                         // 3 shingles
  const auto found = oracle.Add(Of("", "가나다라마바사아자"), 0.0);  // those and 2 more
  ASSERT_EQ(found.size(), 1u);
  EXPECT_DOUBLE_EQ(found[0].jaccard, 3.0 / 5.0);
  EXPECT_DOUBLE_EQ(found[0].containment, 3.0 / 5.0);
  EXPECT_DOUBLE_EQ(found[0].containment_in, 1.0);
}

TEST(EngineOracleTest, DocumentsBelowTheShareAreLeftOut) {
  EngineOracle oracle;
  oracle.Add(Of("", "가나다라마바사아자차카타파하"), 0.5);
  EXPECT_TRUE(oracle.Add(Of("", "도레미파솔라시도레미파솔"), 0.5).empty());
  EXPECT_EQ(oracle.size(), 2u);
}

}  // namespace
}  // namespace wonbon::oracle
