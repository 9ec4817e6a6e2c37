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
           "가람시가&nbsp 버스를&nbsp 산다",
           "새 버스 &quot빠르미&quot가 달린다",
           "버스 &aposAI 7호&apos 운행",
           "요금&nbsp2000원",
           "가람&#160시",
           "a &lt b",
           "<![CDATA[글]]>",
           "\n<![cdata[글",
           "<!--[CDATA[글]]-->",
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
           "R&amplifier S&Ltd K&GT",
           "주소는 https://hanbit.example/?a=1&copy=2&lt=3&amp=4&nbsp=5 이다",
           "https://hanbit.example/?a=1&quota=2&gtm=3&notice_id=4&lt_max=5",
           "https://hanbit.example/?a=1&section=100&copy",
           "A&#5는 항목의 이름",
           "[CDATA[글]]>",
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
    {"references without semicolon",
     "<p>가&nbsp나&nbsp 다&nbsp3&#160라&#44032마 &quotTV&quot &ltA&gt R&ampD &copy 한빛 &aposkbs&apos</p>",
     "가 나 다 3 라가마 \"TV\" <A> R&D © 한빛 'kbs'"},
    {"parameters of a url are no references",
     "<p>/?a=1&copy=2&lt=3&section=4&quota=5&notice_id=6&amp;reg=7</p>",
     "/?a=1&copy=2&lt=3&section=4&quota=5&notice_id=6&reg=7"},
    {"names of firms are no references", "<p>AT&T R&D M&A &Ltd A&#5</p>", "AT&T R&D M&A &Ltd A&#5"},
    {"numbers mean Windows-1252 between 128 and 159", "<p>&#147;글&#148; &#150;</p>", "“글” –"},
    {"numbers that are no characters", "<p>&#0;&#xD800;&#99999999;</p>", "\uFFFD\uFFFD\uFFFD"},
    {"names of HTML 4 and punctuation", "<p>&alpha;&Eacute;&hearts;&lpar;&thetasym;</p>", "αÉ♥(ϑ"},
    {"a CDATA section", "<![CDATA[<p>하나</p><p>둘 &amp; 셋</p>]]>", "하나\n둘 & 셋"},
    {"a CDATA section of plain text", "<![CDATA[하나\n둘 <앵커> [1]]]>", "하나\n둘 <앵커> [1]"},
    {"CDATA between elements",
     "<item><title><![CDATA[제목]]></title><description><![CDATA[글]]></description></item>", "글"},
    {"CDATA in CDATA", "<![CDATA[하나 <![CDATA[둘]]> 셋]]> 넷", "하나 둘 셋 넷"},
    {"CDATA split around its own end", "<![CDATA[하나 ]]]]><![CDATA[> 둘]]>", "하나 ]]> 둘"},
    {"CDATA without end", "<![CDATA[<p>하나</p>둘", "하나\n둘"},
    {"CDATA as parsers spell it", "<!--[CDATA[하나]]--><p>둘</p>", "하나\n둘"},
    {"escaped CDATA", "&lt;![CDATA[하나 ]] 둘]]&gt; 셋", "하나 ]] 둘 셋"},
    {"CDATA of scripts", "<script>//<![CDATA[\nvar a;\n//]]></script><p>글</p>", "글"},
    {"CDATA in comments", "<!-- <![CDATA[없다]]> --><p>글</p>", "글"},
    {"an end of CDATA that nothing began", "<p>글 ]]> 끝</p>", "글 ]]> 끝"},
    {"quoted values", "<a title='a > b' rel=\"c>d\">글</a><p>끝", "글\n끝"},
    {"values with quotes inside", "<a href=/?q=\"a\">글</a><p>끝", "글\n끝"},
    {"quotes that do not close", "<a title=\"글>하나</a><p>둘", "하나\n둘"},
    {"names that only begin like an element", "<nav-bar>하나</nav-bar><title-x>둘</title-x>", "하나둘"},
    {"an element left open ends with its container",
     "<div><nav>홈<ul><li>정치</div><div>하나</div><table><tr><td><aside>광고<td>둘</table>",
     "하나\n둘"},
    {"a cell closes nothing outside its table",
     "<aside><table><tr><td>광고</aside></table>배너</aside><p>글", "글"},
    {"a script that writes scripts",
     "<script><!-- document.write('<script>a</script>'); --></script><p>글", "글"},
    {"comments of every form", "하나<!--> 둘<!---> 셋<!-- a --!> 넷<!-- b --> 다섯",
     "하나 둘 셋 넷 다섯"},
    {"declarations", "<?xml version='1.0'?><!ELEMENT a>하나</3>둘", "하나둘"},
    {"drawings", "<svg><title/><style/><text>그림</text></svg>하나<svg/>둘", "하나\n둘"},
    {"a drawing left open", "<svg><path d=m0><p>글", "글"},
    {"text inside a drawing",
     "<nav><div><svg><foreignObject><div>그림</div></foreignObject></svg>홈</div></nav><p>글", "글"},
    {"a headline closed as another", "<html><h1>제목</h2><p>글", "글"},
    {"a tag without end", "글 <a href=", "글"},
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
  for (const Case& c : kCases) ExpectSources(c.html, ReduceHtml(c.html));
  for (const char* html : {
           "<p>&amp;amp; &amp;&lt;&nbsp;&nbsp가나&copy다</p>",
           "<p>하나</stray>둘&#44032;셋</p>\r\n<p>넷</p>",
           "<table>밖으로<tr><td>안</td></tr>다시 밖</table>",
           "<p>a<p>&NotEqualTilde;b&hellip;c",
           "<svg><text>그림</text></svg><p>글&amp;</p>",
       }) {
    ExpectSources(html, ReduceHtml(html));
  }
}

}  // namespace
}  // namespace wonbon
