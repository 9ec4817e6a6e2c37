#include "core/text/boilerplate.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <set>
#include <string>

#include "core/text/boilerplate_rules.h"
#include "core/text/canonical.h"
#include "core/text/fold.h"
#include "core/text/squeezed.h"
#include "tests/core/text/utf8_of.h"

namespace wonbon {
namespace {

std::string Folded(const std::string& body) {
  return Utf8(Canonicalize(body, {.content_type = ContentType::kText}).folded);
}

std::u16string Units(const std::string& body) {
  return Canonicalize(body, {.content_type = ContentType::kText}).units;
}

constexpr char kLead[] = "가람시는 내년부터 마을버스 요금을 받지 않겠다고 밝혔다.";
constexpr char kEnd[] = "시의회는 다음 달 예산안을 심의한다.";

struct Example {
  std::string rule;
  std::string before;  // boilerplate in front of the article, ...
  std::string inside;  // ... between its two sentences, ...
  std::string after;   // ... and behind
};

// Outlets, people and addresses are invented, agencies are not.
const Example kExamples[] = {
    {"dateline", "(가람=한빛통신) 이나래 기자 = ", "", ""},
    {"dateline", "【가람=뉴시스】 이나래 박가온 기자 = ", "", ""},
    {"dateline", "[가람=한빛일보]이나래 기자= ", "", ""},
    {"outlet_head", "[한빛경제]\n", "", ""},
    {"outlet_head", "<새벽신문> ", "", ""},
    {"tag_head", "[속보] ", "", ""},
    {"tag_head", "(2보)\n", "", ""},
    {"tag_head", "【종합2보】", "", ""},
    {"byline_head", "이나래 기자 = ", "", ""},
    {"byline_head", "이나래 기자\n", "", ""},
    {"byline_head", "이나래·박가온 특파원 narae@hanbit.example\n", "", ""},
    {"time_head", "입력 2031.03.02. 오후 3:21 수정 2031.03.02. 오후 4:02\n", "", ""},
    {"time_head", "기사입력 : 2031-03-02 15:21\n", "", ""},
    {"first_published", "이 기사는 2031년 3월 2일 9시 3분 한빛프리미엄에 먼저 표출됐습니다. ", "",
     ""},
    {"byline", "", "", " 이나래 기자"},
    {"byline", "", "", "\n이나래 기자 narae@hanbit.example"},
    {"byline", "", "", "/가람=이나래기자 narae@hanbit.example"},
    {"byline", "", "", "\n글·사진 이나래 기자\n박가온 인턴기자"},
    {"byline", "", "", " 이나래 한빛닷컴 기자"},
    {"byline_after_email", "", "", " narae@hanbit.example 이나래 기자"},
    {"byline_bracket_tail", "", "", "[이나래 기자]"},
    {"byline_bracket_tail", "", "", "\n[한빛일보 이나래 기자 narae@hanbit.example]"},
    {"named_email", "", "", " 이나래 (narae@hanbit.example)"},
    {"email", "", "", " narae@hanbit.example"},
    {"email", "", "", "\nnarae7@"},
    {"email", "", "", "\nlee.narae@hanbit.example"},
    {"agency_tail", "", "", "/뉴스1narae"},
    {"copyright", "", "", "\n<저작권자 ⓒ 한빛일보 무단 전재 및 재배포, AI 학습 및 활용 금지>"},
    {"copyright", "", "", "\nCopyrights ⓒ 한빛일보 & hanbit.example, 무단 전재 및 재배포 금지"},
    {"copyright", "", "", "[ⓒ 한빛일보, 무단 전재 및 재배포 금지]"},
    {"copyright", "", "", "\nCopyright(c) since 2001, hanbit all rights reserved."},
    {"no_reuse", "", "", "\n), 무단 전재 및 재배포 금지]"},
    {"no_reuse", "", "", "\n*재판매 및 DB 금지"},
    {"copyright_name", "", "", "\nⓒ 한빛일보"},
    {"url", "", "", " https://news.hanbit.example/read?id=1&page=2"},
    {"domain", "", "", "\nhanbit.co.kr"},
    {"promotion", "", "", "\n▶ 한빛일보 구독하기"},
    {"promotion", "", "", "▶ 네이버에서 한빛일보 만나보세요▶ 한빛TV 바로가기"},
    {"promotion", "", "", " ☞ 기사보기 ☜"},
    {"promotion_bracket", "", "", " [한빛일보 바로가기] [네이버 메인에서 한빛일보 받아보기]"},
    {"promotion_line", "", "", "\n- 한빛일보 바로가기\n- 관련기사 더보기"},
    {"tips", "", "", "\n한빛TV는 24시간 여러분의 제보를 기다립니다."},
    {"tips", "", "", "\n※ '당신의 제보가 뉴스가 됩니다'"},
    {"tip_line", "", "", "\n제보는 카카오톡 okjebo"},
    {"tip_line", "", "", "\n한빛TV 기사문의 및 제보 : 카톡 jebo77"},
    {"contact", "", "", "\n[전화] 02-000-0000\n[메일] jebo@hanbit.example"},
    {"contact", "", "", "\n▷ 카카오톡 : '한빛제보' 검색, 채널 추가"},
    {"subscribe", "", "", "\n네이버에서 ‘한빛일보’ 구독하기"},
    {"newsletter", "", "", "\n한빛아침 뉴스레터 구독하기"},
    {"board_tail", "", "", "\n댓글목록\n등록된 댓글이 없습니다."},
    {"board_tail", "", "", "\n추천 3\n이전글 다른 글의 제목\n목록"},
    {"hot_news", "", "", "[한빛 이시간 핫 뉴스] ㆍ 바다에 눈이 왔다 ㆍ 산이 움직였다"},
    {"credit_tail", "", "", "\n사진=한빛일보"},
    {"credit_tail", "", "", "\n일러스트=박가온"},
    {"sign_off", "", "", " 한빛뉴스 이나래입니다."},
    {"staff", "", "", "\n영상취재: 박가온 영상편집: 최누리"},
    {"staff", "", "", "\n영상편집ㅣ최누리"},
    {"hashtags", "", "", "#마을버스 #가람시 #무료요금"},
    {"tip_call", "", "", "\n[사진·영상 제보 받습니다]"},
    {"tip_call", "", "",
     "[사진 영상 제보받습니다] 한빛통신이 독자 여러분의 소중한 제보를 기다립니다. 화제가 된다고 "
     "판단되는 사진 또는 영상을 사진영상부(photo@hanbit.example, 02-000-0000)로 보내주시면 적극 "
     "반영하겠습니다."},
    {"paywall", "", "",
     "\n이 기사는 유료 회원 전용입니다. 로그인하신 뒤 읽으실 수 있습니다. 아직 회원이 아니시면 구독을 "
     "신청해 주세요. 월 7,000원으로 모든 기사를 제한 없이 읽으실 수 있습니다. 문의 02-000-0000"},
    {"paywall", "", "", "\n나머지 내용은 한빛프리미엄 구독자만 볼 수 있습니다."},
    {"paywall", "", "", "\n기사를 끝까지 읽으시려면 로그인이 필요합니다.\n로그인\n회원가입"},
    {"paywall", "", "", " [회원 전용 기사]"},
    {"player_head", "이 브라우저는 동영상 재생을 지원하지 않습니다.\n", "", ""},
    {"player_tail", "", "", " 동영상을 재생하려면 플래시를 켜 주세요."},
    {"player", "", "\n브라우저가 오디오를 지원하지 않습니다.\n", ""},
    {"player", "", "\nVideo Player is loading.\n", ""},
    {"player_button", "", "\n재생\n00:00\n음성으로 듣기\n글씨크기 조절하기\n", ""},
    {"promotion_chain", "", "", "▶ 오늘의 운세 ▶ 만화 모음 ⓒ 한빛일보, 무단 전재 금지"},
    {"photo_credit", "", " (사진=한빛일보) ", ""},
    {"photo_credit", "", " [사진 제공 = 가람시청] ", ""},
    {"photo_credit", "", "《그래픽=최누리》", ""},
    {"agency_credit", "", " [연합뉴스 자료사진] ", ""},
    {"wire_credit", "", "[AP/뉴시스]", ""},
    {"resale", "", " [가람시 제공. 재판매 및 DB 금지] ", ""},
    {"resale_star", "", " *재판매 및 DB 금지 ", ""},
    {"speaker", "<앵커> ", " [기자] ", ""},
    {"speaker", "◀ 앵커 ▶\n", "\n◀ 리포트 ▶\n", ""},
    {"byline_bracket", "[한빛일보 이나래 기자] ", "", ""},
    {"byline_bracket", "", " [한빛스포츠 이나래·박가온 기자] ", ""},
    {"byline_bracket", "", " [한빛스포츠ㅣ이나래 기자] ", ""},
    {"byline_bracket_after", "[이나래 한빛일보 기자] ", "", ""},
    {"dateline_inside", "", "\n(가람=연합뉴스) 이나래 기자,박가온 기자 = ", ""},
    {"copyright_bracket", "", " <저작권자 ⓒ 한빛일보, 무단 전재 및 재배포 금지> ", ""},
    {"copyright_sign", "", " © News1 이나래 기자 ", ""},
    {"agency_slash", "", " /연합뉴스 ", ""},
    {"credit_slash", "", " /이나래 기자\n", ""},
    {"credit_slash", "", " /한빛일보 DB\n", ""},
    {"credit_slash", "", " /가람시 제공\n", ""},
    {"credit_line", "그래픽=최누리\n", "\n사진=가람시청\n", ""},
    {"stock_caption", "", "\n가람시청 전경. /한빛일보DB\n", ""},
    {"stock_caption", "", "\n마을버스 자료사진. (사진=한빛일보 제공) *재판매 및 DB 금지\n", ""},
    {"agency_line", "연합뉴스\n", "", ""},
    {"time_line", "", "\n입력 2031.03.02. 오후 3:21\n", ""},
    {"read_more", "", "\n☞ 기사보기 ☜\n", ""},
};

TEST(BoilerplateTest, EachExampleLeavesTheArticle) {
  const std::u16string article = Units(std::string(kLead) + " " + kEnd);
  for (const Example& e : kExamples) {
    const std::string body =
        e.before + kLead + (e.inside.empty() ? " " : e.inside) + kEnd + e.after;
    EXPECT_EQ(Utf8(Units(body)), Utf8(article)) << e.rule << ": " << body;
  }
}

TEST(BoilerplateTest, EachRuleHasAnExampleThatItMatches) {
  std::set<std::string> seen;
  for (const BoilerplateRule& rule : BoilerplateRules()) {
    const std::string name(rule.name);
    EXPECT_TRUE(seen.insert(name).second) << "two rules are called " << name;
    bool has_example = false;
    for (const Example& e : kExamples) {
      if (e.rule != name) continue;
      has_example = true;
      const std::u16string folded = Fold(e.before + kLead + e.inside + kEnd + e.after, false).text;
      Squeezed squeezed;
      squeezed.Assign(folded, 0, folded.size());
      EXPECT_TRUE(
          RE2::PartialMatch(re2::StringPiece(squeezed.utf8().data(), squeezed.utf8().size()),
                            RE2("(?m:" + std::string(rule.pattern) + ")")))
          << name << ": " << e.before << e.inside << e.after;
    }
    EXPECT_TRUE(has_example) << name;
  }
  for (const Example& e : kExamples) EXPECT_EQ(seen.count(e.rule), 1u) << e.rule;
}

// One spacing error in every word: rules do not see white space.
TEST(BoilerplateTest, SpacingErrorsHideNoBoilerplate) {
  for (const Example& e : kExamples) {
    if (e.after.empty()) continue;
    std::string spaced;
    for (const char16_t c : Fold(e.after, false).text) {
      spaced += Utf8(std::u16string(1, c));
      if (c >= 0xAC00) spaced += ' ';
    }
    EXPECT_EQ(Utf8(Units(std::string(kLead) + " " + kEnd + spaced)),
              Utf8(Units(std::string(kLead) + " " + kEnd)))
        << e.rule << ": " << spaced;
  }
}

// Text that looks like boilerplate and is the article's.
TEST(BoilerplateTest, ArticleTextStays) {
  for (const char* body : {
           // Brackets that say something.
           "환율은 1달러(1달러=1300원)를 기준으로 했다. 지난달보다 올랐다.",
           "[단독] 가람시가 버스를 산다고 밝혔다. 모두 서른 대다.",
           "[쟁점] 요금을 누가 내는가가 쟁점이다. 시는 세금으로 낸다고 했다.",
           "박 시장(가람당)은 <버스의 시대>라는 책을 냈다. 반응이 좋았다.",
           "이 사건을 취재한 이 기자는 (사진을) 찍었다고 말했다. 사진은 없다.",
           "<표 1>에 나온 대로 승객이 (전년 대비) 늘었다. 12.5% 늘었다.",
           // Sentences about reporters, tips, subscriptions, copyright.
           "이나래 기자가 현장에 갔다고 방송사는 밝혔다. 그는 다음 날 돌아왔다.",
           "경찰은 시민의 제보를 받아 수사를 시작했다고 밝혔다. 제보는 모두 세 건이었다.",
           "네이버는 뉴스 구독 화면을 바꾼다고 밝혔다. 다음 달부터 구독하기 단추가 커진다.",
           "법원은 사진의 무단 전재를 금지한다고 판결했다. 저작권자는 항소했다.",
           "저작권자의 동의 없이 올린 글은 삭제를 명령했다. 회사는 따르겠다고 했다.",
           // Lists with marks.
           "인사 명단이다.\n▶ 국장 이나래\n▶ 과장 박가온\n▶ 계장 최누리",
           "일정은 이렇다.\n▲ 오전 10시 본회의\n▲ 오후 2시 공청회",
           "▷ 대법원은 상고를 기각했다고 밝혔다.\n▷ 시는 판결을 따르겠다고 밝혔다.",
           // Fractions, dates, slashes.
           "점수는 3/4 정도였다고 시는 설명했다. 2031.3.2/오전에 발표했다.",
           "작업은 설계/시공으로 나눈다고 했다. 입력 2칸 출력 3칸이다.",
           // Last sentences with a name, an address.
           "새 대변인은 이나래다. 임기는 2년이다.",
           "신청은 시청 홈페이지에서 받는다. 전화로도 할 수 있다.",
           "#1 첫 장면은 바다다. 둘째 장면은 산이다.",
           // Sentences about subscriptions, players and comments.
           "이 기사는 구독자에게만 보낸다고 밝혔다. 회원은 모두 3만 명이다.",
           "이 서비스는 유료 회원이 아니어도 쓸 수 있다고 밝혔다. 로그인은 필요하다.",
           "나머지 내용은 회원에게만 알렸다. 시는 이를 문제로 봤다.",
           "새 브라우저는 옛 동영상 형식을 지원하지 않는다. 이용자는 줄었다.",
           "영상을 재생하려면 전용 단말기를 사야 한다. 값은 3만 원이다.",
           "시민 여러분의 소중한 제보를 기다린다고 밝혔다. 제보는 세 건이었다.",
           // Boards.
           "본문은 세 쪽이고 페이지 정보는 없다고 했다. 댓글도 없었다.",
       }) {
    EXPECT_EQ(Folded(body), Utf8(Fold(body, false).text)) << body;
  }
}

TEST(BoilerplateTest, WhatABoardPrintsAroundAnArticleGoes) {
  const std::string article = std::string(kLead) + " " + kEnd;
  const std::string board = "마을버스 무료\n페이지 정보\n작성자 손님 작성일 31-03-02\n\n본문\n" +
                            article + "\n댓글목록\n등록된 댓글이 없습니다.";
  EXPECT_EQ(Utf8(Units(board)), Utf8(Units(article)));
  const std::string framed = "마을버스\n페이지 정보\n\n본문\n검색순위 전문업체\n" + article +
                             "\n검색순위 전문업체\n댓글목록\n등록된 댓글이 없습니다.";
  EXPECT_EQ(Utf8(Units(framed)), Utf8(Units(article)));
}

TEST(BoilerplateTest, ADateInFrontOfAnAddressStays) {
  const std::string dated = std::string(kLead) + " " + kEnd + " 2031.3.2.";
  for (const char* address :
       {"narae@hanbit.example", " narae@hanbit.example", "narae@hanbit.example 끝."}) {
    const std::string body = dated + address;
    EXPECT_NE(Units(body).find(u"203132"), std::u16string::npos) << body;
    EXPECT_EQ(Units(body).find(u"narae"), std::u16string::npos) << body;
  }
}

TEST(BoilerplateTest, WhereBoilerplateIsAllItStays) {
  for (const char* body : {"이나래 기자 narae@hanbit.example", "(사진=한빛일보)",
                           "▶ 제보는 카카오톡 okjebo", "<저작권자 ⓒ 한빛일보, 무단 전재 금지>"}) {
    EXPECT_EQ(Folded(body), Utf8(Fold(body, false).text)) << body;
  }
}

// A rule that looks back over all before would take minutes, which the test's time limit shows.
TEST(BoilerplateTest, ManyMarksTakeLinearTime) {
  for (const char* mark : {"(", "[", "@", "/", "©", "a@b ", "a.b@", "(사진=", "▶ 구독",
                           "(((((((((()", "기자", "다.\n", "#가", "제보는 ", "네이버", "\n댓글 3",
                           "\n댓글 3\n답글", "\n댓글\n이나래 3분 전\n글", "이 기사는 유료 "}) {
    std::string body = kLead;
    while (body.size() < (256 << 10)) body += mark;
    EXPECT_FALSE(Units(body).empty()) << mark;
  }
}

TEST(BoilerplateTest, CommentsBehindAnArticleGo) {
  const std::string article = std::string(kLead) + "\n" + kEnd;
  for (const std::string comments : {
           "\n댓글 0",
           "\n댓글 2\n이나래\n2031.03.02 10:11\n잘 읽었다. 버스를 더 늘려야 한다.\n답글 0\n공감 3 "
           "비공감 1\n박가온\n2031.03.02 12:40\n세금으로 낸다는 말인데요.\n답글 1",
           "\n전체 댓글 1\n최신순 | 추천순\n하늘** 3시간 전\n우리 동네에도 왔으면 좋겠다.\n신고",
           "\n3개의 댓글\n댓글 정렬\n댓글삭제\n삭제한 댓글은 다시 복구할 수 없습니다.\n"
           "그래도 삭제하시겠습니까?\n등록\n0 / 400\n내 댓글 모음",
           "\n댓글목록\n손님 31-03-02\n댓글쓰기\n비밀번호\n등록",
           "\n댓글 1\n이나래\n방금 전\n첫째 줄이다.\n둘째 줄이다.\n\n댓글 더보기\n댓글 1\n등록",
       }) {
    EXPECT_EQ(Folded(article + comments), Utf8(Fold(article, false).text)) << comments;
    // The footer between the article and its comments goes as well.
    const std::string footer = "\n이나래 기자 narae@hanbit.example\nⓒ 한빛일보, 무단 전재 금지";
    EXPECT_EQ(Folded(article + footer + comments), Utf8(Fold(article, false).text)) << comments;
  }
}

TEST(BoilerplateTest, WhatIsNotACommentStays) {
  const std::string article = std::string(kLead) + "\n" + kEnd;
  const std::string later = "시는 다음 달에 다시 발표한다.";
  for (const std::string& body : {
           // Buttons over the article, whatever stands behind it.
           "마을버스 무료\n댓글 3\n" + article,
           "마을버스 무료\n댓글 3\n" + article + "\n추천 0",
           "마을버스 무료\n댓글 3\n입력 2031.03.02 10:11\n" + article + "\n추천 0",
           // A statement without a name and a time over it.
           article + "\n댓글 3\n" + later + "\n답글 0",
           // Lines that only speak of comments.
           article + "\n댓글 조작 사건\n" + later,
           article + "\n누리꾼의 댓글도 많았다.",
           // Names without comments.
           article + "\n댓글 3\n국장 이나래\n과장 박가온\n계장 최누리\n추천 0",
       }) {
    const std::u16string units = Units(body);
    EXPECT_NE(units.find(Units(article)), std::u16string::npos) << body;
    for (const char16_t* word : {u"발표한다", u"많았다", u"과장박가온"}) {
      const bool is_there = CanonicalizeTitle(body).units.find(word) != std::u16string::npos;
      EXPECT_EQ(units.find(word) != std::u16string::npos, is_there) << body;
    }
  }
}

TEST(BoilerplateTest, ATextOfNothingButANoticeStays) {
  for (const char* body : {"이 기사는 유료 회원 전용입니다. 로그인하신 뒤 이용해 주십시오.",
                           "이 브라우저는 동영상 재생을 지원하지 않습니다.",
                           "사진\n댓글 2\n이나래\n2031.03.02 10:11\n잘 읽었다."}) {
    EXPECT_EQ(Folded(body), Utf8(Fold(body, false).text)) << body;
  }
}

}  // namespace
}  // namespace wonbon
