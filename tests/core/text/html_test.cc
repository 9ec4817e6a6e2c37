#include "core/text/html.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_replace.h"

namespace wonbon {
namespace {

TEST(HtmlDetectTest, MarkupIsHtml) {
  for (const char* body : {
           "<!DOCTYPE html><html><body>글</body></html>",
           "<!doctype HTML>\n글",
           "<p>첫 문단</p><p>둘째 문단</p>",
           "첫 줄<br>둘째 줄",
           "첫 줄<br/>둘째 줄",
           "첫 줄<BR />둘째 줄",
           "<div class=\"article\">글",
           "글 <a href='/news/1'>관련 글</a>",
           "<img src=photo.jpg>",
           "이 글은 <strong>굵게</strong> 썼다",
           "따옴표&nbsp;사이",
           "&#44032;나다",
           "&#xAC00;나다",
           "A&amp;B",
       }) {
    EXPECT_TRUE(LooksLikeHtml(body)) << body;
  }
}

TEST(HtmlDetectTest, TextWithAngleBracketsIsNotHtml) {
  for (const char* body : {
           "",
           "그냥 글이다.",
           "<앵커> 오늘 소식입니다.",
           "<사진=한빛일보>",
           "<사진=Hanbit Ilbo>",
           "<한빛일보 김하늘 기자>",
           "a < b 그리고 c > d",
           "3<5, 5>3",
           "<A조>에서는 <B조>보다",
           "영화 <Center Stage>와 <Table Manners>를 봤다",
           "<p>만 열고 닫지 않은 글",
           "<YTN 뉴스>",
           "<표 1> <표 2>",
           "<저작권자 ⓒ 한빛일보, 무단 전재 금지>",
           "R&D; M&A, AT&T",
           "<b급 영화>와 <i돌>",
           "닫는 괄호만 </b>",
           "<",
           "<!",
           "</",
           "&#;",
           "&#x;",
           "<a",
       }) {
    EXPECT_FALSE(LooksLikeHtml(body)) << body;
  }
}

struct Case {
  std::string what;
  std::string html;
  std::string text;  // white space as one ' ' or '\n'
};

std::string Squeeze(const std::string& text) {
  std::string squeezed;
  char space = 0;
  for (char c : absl::StrReplaceAll(text, {{"\u00A0", " "}})) {
    if (c == ' ' || c == '\n') {
      if (space != '\n') space = c;
      continue;
    }
    if (space != 0 && !squeezed.empty()) squeezed += space;
    space = 0;
    squeezed += c;
  }
  return squeezed;
}

const Case kCases[] = {
    {"paragraphs become lines", "<p>하나</p><p>둘</p>", "하나\n둘"},
    {"line breaks", "하나<br>둘<br/>셋", "하나\n둘\n셋"},
    {"inline elements do not break", "굵<b>은</b> 글<span>씨</span>", "굵은 글씨"},
    {"line ends of the HTML are spaces", "<p>하나\n둘</p>", "하나 둘"},
    {"line ends stay where no tag breaks lines", "<b>하나</b>\n둘", "하나\n둘"},
    {"scripts and styles",
     "<style>p{color:red}</style><p>글</p><script>var a = '<p>없다</p>';</script>", "글"},
    {"the parts of a page around the article",
     "<header>머리</header><nav><a href=/>홈</a></nav><p>글</p><aside>많이 본 뉴스</aside>"
     "<footer>회사 소개</footer>",
     "글"},
    {"forms",
     "<p>글</p><select><option>하나</option></select><button>보내기</button>"
     "<textarea>의견</textarea>",
     "글"},
    {"comments", "글<!-- 없다 --><br>끝", "글\n끝"},
    {"tables and lists", "<table><tr><td>가</td><td>나</td></tr></table><ul><li>다<li>라</ul>",
     "가\n나\n다\n라"},
    {"references", "<p>&lt;앵커&gt; &quot;R&amp;D&quot; &#44032;&#xB098; &middot; &nbsp;끝</p>",
     "<앵커> \"R&D\" 가나 · 끝"},
    {"unknown references stay", "<p>A&zzz; B&C</p>", "A&zzz; B&C"},
    {"speakers in brackets stay", "<p><앵커> 소식입니다.</p>", "<앵커> 소식입니다."},
    {"the headline of a whole page",
     "<html><head><title>제목</title></head><body><h1>제목</h1><p>글</p></body></html>", "글"},
    {"a headline inside an article", "<h1>작은 제목</h1><p>글</p>", "작은 제목\n글"},
    {"nothing but parts of a page", "<nav>홈</nav>", "홈"},
    {"unclosed elements", "<div><p>하나<p>둘", "하나\n둘"},
    {"misnested elements", "<b><i>하나</b>둘</i>", "하나둘"},
    {"images without text", "<p>글<img src=a.jpg alt='사진'></p>", "글"},
};

TEST(HtmlTest, ReducesToItsText) {
  for (const Case& c : kCases) {
    EXPECT_EQ(Squeeze(ReduceHtml(c.html).text()), c.text) << c.what;
  }
}

TEST(HtmlTest, TheLinearPassAgreesOnSimpleMarkup) {
  for (const Case& c : kCases) {
    // It knows nothing of the tree: neither which headline is a page's nor which break is implied.
    if (c.what == "the headline of a whole page") continue;
    EXPECT_EQ(Squeeze(StripTags(c.html).text()), c.text) << c.what;
  }
}

// For each character of the text: the bytes of the HTML that it says it comes from.
void ExpectSources(const std::string& html, const HtmlText& text) {
  HtmlText::Cursor begin;
  HtmlText::Cursor end;
  const std::string& utf8 = text.text();
  for (uint32_t i = 0; i < utf8.size();) {
    uint32_t next = i + 1;
    while (next < utf8.size() && (utf8[next] & 0xC0) == 0x80) ++next;
    const std::string c = utf8.substr(i, next - i);
    const uint32_t from = text.SourceBegin(i, &begin);
    const uint32_t to = text.SourceEnd(next, &end);
    ASSERT_LE(from, to) << html;
    ASSERT_LE(to, html.size()) << html;
    const std::string source = html.substr(from, to - from);
    const bool is_space = c == " " || c == "\n";
    if (!is_space && source != c) {
      ASSERT_EQ(source[0], '&') << html << " at " << from << ": " << source << " for " << c;
    }
    i = next;
  }
}

TEST(HtmlTest, KnowsWhereEachCharacterStood) {
  for (const Case& c : kCases) {
    ExpectSources(c.html, ReduceHtml(c.html));
    ExpectSources(c.html, StripTags(c.html));
  }
  for (const char* html : {
           "<p>&amp;amp; &amp;&lt;&nbsp;&nbsp가나&copy다</p>",
           "<p>하나</stray>둘&#44032;셋</p>\r\n<p>넷</p>",
           "<table>밖으로<tr><td>안</td></tr>다시 밖</table>",
           "<p>a<p>&NotEqualTilde;b&hellip;c",
           "<svg><text>그림</text></svg><p>글&amp;</p>",
       }) {
    ExpectSources(html, ReduceHtml(html));
    ExpectSources(html, StripTags(html));
  }
}

}  // namespace
}  // namespace wonbon
