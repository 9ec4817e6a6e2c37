#include "core/judge/judge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "core/judge/model.h"
#include "tests/core/judge/articles.h"

namespace wonbon {
namespace {

Judgement Decide(const Profile& submitted, const Profile& earlier) {
  static const Rarity* const kRarity = new Rarity(1 << 16);
  return Judge(submitted, earlier, *kRarity);
}

// The relation of B to A, given that of A to B.
Relation Reversed(Relation relation) {
  if (relation == Relation::kExcerpt) return Relation::kEmbeds;
  if (relation == Relation::kEmbeds) return Relation::kExcerpt;
  return relation;
}

Profile Bridge() { return Article(kBridgeTitle, kBridgeBody); }

constexpr absl::Time kLater = absl::FromUnixSeconds(1'700'000'000 + 3 * 86'400);

TEST(JudgeTest, TheSameTextIsExactUnderAnyHeadline) {
  const Judgement judgement = Decide(Article("다리 세 곳 새로", kBridgeBody), Bridge());
  EXPECT_EQ(judgement.relation, Relation::kExact);
  EXPECT_EQ(judgement.score, 1);
  EXPECT_EQ(judgement.jaccard, 1);
  EXPECT_EQ(judgement.rule, Rule::kSameText);
}

TEST(JudgeTest, SpacingHtmlAndCaseAreNoDifference) {
  const std::string html =
      "<p>" + Replaced(Replaced(kBridgeBody, "\n", "</p><p>"), " ", "&nbsp;") + "</p>";
  EXPECT_EQ(Decide(Article(kBridgeTitle, html), Bridge()).relation, Relation::kExact);
}

TEST(JudgeTest, ALightlyEditedCopyOfAnotherPublisherIsNear) {
  const std::string edited = Replaced(
      Replaced(Replaced(kBridgeBody, "밝혔다", "전했다"), "헐고 새로 놓기로", "허물고 다시 짓기로"),
      "1,280억원", "1천280억 원");
  const Judgement judgement = Decide(
      Article("한강시 낡은 다리 세 곳 다시 놓는다", edited, {.publisher = "솔내신문"}), Bridge());
  EXPECT_EQ(judgement.relation, Relation::kNear) << Name(judgement.rule) << " " << judgement.score;
  EXPECT_EQ(judgement.features.numbers_conflict, 0);
}

TEST(JudgeTest, AnEndingStyleIsNoDifference) {
  const std::string polite =
      Replaced(Replaced(kBridgeBody, "했다", "했습니다"), "있다.", "있습니다.");
  EXPECT_EQ(Decide(Article(kBridgeTitle, polite), Bridge()).relation, Relation::kNear);
}

TEST(JudgeTest, ACutCopyWithHeadlineAndLeadIsNear) {
  const Judgement judgement = Decide(Article(kBridgeTitle, Lines(kBridgeBody, 0, 1)), Bridge());
  EXPECT_EQ(judgement.relation, Relation::kNear);
  EXPECT_EQ(judgement.rule, Rule::kCutCopy);
  EXPECT_EQ(judgement.containment, 1);
  EXPECT_LT(judgement.containment_in, 0.5);
}

TEST(JudgeTest, APageThatHoldsTheTextTwiceIsACopy) {
  const std::string page = "한강시가 지은 지 마흔\n페이지 정보\n\n본문\n" +
                           std::string(kBridgeBody) + "\n" + Lines(kBridgeBody, 0, 2);
  EXPECT_TRUE(Decide(Article("한강시가 지은 지 마흔", page), Bridge()).same_article());
}

TEST(JudgeTest, OtherNumbersInTheSameSentencesAreATemplate) {
  std::string other(kBridgeBody);
  for (auto [from, to] : std::vector<std::pair<const char*, const char*>>{{"12일", "27일"},
                                                                          {"1,280억", "2,650억"},
                                                                          {"540억", "910억"},
                                                                          {"430억", "880억"},
                                                                          {"310억", "860억"},
                                                                          {"4만7천대", "3만2천대"},
                                                                          {"24톤", "18톤"}}) {
    other = Replaced(other, from, to);
  }
  const Judgement judgement = Decide(Article(kBridgeTitle, other), Bridge());
  EXPECT_EQ(judgement.relation, Relation::kTemplate);
  EXPECT_EQ(judgement.rule, Rule::kOtherNumbers);
  EXPECT_GT(judgement.jaccard, 0.7);
  EXPECT_LE(judgement.score, 0.1);
}

TEST(JudgeTest, NewFiguresUnderTheSameUrlWithinADayAreARevision) {
  const ArticleOptions options{.url = "https://garam.example/news/7"};
  const std::string update =
      Replaced(Replaced(kBridgeBody, "1,280억", "1,310억"), "310억원이", "340억원이");
  const Judgement judgement =
      Decide(Article(kBridgeTitle, update, options), Article(kBridgeTitle, kBridgeBody, options));
  EXPECT_EQ(judgement.relation, Relation::kRevision);
}

TEST(JudgeTest, OnePagesTextReplacedWithinADayIsARevisionAndLaterAnotherArticle) {
  constexpr absl::Time kNoon = absl::FromUnixSeconds(1'700'000'000);
  const std::string url = "https://garam.example/live/20240101";
  const Profile then = Article(kBridgeTitle, kBridgeBody, {.url = url, .published_at = kNoon});
  const auto replaced = [&](std::string_view body, absl::Duration later) {
    return Decide(Article(kOrchardTitle, body, {.url = url, .published_at = kNoon + later}), then);
  };
  const Judgement soon = replaced(kOrchardBody, absl::Hours(23));
  EXPECT_EQ(soon.relation, Relation::kRevision);
  EXPECT_EQ(soon.rule, Rule::kRevision);
  EXPECT_EQ(replaced("다리를 새로 놓는다.", absl::Hours(1)).relation, Relation::kRevision) << "short";
  EXPECT_FALSE(replaced(kOrchardBody, absl::Hours(25)).same_article());
}

TEST(JudgeTest, AnItemOfARoundUpIsInsideIt) {
  const std::string page = "◆ " + std::string(kBridgeTitle) + "\n" + std::string(kBridgeBody) +
                           "\n\n◆ " + std::string(kOrchardTitle) + "\n" + std::string(kOrchardBody);
  const Profile round_up = Article("[오늘의 소식] " + std::string(kBridgeTitle) + " 외", page),
                item = Bridge();
  EXPECT_EQ(Decide(round_up, item).relation, Relation::kEmbeds);
  EXPECT_EQ(Decide(round_up, item).rule, Rule::kRoundUp);
  EXPECT_EQ(Decide(item, round_up).relation, Relation::kExcerpt);
}

TEST(JudgeTest, ALongerArticleThatQuotesAnotherEmbedsIt) {
  const std::string page = std::string(kOrchardBody) + "\n" + std::string(kBridgeBody) + "\n" +
                           std::string(kOrchardBody) + " 군은 다음 달 다시 살필 계획이다.";
  const Judgement judgement = Decide(Article(kOrchardTitle, page), Bridge());
  EXPECT_EQ(judgement.relation, Relation::kEmbeds);
  EXPECT_EQ(judgement.containment_in, 1);
}

TEST(JudgeTest, ReusedBackgroundIsAnOverlap) {
  const std::string follow_up =
      "은빛교 철거 공사가 멈췄다. 강변 주민들이 낸 공사 중지 신청을 법원이 받아들였기 때문이다.\n"
      "재판부는 \"주민이 겪을 소음과 먼지를 줄일 대책이 모자란다\"며 다음 달 말까지 공사를 "
      "멈추라고 했다. "
      "한강시는 곧바로 불복하겠다는 뜻을 밝혔다.\n" +
      Lines(kBridgeBody, 2, 2) +
      "주민 대표 노을빛 씨는 \"이제라도 머리를 맞대고 대책을 세워야 한다\"고 말했다.";
  const Judgement judgement = Decide(
      Article("법원, 은빛교 철거 공사 중지 결정", follow_up, {.published_at = kLater}), Bridge());
  EXPECT_EQ(judgement.relation, Relation::kOverlap) << judgement.score;
}

TEST(JudgeTest, BelowTwentyShinglesOnlyTheSameTextAndHeadlineCounts) {
  const Profile flash = Article("[속보] 은빛교 통행 재개", "은빛교 통행 오후 3시 재개");
  EXPECT_EQ(Decide(flash, flash).relation, Relation::kExact);
  const Judgement other_headline =
      Decide(Article("[속보] 솔내교도 통행 재개", "은빛교 통행 오후 3시 재개"), flash);
  EXPECT_FALSE(other_headline.same_article());
  EXPECT_EQ(other_headline.rule, Rule::kShortText);
  EXPECT_FALSE(Decide(Article("[속보] 은빛교 통행 재개", "은빛교 통행 오후 4시 재개"), flash)
                   .same_article());
}

TEST(JudgeTest, UnrelatedArticlesAreUnique) {
  const Judgement judgement = Decide(Article(kOrchardTitle, kOrchardBody), Bridge());
  EXPECT_EQ(judgement.relation, Relation::kUnique);
  EXPECT_EQ(judgement.score, 0);
}

TEST(JudgeTest, EmptyTextsAreJudgedWithoutHarm) {
  const Profile empty = Article("", "");
  EXPECT_FALSE(Decide(empty, Bridge()).same_article());
  EXPECT_FALSE(Decide(Bridge(), empty).same_article());
}

TEST(JudgeTest, TheOrderOfTheTwoOnlyExchangesExcerptAndEmbeds) {
  std::vector<Profile> articles;
  const std::array bodies = {std::string(kBridgeBody),
                             Lines(kBridgeBody, 0, 1),
                             Lines(kBridgeBody, 2, 5),
                             Replaced(kBridgeBody, "시는", "한강시는"),
                             std::string(kOrchardBody),
                             std::string(kOrchardBody) + std::string(kBridgeBody),
                             Replaced(kBridgeBody, "0억", "5억"),
                             Lines(kBridgeBody, 0, 3) + Lines(kOrchardBody, 0, 1),
                             std::string("은빛교 통행 재개")};
  for (const std::string& body : bodies) {
    articles.push_back(Article(kBridgeTitle, body));
    articles.push_back(
        Article(kOrchardTitle, body, {.publisher = "솔내신문", .published_at = kLater}));
  }
  for (const Profile& a : articles) {
    for (const Profile& b : articles) {
      const Judgement ab = Decide(a, b), ba = Decide(b, a);
      EXPECT_EQ(ab.relation, Reversed(ba.relation));
      EXPECT_EQ(ab.score, ba.score);
      EXPECT_EQ(ab.rule, ba.rule);
      EXPECT_EQ(ab.jaccard, ba.jaccard);
      EXPECT_EQ(ab.containment, ba.containment_in);
    }
  }
}

TEST(JudgeTest, EveryRuleHasANameOfItsOwn) {
  constexpr int kRules = static_cast<int>(Rule::kModel) + 1;
  std::set<std::string_view> names;
  for (int i = 0; i < kRules; ++i) names.insert(Name(static_cast<Rule>(i)));
  EXPECT_EQ(names.size(), kRules);
  EXPECT_FALSE(names.contains(""));
}

TEST(JudgeTest, CommonPhrasesWeighLessThanRareOnes) {
  const Profile bridge = Bridge();
  const Profile half =
      Article(kOrchardTitle, std::string(kOrchardBody) + "\n" + Lines(kBridgeBody, 0, 1));
  Rarity rarity(1 << 20);
  const double rare = Judge(half, bridge, rarity).features.longest_run_rarity;
  for (int i = 0; i < 250; ++i) rarity.Add(Rarity::Counted(Article("", Lines(kBridgeBody, 0, 1))));
  const Judgement common = Judge(half, bridge, rarity);
  EXPECT_LT(common.features.longest_run_rarity, rare / 2);
}

TEST(JudgeTest, WhichOtherTextsThereAreDoesNotDecideWhetherTwoAreOneArticle) {
  const Profile bridge = Bridge();
  Rarity rarity(1 << 20);
  for (int i = 0; i < 40; ++i) rarity.Add(Rarity::Counted(bridge));
  for (const Profile& other : {Article(kBridgeTitle, Lines(kBridgeBody, 0, 1)),
                               Article(kOrchardTitle, kBridgeBody),
                               Article(kOrchardTitle, std::string(kOrchardBody) + "\n" +
                                                          std::string(kBridgeBody))}) {
    const Judgement common = Judge(other, bridge, rarity);
    EXPECT_EQ(common.score, Decide(other, bridge).score);
    EXPECT_EQ(common.rule, Decide(other, bridge).rule);
  }
}

TEST(ModelTest, ContributionsAndBiasMakeTheLogOdds) {
  const Profile half = Article(kOrchardTitle, std::string(kOrchardBody) + std::string(kBridgeBody));
  const Features features = Decide(half, Bridge()).features;
  double sum = 0;
  for (const FeatureField& field : kFeatureFields) sum += Contribution(features, field.value);
  const Features nothing;
  double bias = 0;
  for (const FeatureField& field : kFeatureFields) bias -= Contribution(nothing, field.value);
  const double p = SameArticleProbability(nothing);
  bias += std::log(p / (1 - p));
  EXPECT_NEAR(1 / (1 + std::exp(-(sum + bias))), SameArticleProbability(features), 2e-3);
}

TEST(ModelTest, MoreInCommonIsMoreProbable) {
  Features little, much;
  little.jaccard = 0.2;
  much = little;
  much.jaccard = 0.9;
  EXPECT_LT(SameArticleProbability(little), SameArticleProbability(much));
  EXPECT_GE(ModelVersion(), 1);
}

}  // namespace
}  // namespace wonbon
