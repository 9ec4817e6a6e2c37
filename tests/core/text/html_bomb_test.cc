// HTML that is made to hurt: the largest body that a server takes by default, of the shapes that
// make readers recurse, multiply or compare everything with everything.
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "core/limits.h"
#include "core/text/canonical.h"

namespace wonbon {
namespace {

std::string Repeat(const std::string& piece, size_t bytes = kDefaultMaxBodyBytes) {
  std::string text;
  text.reserve(bytes + piece.size());
  while (text.size() + piece.size() <= bytes) text += piece;
  return text;
}

std::string Numbered(const std::string& before, const std::string& after, size_t bytes) {
  std::string text;
  for (int i = 0; text.size() < bytes; ++i) text += before + std::to_string(i) + after;
  return text;
}

struct Bomb {
  std::string what;
  std::string html;
};

std::vector<Bomb> Bombs() {
  const size_t half = kDefaultMaxBodyBytes / 2;
  const std::string deep = Repeat("<div>", 250 * 5);
  return {
      {"elements 50,000 deep", Repeat("<div>")},
      {"formatting elements 80,000 deep", Repeat("<b>")},
      {"closing tags that close nothing", Repeat("<div></p>")},
      {"closing tags behind a barrier", Repeat("<div><object></div>")},
      {"deep, then text", Repeat("<div>", 19'000 * 5) + Repeat("가나다 ", half)},
      {"as deep as parsed, then text", deep + "<b>" + Repeat("가 나", kDefaultMaxBodyBytes - 1300)},
      {"as deep as parsed, then tags", deep + Repeat("</b>", 19'000 * 4)},
      {"misnested formatting", Repeat("<b><i></b></i>")},
      {"adoption agency", deep + Repeat("<a><div>", 100) + Repeat("</a>", 19'000 * 4)},
      {"formatting copied into paragraphs",
       "<p>" + Numbered("<b id=", ">", 2'500) + "</p>" + Repeat("<p>x</p>", 9'000 * 8)},
      {"one element with 50,000 attributes", "<p " + Numbered("a", " ", half) + ">글</p>"},
      {"attributes with values", "<p " + Numbered("a", "=\"x\" ", half) + ">글</p>"},
      {"attributes of closing tags", "<p>글</p " + Numbered("a", " ", half) + ">"},
      {"equal attributes", "<p " + Repeat("a ", half) + ">글</p>"},
      {"character references", Repeat("&amp;")},
      {"references without end", Repeat("&")},
      {"unknown references", Repeat("&zzzzzzzz;")},
      {"numeric references", Repeat("&#x110000;")},
      {"brackets only", "<br>" + Repeat("<")},
      {"tags without end", "<br>" + Repeat("<a href=\"")},
      {"comments without end", "<br>" + Repeat("<!--")},
      {"scripts without end", "<br>" + Repeat("<script>")},
      {"closing scripts inside scripts", "<br><script>" + Repeat("</scrip")},
      {"doctypes", Repeat("<!doctype html>")},
      {"tables in tables", Repeat("<table><tr><td>")},
      {"text in tables", "<table>" + Repeat("<tr>가")},
      {"select", "<select>" + Repeat("<option>가<optgroup>")},
      {"foreign content", "<svg>" + Repeat("<g>")},
      {"void elements in foreign content", "<svg>" + Repeat("<area>")},
      {"table cells in foreign content", "<svg>" + Repeat("<td>")},
      {"forms", Repeat("<form><div></form>")},
      {"framesets", Repeat("<frameset>")},
      {"templates", Repeat("<template>")},
      {"headings", Repeat("<h1>")},
      {"paragraphs", Repeat("<p>가")},
      {"list items", Repeat("<li>가")},
      {"ruby", Repeat("<ruby><rt>")},
      {"bodies with attributes", Numbered("<body a", "=1>", half)},
      {"CDATA without end", Repeat("<![CDATA[")},
      {"CDATA ends", "<![CDATA[" + Repeat("]")},
      {"comments that nearly end", "<!--" + Repeat("--")},
      {"quotes without end", Repeat("<a b='") + "<p>글"},
      {"quotes of both kinds", Repeat("<a b='\"")},
      {"names without end", "<" + Repeat("a")},
      {"names in names", Repeat("<a")},
      {"scripts in comments of scripts", "<script><!--" + Repeat("<script></script>")},
      {"titles that nearly end", "<title>" + Repeat("</titl")},
      {"cells that close cells", "<table>" + Repeat("<td><nav>")},
      {"plaintext", "<br><plaintext>" + Repeat("<b>")},
  };
}

// On a thread, whose stack is no larger than a server's. A reader that compares everything with
// everything would take hours, which the time limit of the test shows.
TEST(HtmlBombTest, IsReadInLinearTimeAndBoundedStack) {
  for (const Bomb& bomb : Bombs()) {
    ASSERT_LE(bomb.html.size(), kDefaultMaxBodyBytes + 16) << bomb.what;
    std::thread([&bomb] {
      Canonicalize(bomb.html, {.content_type = ContentType::kHtml, .with_source = true});
    }).join();
  }
}

TEST(HtmlBombTest, TheTextAroundABombIsKept) {
  for (const Bomb& bomb : {Bomb{"deep", Repeat("<div>")}, Bomb{"many", Repeat("<i></i>")}}) {
    const std::string html = "<p>앞에 선 글이다 &amp; 남는다</p>" + bomb.html;
    const CanonicalText text = Canonicalize(html, {.content_type = ContentType::kHtml});
    EXPECT_EQ(text.folded, u"앞에 선 글이다 & 남는다") << bomb.what;
  }
}

}  // namespace
}  // namespace wonbon
