// One form with other facts that are no numbers: names, places, days; notices in place of an
// article; and what must still be one article beside them.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/judge/judge.h"
#include "tests/core/judge/articles.h"

namespace wonbon {
namespace {

const absl::Time kTuesday = absl::FromUnixSeconds(1'741'000'000);

Judgement Decide(const Profile& a, const Profile& b) { return Judge(a, b, Rarity(1 << 16)); }

// A notice as branch offices send it to the papers of their town.
std::string LibraryNotice(std::string_view town, std::string_view day, std::string_view director,
                          std::string_view hall) {
  return absl::StrCat(
      std::string(town), "도서관은 ", std::string(day), "일 ", std::string(hall),
      "에서 어르신을 위한 큰글자책 읽기 모임을 열었다고 밝혔다. 모임에서는 자원봉사자들이 소설과 수필을 "
      "소리 내어 읽고 참가자들이 느낀 점을 나눴다. 도서관은 큰글자책과 돋보기를 늘리고 이동 도서관도 달마다 "
      "두 차례 보내기로 했다. ",
      std::string(director), " 관장은 \"눈이 어두워 책을 멀리하던 분들이 다시 이야기를 즐기게 되어 기쁘다\"고 "
      "말했다.");
}
Profile LibraryArticle(std::string_view town, std::string_view day, std::string_view director,
                       std::string_view hall, const ArticleOptions& options) {
  return Article(absl::StrCat(std::string(town), "도서관, 어르신 큰글자책 읽기 모임"),
                 LibraryNotice(town, day, director, hall), options);
}

TEST(FormTest, OneFormSentByTwoTownsOnOneDayIsATemplate) {
  const Judgement judgement =
      Decide(LibraryArticle("솔내읍", "4", "윤다온", "은빛마루",
                            {.publisher = "솔내신문", .published_at = kTuesday}),
             LibraryArticle("들녘군", "4", "도라온", "물레회관", {.published_at = kTuesday}));
  EXPECT_EQ(judgement.relation, Relation::kTemplate) << judgement.jaccard;
  EXPECT_EQ(judgement.rule, Rule::kOtherNames);
}

// A month later one name in the headline and one in the text are enough.
TEST(FormTest, AFormThatComesBackIsATemplateAndALateReprintIsACopy) {
  const std::string notice = LibraryNotice("솔내읍", "4", "윤다온", "은빛마루");
  const auto at = [](int days) {
    return ArticleOptions{.publisher = days == 0 ? "솔내신문" : "들녘일보",
                          .published_at = kTuesday + absl::Hours(24 * days)};
  };
  const Profile first = Article("솔내읍도서관, 어르신 큰글자책 읽기 모임", notice, at(0));
  const Profile other = Article("들녘군도서관, 어르신 큰글자책 읽기 모임",
                                Replaced(notice, "솔내읍", "들녘군"), at(30));
  EXPECT_EQ(Decide(other, first).relation, Relation::kTemplate);
  const Profile reprint = Article("솔내읍도서관, 어르신 큰글자책 읽기 모임",
                                  Replaced(notice, "밝혔다", "전했다"), at(30));
  EXPECT_TRUE(Decide(reprint, first).same_article());
}

TEST(FormTest, TheSameNoticeInAnotherPaperIsACopy) {
  const Judgement judgement = Decide(
      Article("솔내읍도서관, 어르신 큰글자책 읽기 모임 '호응'",
              Replaced(LibraryNotice("솔내읍", "4", "윤다온", "은빛마루"), "밝혔다", "전했다"),
              {.publisher = "솔내신문", .published_at = kTuesday + absl::Hours(3)}),
      LibraryArticle("솔내읍", "4", "윤다온", "은빛마루", {.published_at = kTuesday}));
  EXPECT_TRUE(judgement.same_article()) << Name(judgement.rule) << ' ' << judgement.score;
}

TEST(FormTest, ABulletinOfAnotherDayUnderOneHeadlineIsATemplate) {
  const std::string_view body =
      "11일 한강시 앞바다는 구름이 많겠고 물결은 0.5∼1.5미터, 바람은 초속 4∼9미터로 일겠다. 새벽에는 바닷가를 중심으로 안개가 끼는 곳이 "
      "있겠으니 배를 모는 이들은 조심해야 한다. 밀물 때에는 갯바위에 오르지 말아야 하며, 낚시하는 이들은 "
      "구명조끼를 꼭 입어야 한다고 해양 관측소는 당부했다. 밀물은 오전 6시 40분과 오후 7시 15분이다. 다음 소식은 저녁에 나온다.";
  const Profile today = Article("내일 바다 날씨", body, {.published_at = kTuesday});
  const Profile next = Article("내일 바다 날씨", Replaced(body, "11일", "12일"),
                               {.published_at = kTuesday + absl::Hours(24)});
  const Judgement judgement = Decide(next, today);
  EXPECT_EQ(judgement.relation, Relation::kTemplate) << judgement.jaccard;
  EXPECT_EQ(judgement.rule, Rule::kOtherDay);
  EXPECT_TRUE(Decide(Article("내일 바다 날씨", Replaced(body, "당부했다", "일렀다"),
                             {.publisher = "솔내신문", .published_at = kTuesday + absl::Hours(24)}),
                     today)
                  .same_article());
}

TEST(FormTest, DurationsAreNoDays) {
  EXPECT_EQ(Article("은빛교", "은빛교를 3일간 막는다. 열흘 뒤 5일 만에 연다.").days, 0u);
  EXPECT_EQ(Article("은빛교", "시는 4일 은빛교를 막고 31 일에 연다.").days, uint32_t{1} << 4);
  EXPECT_EQ(Article("은빛교", "2025.4.12일 자와 100일 잔치, 32일.").days, 0u);
}

constexpr std::string_view kLocked =
    "전체 내용은 정기 독자에게만 보입니다. 이름과 비밀 낱말을 넣으시면 이어집니다. 아직 독자가 아니시면 아래 "
    "단추를 눌러 한 달 동안 값을 치르지 않고 볼 수 있습니다. 궁금한 점은 독자 상담실로 물어 주십시오.";

TEST(NoticeTest, OneNoticeUnderHeadlinesItDoesNotSpeakOfIsNoArticle) {
  const Judgement judgement = Decide(Article("늦서리에 배꽃 얼어… 과수원 절반 피해", kLocked),
                                     Article("한강시, 낡은 다리 세 곳 새로 놓는다", kLocked));
  EXPECT_EQ(judgement.relation, Relation::kTemplate);
  EXPECT_EQ(judgement.rule, Rule::kNotice);
  EXPECT_LT(judgement.score, kSameArticleScore);
}

TEST(NoticeTest, OneTextUnderAnyHeadlineIsOneArticle) {
  EXPECT_EQ(Decide(Article("출퇴근길이 달라진다", kBridgeBody), Article("강변의 봄", kBridgeBody)).relation,
            Relation::kExact);
  EXPECT_EQ(Decide(Article("늦서리에 배꽃 얼어", kLocked), Article("늦서리에 배꽃 얼어", kLocked)).relation,
            Relation::kExact);
}

TEST(NoticeTest, TwoTeasersInOneFrameAreTwoArticles) {
  const Judgement judgement = Decide(
      Article("늦서리에 배꽃 얼어 붙은 들녘군",
              absl::StrCat(std::string(kLocked), " 들녘군 과수원의 배꽃이 늦서리에 얼어 붙었다.")),
      Article("한강시 은빛교 솔내교 새로 놓는다",
              absl::StrCat(std::string(kLocked), " 한강시가 낡은 은빛교와 솔내교를 헐고 새로 놓는다."),
              {.publisher = "솔내신문"}));
  EXPECT_FALSE(judgement.same_article()) << Name(judgement.rule) << ' ' << judgement.score;
}

TEST(VersionTest, AnAgencysNextVersionIsOneArticleWithTheFirst) {
  const std::string_view first =
      "한강시 강변 헌책방 골목에서 12일 오후 불이 나 소방관들이 끄고 있다. 아직 다친 사람은 없는 것으로 알려졌다.";
  const std::string second = absl::StrCat(
      "한강시 강변 헌책방 골목에서 12일 오후 불이 나 두 시간 만에 꺼졌다. 책방 일곱 곳이 타고 이웃 스무 명이 "
      "몸을 피했다. 불은 골목 끝 창고에서 비롯돼 바람을 타고 번졌다. 홍가람 시장은 상인들을 만나 도울 길을 찾겠다고 "
      "했다. 아직 다친 사람은 없는 것으로 알려졌다.");
  const Judgement judgement =
      Decide(Article("한강시 헌책방 골목 불…두 시간 만에 꺼져(종합)", second,
                     {.published_at = kTuesday + absl::Hours(2)}),
             Article("한강시 헌책방 골목에 불(1보)", first, {.published_at = kTuesday}));
  EXPECT_TRUE(judgement.same_article()) << judgement.jaccard;
  EXPECT_EQ(judgement.rule, Rule::kVersion);
}

TEST(TagTest, ATagMakesNoOtherStory) {
  const std::string_view flash = "한강시 은빛교 오늘 밤 전면 통제";
  const Profile plain = Article(flash, flash);
  for (const std::string_view tagged : {"[속보] 한강시 은빛교 오늘 밤 전면 통제",
                                        "한강시 은빛교 오늘 밤 전면 통제(종합2보)",
                                        "한강시 은빛교 오늘 밤 전면 통제 - 솔내신문"}) {
    EXPECT_EQ(Decide(Article(tagged, flash, {.publisher = "솔내신문"}), plain).relation,
              Relation::kExact)
        << tagged;
  }
  EXPECT_EQ(Decide(Article(flash, "[속보] 한강시 은빛교 오늘 밤 전면 통제"), plain).relation,
            Relation::kExact);
}

TEST(SameDigitsTest, WhatStandsBetweenDigitsMakesNoOtherNumber) {
  const std::string figures =
      "물레교의 안전 등급은 61.25점으로 지난해 72.50점보다 낮아졌고, 은빛교는 58.75점에서 49.30점으로 "
      "떨어졌다. 솔내교는 1,280미터 가운데 340.5미터를 다시 놓는다. ";
  const std::string body = absl::StrCat(figures, std::string(kBridgeBody));
  std::string spaced;
  for (size_t i = 0; i < body.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(body[i]) & 0xC0) != 0x80;
    if (begins && i > 0) spaced += ' ';
    spaced += body[i];
  }
  std::string stripped = body;
  std::erase_if(stripped, [](char c) { return c == '.' || c == ','; });
  const std::string comma = Replaced(Replaced(body, "61.25", "61,25"), "49.30", "49,30");
  const Profile original = Article(kBridgeTitle, body);
  for (const std::string& other : {spaced, stripped, comma}) {
    const Judgement judgement =
        Decide(Article(kBridgeTitle, other, {.publisher = "솔내신문"}), original);
    EXPECT_TRUE(judgement.same_article()) << Name(judgement.rule) << '\n' << other.substr(0, 200);
    EXPECT_EQ(judgement.features.numbers_conflict, 0) << other.substr(0, 200);
  }
  const std::string changed = Replaced(Replaced(body, "61.25", "67.25"), "49.30", "41.30");
  EXPECT_GT(Decide(Article(kBridgeTitle, changed), original).features.numbers_conflict, 0);
}

}  // namespace
}  // namespace wonbon
