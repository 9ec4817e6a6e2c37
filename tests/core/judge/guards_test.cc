// The rules by which a judgement is made without the model (rule.h).
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/judge/judge.h"
#include "tests/core/judge/articles.h"

namespace wonbon {
namespace {

constexpr absl::Time kMonday = absl::FromUnixSeconds(1'700'000'000);

Judgement Decide(const Profile& submitted, const Profile& earlier) {
  static const Rarity* const kRarity = new Rarity(1 << 16);
  return Judge(submitted, earlier, *kRarity);
}

constexpr std::string_view kCaption =
    "홍가람 한강시장이 12일 오전 한강시 은빛동 시청 큰회의실에서 열린 낡은 다리 새로 놓기 주민 "
    "설명회에서 인사말을 하고 있다. 이번 설명회는 은빛교와 솔내교, 물레교를 다시 짓는 계획을 알리려고 "
    "마련했다.";

TEST(CaptionTest, OtherMomentsOfOneEventAreATemplate) {
  const std::string other =
      "주민들이 12일 오전 한강시 은빛동 시청 큰회의실에서 열린 낡은 다리 새로 놓기 주민 설명회에서 "
      "바뀌는 길을 알리는 안내판과 모형을 둘러보며 질문을 하고 있다.";
  const Judgement judgement =
      Decide(Article("안내판 둘러보는 주민들", other, {.publisher = "솔내신문"}),
             Article("인사말 하는 홍가람 시장", kCaption));
  EXPECT_EQ(judgement.relation, Relation::kTemplate) << judgement.jaccard;
  EXPECT_EQ(judgement.rule, Rule::kCaptionOtherMoment);
}

TEST(CaptionTest, TheSameCaptionOfAnotherPublisherIsACopy) {
  const Judgement judgement =
      Decide(Article("인사말 하는 홍가람 한강시장", Replaced(kCaption, "마련했다", "열렸다"),
                     {.publisher = "솔내신문"}),
             Article("인사말 하는 홍가람 시장", kCaption));
  EXPECT_TRUE(judgement.same_article()) << Name(judgement.rule) << ' ' << judgement.score;
}

TEST(CaptionTest, OneSeriesUnderOtherHeadlinesIsATemplate) {
  const Judgement judgement =
      Decide(Article("박수 치는 참석자들",
                     Replaced(kCaption, "인사말을 하고", "박수를 치고")),
             Article("인사말 하는 홍가람 시장", kCaption));
  EXPECT_EQ(judgement.relation, Relation::kTemplate);
  EXPECT_EQ(judgement.rule, Rule::kShortOtherHeadline);
}

constexpr char kOffer[] =
    "은빛포털이 검색어 순위를 쓰는 사람이 손수 고를 수 있게 바꾼다. 은빛포털은 12일부터 순위에 관심사를 "
    "반영하는 정도를 다섯 단계로 조절할 수 있다고 밝혔다. 같은 소식을 다룬 검색어는 하나로 묶어 보여 준다. "
    "순위를 아예 보지 않는 설정도 둔다. 회사는 광고 문구가 순위를 채운다는 지적을 받아들였다고 설명했다.";

TEST(ShortItemTest, AnItemThatIsToldAnewAndLongerIsOneArticle) {
  const Profile longer = Article(
      "은빛포털, 검색어 순위 개인화…광고 문구 덜 뜨게 조절 가능",
      absl::StrCat(kOffer, " 회사는 앞으로 명절이나 재난 때에는 순위 대신 안내를 띄우는 방안도 살핀다."));
  const Judgement judgement = Decide(longer, Article("은빛포털, '검색어 순위' 개인화 개편", kOffer));
  EXPECT_TRUE(judgement.same_article()) << Name(judgement.rule) << ' ' << judgement.score;
}

TEST(CaptionTest, ANewsItemThatSaysLaterOnWhatIsGoingOnIsNoCaption) {
  const auto is_caption = [](std::string_view body) { return Article("은빛교", body).is_caption; };
  EXPECT_TRUE(is_caption(kCaption));
  EXPECT_TRUE(is_caption("홍가람 시장이 다리를 둘러보고 있다"));
  EXPECT_TRUE(is_caption("홍가람 시장이 다리를 둘러보고  있다.\n왼쪽은 윤다온 씨."));
  EXPECT_FALSE(is_caption("은빛교가 무너졌다. 시는 원인을 조사하고 있다."));
  EXPECT_FALSE(is_caption("있다."));
  EXPECT_FALSE(is_caption(std::string(kCaption) + std::string(kBridgeBody)));
}

TEST(SerialHeadlineTest, TheNextIssueOfASerialIsATemplate) {
  const std::string next = Replaced(
      Replaced(Replaced(kBridgeBody, "12일", "13일"), "540억", "550억"), "다섯 차례", "여섯 차례");
  const Judgement judgement = Decide(
      Article("한강시 아침 소식 13일", next, {.published_at = kMonday + absl::Hours(24)}),
      Article("한강시 아침 소식 12일", kBridgeBody, {.published_at = kMonday}));
  EXPECT_EQ(judgement.relation, Relation::kTemplate);
  EXPECT_EQ(judgement.rule, Rule::kSerialHeadline);
}

TEST(SerialHeadlineTest, ACorrectedNumberInTheHeadlineAloneIsNoSerial) {
  const Judgement judgement = Decide(
      Article("한강시, 낡은 다리 3곳 내년까지 새로 놓는다", std::string(kBridgeBody) + "\n바로잡았다."),
      Article("한강시, 낡은 다리 4곳 내년까지 새로 놓는다", kBridgeBody));
  EXPECT_TRUE(judgement.same_article()) << Name(judgement.rule);
}

const std::string kCase =
    "물레교 공사 대금을 빼돌린 혐의를 받는 시공사 대표 윤마루 씨가 다시 법정에 섰다.\n"
    "수사 결과 윤씨는 2021년부터 세 해 동안 자재 값을 부풀리는 수법으로 48억원을 챙긴 것으로 나타났다. "
    "그는 이 돈으로 은빛동에 건물을 사들이고 친척 이름으로 회사를 세운 것으로 조사됐다.\n"
    "한강시는 윤씨의 회사를 앞으로 다섯 해 동안 시가 내는 공사에서 빼기로 했다. 시 관계자는 \"손해를 "
    "끝까지 받아 내겠다\"고 말했다.\n"
    "물레교는 지난해 안전진단에서 낮은 등급을 받아 다시 짓고 있으며 내년 10월 문을 연다.\n" +
    std::string(kBridgeBody);

TEST(NextStageTest, AFollowUpOfACaseIsAnotherArticle) {
  const std::string appeal =
      "윤씨 쪽은 1심 판결에 따를 수 없다며 14일 법원에 서류를 냈다. 대리인은 기자들에게 \"형이 지나치게 "
      "무겁고 자재 값을 부풀렸다는 판단에도 다툴 데가 많다\"고 주장했다. 두 번째 재판은 이르면 다음 달 "
      "말에 시작되며, 그때까지 윤씨는 구치소에 머문다.\n" +
      Lines(kCase, 0, 6);
  const Judgement judgement =
      Decide(Article("‘물레교 대금’ 시공사 대표, 1심에 불복해 항소", appeal,
                     {.published_at = kMonday + absl::Hours(50)}),
             Article("‘물레교 대금’ 시공사 대표 1심 징역 4년 선고", kCase, {.published_at = kMonday}));
  EXPECT_FALSE(judgement.same_article());
  EXPECT_EQ(judgement.rule, Rule::kNextStage) << judgement.jaccard;
  EXPECT_GT(judgement.jaccard, 0.5);
}

TEST(NextStageTest, TheSameTextUnderAnotherHeadlineIsACopyAtAnyTime) {
  const std::string reprint = Replaced(kCase, "말했다", "전했다");
  for (const std::optional<absl::Time> time :
       {std::optional<absl::Time>(kMonday + absl::Hours(5)), std::optional<absl::Time>()}) {
    const Judgement judgement =
        Decide(Article("‘물레교 대금’ 시공사 대표 검거", reprint,
                       {.publisher = "솔내신문", .published_at = time}),
               Article("‘물레교 대금’ 시공사 대표 붙잡혀", kCase, {.published_at = kMonday}));
    EXPECT_TRUE(judgement.same_article()) << Name(judgement.rule) << ' ' << judgement.jaccard;
  }
}

TEST(NextStageTest, WithoutATimeThereIsNoLaterOne) {
  const Profile undated = Article("‘물레교 대금’ 시공사 대표 검거", kCase, {.published_at = std::nullopt});
  const Profile dated = Article("‘물레교 대금’ 시공사 대표 붙잡혀", Lines(kCase, 0, 3));
  EXPECT_EQ(Decide(undated, dated).features.new_case_stage, 0);
}

TEST(NextStageTest, AnUpdateMarkedAsSuchIsTheSameArticle) {
  const std::string update = kCase + "\n윤씨는 선고 뒤 아무 말도 하지 않았다.";
  const Judgement judgement =
      Decide(Article("‘물레교 대금’ 시공사 대표 징역 4년 선고…법정 구속(종합)", update,
                     {.published_at = kMonday + absl::Hours(1)}),
             Article("‘물레교 대금’ 시공사 대표 징역 4년 선고", kCase, {.published_at = kMonday}));
  EXPECT_TRUE(judgement.same_article()) << Name(judgement.rule) << ' ' << judgement.score;
}

TEST(NextStageTest, MinutesApartTwoOutletsNameOneStageInOtherWords) {
  const Judgement judgement = Decide(
      Article("‘물레교 대금’ 시공사 대표 실형", kCase,
              {.publisher = "솔내신문", .published_at = kMonday + absl::Minutes(5)}),
      Article("‘물레교 대금’ 시공사 대표 1심 징역 4년", kCase + "\n윤씨는 말이 없었다.",
              {.published_at = kMonday}));
  EXPECT_TRUE(judgement.same_article()) << Name(judgement.rule);
}

TEST(LittleSharedTest, AThirdInCommonIsAnOverlapHoweverAlikeTheHeadlines) {
  const std::string half =
      Lines(kBridgeBody, 0, 0) + Lines(kBridgeBody, 2, 2) + Lines(kBridgeBody, 4, 4);
  const Judgement judgement =
      Decide(Article(kBridgeTitle, half + std::string(kOrchardBody), {.publisher = "솔내신문"}),
             Article(kBridgeTitle, kBridgeBody));
  EXPECT_FALSE(judgement.same_article());
  EXPECT_LT(judgement.score, kSameArticleScore);
  EXPECT_EQ(judgement.relation, Relation::kOverlap);
}

}  // namespace
}  // namespace wonbon
