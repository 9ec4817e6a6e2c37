#include "core/text/canonical.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/text/fold.h"
#include "tests/core/text/utf8_of.h"

namespace wonbon {
namespace {

constexpr char kArticle[] =
    "가람시는 3월 2일부터 마을버스 요금을 받지 않겠다고 밝혔다. 하루 1만2천 명이 탄다.\n"
    "이나래 교통과장은 “예산 45억 원을 마련했다”고 말했다. 시의회는 다음 달 심의한다.";

TEST(CanonicalTest, FoldedKeepsSpacesPunctuationAndLines) {
  const CanonicalText text = Canonicalize("  첫 줄,\t“둘” KBS\r\n\r\n 셋째 줄.  ", {});
  EXPECT_EQ(text.folded, u"첫 줄, “둘” kbs\n셋째 줄.");
  EXPECT_EQ(text.units, u"첫줄둘kbs셋째줄");
  EXPECT_TRUE(text.unit_source.empty());
}

TEST(CanonicalTest, SentencesEndAtFullStopsLinesAndBullets) {
  const CanonicalText text = Canonicalize(
      "가나 3.5다. \"라마.\" 바 ▲사아 ■자\n차카? 타\n\n!? \n 파", {});
  EXPECT_EQ(text.units, u"가나35다라마바사아자차카타파");
  EXPECT_EQ(text.sentence_ends, (std::vector<uint32_t>{5, 7, 8, 10, 11, 13, 14, 15}));
  EXPECT_EQ(Canonicalize("가", {}).sentence_ends, std::vector<uint32_t>{1});
  EXPECT_TRUE(Canonicalize("", {}).sentence_ends.empty());
}

TEST(CanonicalTest, UnitsAreEmptyOnlyWithoutLettersAndDigits) {
  EXPECT_TRUE(Canonicalize("", {}).units.empty());
  EXPECT_TRUE(Canonicalize(" \n…!? — 😀", {}).units.empty());
  EXPECT_EQ(Canonicalize("가", {}).units, u"가");
  EXPECT_EQ(Canonicalize("<p></p><nav>가</nav>", {}).units, u"가");
}

TEST(CanonicalTest, FormDoesNotMatter) {
  const std::u16string units = Canonicalize(kArticle, {}).units;
  const std::string decomposed = [] {
    std::string nfd;
    for (char16_t c : Fold(kArticle, false).text) {
      if (c < 0xAC00 || c > 0xD7A3) {
        nfd += Utf8(std::u16string(1, c));
        continue;
      }
      const int index = c - 0xAC00;
      nfd += Utf8(std::u16string(1, static_cast<char16_t>(0x1100 + index / 588)));
      nfd += Utf8(std::u16string(1, static_cast<char16_t>(0x1161 + index % 588 / 28)));
      if (index % 28 > 0)
        nfd += Utf8(std::u16string(1, static_cast<char16_t>(0x11A7 + index % 28)));
    }
    return nfd;
  }();
  EXPECT_EQ(Canonicalize(decomposed, {}).units, units);

  std::string full_width;
  for (char16_t c : Fold(kArticle, false).text) {
    full_width +=
        Utf8(std::u16string(1, c > 0x20 && c < 0x7F ? static_cast<char16_t>(c + 0xFEE0) : c));
  }
  EXPECT_EQ(Canonicalize(full_width, {}).units, units);

  std::string no_space;
  std::string zero_width;
  for (const char* p = kArticle; *p != 0; ++p) {
    if (*p != ' ' && *p != '\n') no_space += *p;
    zero_width += *p;
    if (*p == ' ') zero_width += "\u200B";
  }
  EXPECT_EQ(Canonicalize(no_space, {}).units, units);
  EXPECT_EQ(Canonicalize(zero_width, {}).units, units);

  const std::string page =
      std::string("<!doctype html><html><head><title>제목</title></head><body><nav>홈 정치</nav>") +
      "<h1>제목</h1><p>" + kArticle + "</p><footer>회사소개 무단 전재 금지</footer></body></html>";
  EXPECT_EQ(Canonicalize(page, {}).units, units);
}

TEST(CanonicalTest, ContentTypeIsObeyed) {
  const std::string body = "<b>굵은 글자로 쓴 문장</b>이 하나 있다.";
  EXPECT_EQ(Canonicalize(body, {.content_type = ContentType::kHtml}).folded,
            u"굵은 글자로 쓴 문장이 하나 있다.");
  EXPECT_EQ(Canonicalize(body, {.content_type = ContentType::kDetect}).folded,
            u"굵은 글자로 쓴 문장이 하나 있다.");
  EXPECT_EQ(Canonicalize(body, {.content_type = ContentType::kText}).folded,
            u"<b>굵은 글자로 쓴 문장</b>이 하나 있다.");
  EXPECT_EQ(Canonicalize("A &lt; B", {.content_type = ContentType::kText}).folded, u"a &lt; b");
}

TEST(CanonicalTest, TitlesKeepTheirTags) {
  EXPECT_EQ(CanonicalizeTitle("[단독]  가람시, 버스 무료 (종합) ").folded,
            u"[단독] 가람시, 버스 무료 (종합)");
  EXPECT_EQ(CanonicalizeTitle("ＫＢＳ 뉴스").units, u"kbs뉴스");
  EXPECT_EQ(CanonicalizeTitle("(사진=한빛일보)").units, u"사진한빛일보");
}

// Every unit comes from where its source says: that stretch of the body folds to text with the unit
// in it.
void ExpectSources(const std::string& body, ContentType type) {
  const CanonicalText text = Canonicalize(body, {.content_type = type, .with_source = true});
  const CanonicalText without = Canonicalize(body, {.content_type = type});
  ASSERT_EQ(text.folded, without.folded) << body;
  ASSERT_EQ(text.units, without.units) << body;
  ASSERT_EQ(text.unit_source.size(), text.units.size()) << body;
  ASSERT_EQ(text.unit_source_end.size(), text.units.size()) << body;
  for (size_t i = 0; i < text.units.size(); ++i) {
    ASSERT_LT(text.unit_source[i], text.unit_source_end[i]) << body;
    ASSERT_LE(text.unit_source_end[i], body.size()) << body;
    const std::string source =
        body.substr(text.unit_source[i], text.unit_source_end[i] - text.unit_source[i]);
    const std::u16string folded =
        type == ContentType::kHtml ? Canonicalize(source, {}).folded : Fold(source, false).text;
    ASSERT_NE(folded.find(text.units[i]), std::u16string::npos)
        << body << "\nunit " << i << ": " << Utf8({&text.units[i], 1}) << " from " << source;
  }
}

TEST(CanonicalTest, SourcesFoldToTheirUnits) {
  const std::vector<std::string> kPieces = {"가",
                                            "나다 ",
                                            "\u1112\u1161\u11AB",
                                            "a",
                                            "Ｂ",
                                            "㎏",
                                            "ﬁ",
                                            "1",
                                            "½",
                                            ". ",
                                            "\n",
                                            "\u200B",
                                            "😀",
                                            "𠮷",
                                            "金",
                                            "\uF90A",
                                            "(사진=한빛일보)",
                                            " 이나래 기자 ",
                                            "narae@hanbit.example",
                                            "▶ 구독하기",
                                            "[앵커]",
                                            "(가람=연합뉴스) ",
                                            "e\u0301",
                                            "ⓒ"};
  const std::vector<std::string> kHtmlPieces = {"<p>",
                                                "</p>",
                                                "<br>",
                                                "&amp;",
                                                "&#44032;",
                                                "&nbsp;",
                                                "<b>",
                                                "</b>",
                                                "&lt;",
                                                "<div class='a'>",
                                                "</div>",
                                                "<!-- 없다 -->",
                                                "<script>가</script>",
                                                "<td>",
                                                "\r\n",
                                                "&hellip;",
                                                "<nav>나</nav>",
                                                "<![CDATA[",
                                                "]]>",
                                                "&nbsp",
                                                "&#160",
                                                "ㅎㅏㄴ",
                                                "<svg>"};
  const uint32_t seed = 11;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    std::string html;
    for (size_t i = random() % 30; i > 0; --i) {
      const std::string& piece = kPieces[random() % kPieces.size()];
      text += piece;
      html += piece;
      if (random() % 3 == 0) html += kHtmlPieces[random() % kHtmlPieces.size()];
    }
    ExpectSources(text, ContentType::kText);
    ExpectSources(html, ContentType::kHtml);
    if (HasFatalFailure()) return;
  }
}

TEST(CanonicalTest, SurvivesBytesOfAnyKind) {
  std::mt19937 random(12);
  for (int round = 0; round < 5'000; ++round) {
    std::string bytes(random() % 200, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 256);
    for (ContentType type : {ContentType::kDetect, ContentType::kText, ContentType::kHtml}) {
      const CanonicalText text = Canonicalize(bytes, {.content_type = type, .with_source = true});
      for (uint32_t end : text.unit_source_end) ASSERT_LE(end, bytes.size());
    }
  }
}

}  // namespace
}  // namespace wonbon
