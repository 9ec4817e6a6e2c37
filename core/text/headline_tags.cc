#include "core/text/headline_tags.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace wonbon {
namespace {

constexpr std::u16string_view kOpening = u"[(【<〈《";
constexpr std::u16string_view kClosing = u"])】>〉》";
// What a mark says; "보" may stand behind a number, "종합" before both.
constexpr std::u16string_view kMarks[] = {u"속보", u"긴급", u"단독",   u"종합",     u"상보",
                                          u"수정", u"정정", u"재송", u"재송고", u"업데이트"};
// Before the name of a site.
constexpr std::u16string_view kSeparators[] = {u" - ", u" | ", u" :: ", u" < ", u" – ", u" — "};
constexpr std::u16string_view kSites[] = {u"신문", u"일보",   u"뉴스",   u"경제", u"데일리",
                                          u"타임스", u"투데이", u"tv",     u"방송", u"저널",
                                          u"닷컴", u"미디어", u"헤럴드", u"통신", u"스포츠"};

bool IsMark(std::u16string_view inside) {
  if (std::find(std::begin(kMarks), std::end(kMarks), inside) != std::end(kMarks)) return true;
  if (inside.starts_with(u"종합")) inside.remove_prefix(2);
  return inside.size() == 2 && inside[0] >= u'0' && inside[0] <= u'9' && inside[1] == u'보';
}

// Past the mark that begins at `at`; `at` where none does.
size_t EndOfMark(std::u16string_view text, size_t at) {
  const size_t kind = kOpening.find(text[at]);
  if (kind == std::u16string_view::npos) return at;
  const size_t end = text.find(kClosing[kind], at);
  if (end == std::u16string_view::npos || !IsMark(text.substr(at + 1, end - at - 1))) return at;
  return end + 1;
}

// Where the name of a site, a word, begins, with the separator before it; the end of the text
// without one.
size_t BeginOfSite(std::u16string_view text) {
  const size_t space = text.rfind(u' ');
  if (space == std::u16string_view::npos) return text.size();
  const std::u16string_view before = text.substr(0, space + 1), name = text.substr(space + 1);
  for (const std::u16string_view separator : kSeparators) {
    if (!before.ends_with(separator)) continue;
    const auto ends = [name](std::u16string_view site) { return name.ends_with(site); };
    if (std::any_of(std::begin(kSites), std::end(kSites), ends)) {
      return before.size() - separator.size();
    }
  }
  return text.size();
}

}  // namespace

std::vector<TextSpan> FindHeadlineTags(std::u16string_view folded) {
  std::vector<TextSpan> tags;
  const size_t site = BeginOfSite(folded);
  for (size_t at = 0; at < site;) {
    const size_t end = EndOfMark(folded.substr(0, site), at);
    if (end != at) tags.push_back({at, end});
    at = std::max(end, at + 1);
  }
  if (site != folded.size()) tags.push_back({site, folded.size()});
  return tags;
}

}  // namespace wonbon
