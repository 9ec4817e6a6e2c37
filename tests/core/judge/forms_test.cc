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

// What the headlines name is somewhere in both texts, for the column lists the same goods each day.
std::string MarketColumn(std::string_view day, std::string_view risen, std::string_view fallen,
                         std::string_view reason) {
  return absl::StrCat(
      "한빛일보 장터 온도는 ", std::string(day), "일 도매 장터 서른일곱 곳의 값을 살핀 결과 ",
      std::string(risen), " 차례로 값이 올랐다고 알렸다. ", std::string(fallen),
      " 차례로는 내렸다. ", std::string(reason),
      " 장터 온도는 물건마다 나온 말의 갈래를 모아 매기는 점수로, 쉰을 넘으면 사려는 쪽이 많다는 뜻이다. "
      "배추와 무는 산지의 날씨에, 사과와 배는 곳간에 쌓인 양에, 고등어와 갈치는 뱃길의 물결에 따라 움직인다. "
      "감자와 양파는 새로 나온 것이 들어오는 철에 값이 내리고, 딸기와 오이는 밤 기온에 매인다. "
      "점수는 날마다 아침 여섯 시에 새로 매기며 주말에는 쉰다. 지난 점수는 누리집에서 볼 수 있다. "
      "말은 상인과 손님이 장터 이야기방에 남긴 글에서 모은다. 비싸다, 동났다, 서두르라는 말은 점수를 올리고 "
      "남았다, 시들었다, 기다리라는 말은 내린다. 같은 사람이 거듭 쓴 글은 한 번만 세고, 값을 흔들려는 글은 "
      "가려낸다. 점수가 높다고 값이 반드시 오르지는 않으며 사고파는 일은 저마다의 몫이다. 셈법을 만든 "
      "물빛연구소는 해마다 봄에 낱말 목록을 고치고, 고친 까닭을 글로 밝힌다.");
}

TEST(FormTest, AColumnOfTheNextDayIsATemplateThoughItListsTheSameNames) {
  const auto at = [](int days) {
    return ArticleOptions{.publisher = "한빛일보", .published_at = kTuesday + absl::Hours(24 * days)};
  };
  const std::string first_text =
      MarketColumn("4", "배추·사과·고등어·감자·양파", "무·배·갈치·딸기·오이",
                   "산간에 눈이 온다는 소식에 배추를 미리 사 두려는 손이 많았다.");
  const Profile first = Article("[장터 온도] 오른 다섯, 배추·사과·고등어·감자·양파", first_text, at(0));
  const Profile next =
      Article("[장터 온도] 오른 다섯, 무·딸기·갈치·오이·배",
              MarketColumn("5", "무·딸기·갈치·오이·배", "배추·사과·양파·고등어·감자",
                           "물결이 높아 배가 뜨지 못하자 갈치를 찾는 말이 늘었다."),
              at(1));
  const Judgement judgement = Decide(next, first);
  EXPECT_EQ(judgement.relation, Relation::kTemplate) << judgement.jaccard;
  EXPECT_EQ(judgement.rule, Rule::kOtherDay);
  EXPECT_TRUE(Decide(Article("[장터 온도] 오른 다섯, 배추·사과·고등어·감자·양파",
                             Replaced(first_text, "알렸다", "전했다"), at(1)),
                     first)
                  .same_article())
      << "the same day's, a day later";
}

TEST(FormTest, ACutEditionOfTheNextDayIsACopyThoughItsLeadNamesThatDay) {
  const std::string online =
      "한강시는 일하는 이에게 주는 명절 돈과 휴가 돈을 기준 임금에 넣는 지침을 6일 내놓았다. 지금까지는 자리에 있어야 "
      "받는다는 조건이 붙은 돈은 빠져 있었다. 지침은 조건이 있더라도 늘 같은 때 같은 만큼 준다면 기준 임금으로 본다. "
      "다만 일한 결과에 따라 달라지는 성과 돈은 넣지 않는다. 시는 고을마다 설명회를 열고 물음에 답하는 창구도 "
      "둔다. 석 달 동안은 어긴 곳을 벌하지 않고 고치도록 이끌 계획이다. ";
  const std::string rest =
      "지난해 큰 법정이 판례를 바꾼 뒤 일터마다 셈법이 달라 다툼이 이어졌다. 노동 단체는 늦었지만 다행이라고 했고 "
      "사업자 단체는 작은 일터의 짐을 덜 방안도 함께 내라고 했다. 지침 전문은 누리집에 실렸으며 바뀐 셈법을 따져 볼 수 있는 표도 곁들였다. 전문가들은 지침이 법은 "
      "아니므로 다툼이 생기면 법정이 다시 가려야 한다고 짚었다.";
  const Profile first = Article("명절 돈·휴가 돈도 기준 임금…한강시, 지침 개정", online + rest,
                                {.publisher = "한빛일보", .published_at = kTuesday});
  const Profile print = Article("“명절 돈·휴가 돈도 기준 임금”", Replaced(online, "6일", "7일"),
                                {.publisher = "한빛일보", .published_at = kTuesday + absl::Hours(24)});
  const Judgement judgement = Decide(print, first);
  EXPECT_NE(judgement.rule, Rule::kOtherDay);
  EXPECT_TRUE(judgement.same_article()) << Name(judgement.rule) << ' ' << judgement.score;
}

TEST(FormTest, ALongArticleToldAgainTheSameDayIsOneWhateverItsHeadlinesName) {
  const std::string text =
      "2006년 상을 거둔 정부는 아홉 차례 독촉장을 보냈으나 답을 받지 못했다. 물빛재단은 상금을 이미 들녘 마을의 물길을 "
      "고치는 데 썼다며 돌려줄 까닭이 없다고 맞섰다. 법정은 지난해 겨울 시의 손을 들어 주었지만, 이자를 어디부터 셈할지를 "
      "두고 다툼이 이어졌다. 위원들은 곳간에 남은 돈이 얼마인지 살피려고 장부 석 권을 넘겨받았고, 그 가운데 두 권은 "
      "물에 젖어 글씨를 읽을 수 없었다. 나머지 한 권에는 배를 빌린 값과 둑을 쌓은 품삯이 달마다 적혀 있었다. 마을 "
      "어른들은 그해 큰물이 났을 때 재단이 아니었다면 논이 모두 잠겼을 것이라고 말한다. 반면 시민 모임은 상은 연구에 준 "
      "것이지 공사에 준 것이 아니라며 본보기를 남겨야 한다고 주장한다. 시는 오는 여름까지 받아 낼 길이 있는지 따져 본 "
      "뒤, 없으면 못 받는 돈으로 처리하고 기록을 책으로 펴낼 생각이다. 비슷한 일을 겪은 이웃 고을은 상을 줄 때 쓰임새를 "
      "미리 적게 하는 조례를 만들었다. 전문가들은 상이 거두어질 수 있다는 것을 받는 이도 알아야 한다고 짚었다. " +
      std::string(kBridgeBody);
  const Profile morning = Article("윤다온 전 관장 상금 환수 네 해 만에 마무리 수순",
                                  "한강이 윤다온 전 관장의 상금 환수를 네 해 만에 마무리하는 수순이다. " + text,
                                  {.published_at = kTuesday});
  const Profile print = Article("포상금 석 장, 시청이 옛 서류 덮을 모양",
                                "시청이 포상금 석 장을 적은 옛 서류를 덮을 모양이다. " + text,
                                {.published_at = kTuesday + absl::Hours(9)});
  EXPECT_NE(Decide(print, morning).rule, Rule::kOtherNames);
  const Profile weeks_later = Article("포상금 석 장, 시청이 옛 서류 덮을 모양",
                                      "시청이 포상금 석 장을 적은 옛 서류를 덮을 모양이다. " + text,
                                      {.published_at = kTuesday + absl::Hours(24 * 9)});
  EXPECT_EQ(Decide(weeks_later, morning).rule, Rule::kOtherNames) << "days later it is a form";
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
