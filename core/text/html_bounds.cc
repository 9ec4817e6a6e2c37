#include "core/text/html_bounds.h"

#include <algorithm>
#include <vector>

#include "core/text/html_elements.h"

namespace wonbon {
namespace {

// Elements that HTML would close on their own inside <svg> and <math> nest there.
bool OpensElement(GumboTag tag, bool has_foreign_content) {
  return !IsVoidElement(tag) ||
         (has_foreign_content && tag != GUMBO_TAG_BR && tag != GUMBO_TAG_HR &&
          tag != GUMBO_TAG_IMG && tag != GUMBO_TAG_META && tag != GUMBO_TAG_EMBED);
}

// Whether `tag` is sure to close an open element of its own kind.
bool ClosesItsKind(GumboTag tag, bool has_foreign_content) {
  if (!has_foreign_content) return HasOptionalEnd(tag);
  return tag == GUMBO_TAG_P || tag == GUMBO_TAG_LI || tag == GUMBO_TAG_DT || tag == GUMBO_TAG_DD;
}

}  // namespace

// An element counts as closed only where gumbo is sure to close it: by its own closing tag when
// nothing but elements with optional end stands between, or by a sibling of the same kind when its
// end is optional. All else counts as still open, so the depth is over-estimated, never under.
bool FitsParser(std::string_view html) {
  std::vector<GumboTag> open;
  bool has_foreign_content = false;
  size_t tags = 0;
  for (size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    if (++tags > kMaxHtmlTags) return false;
    const TagStart start = ReadTagStart(html, at);
    if (!start.is_tag) continue;
    if (start.tag == GUMBO_TAG_SVG || start.tag == GUMBO_TAG_MATH) has_foreign_content = true;
    if (start.is_closing) {
      size_t i = open.size();
      while (i > 0 && open[i - 1] != start.tag && HasOptionalEnd(open[i - 1])) --i;
      if (i > 0 && open[i - 1] == start.tag) open.resize(i - 1);
      continue;
    }
    if (!OpensElement(start.tag, has_foreign_content)) continue;
    if (!open.empty() && open.back() == start.tag &&
        ClosesItsKind(start.tag, has_foreign_content)) {
      continue;
    }
    open.push_back(start.tag);
    if (open.size() > kMaxHtmlDepth) return false;
  }
  return true;
}

}  // namespace wonbon
