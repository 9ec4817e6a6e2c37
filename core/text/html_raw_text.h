// Where the parts of HTML end that are no text: tags, comments, scripts and the like. Each goes on
// from where it began, so that reading all of them takes linear time.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/text/html_elements.h"

namespace wonbon {

// Offset past the comment that begins at `pos` ("<!--"); the end of the HTML where it has none.
size_t EndOfHtmlComment(std::string_view html, size_t pos);

// Offset of the closing tag of a raw element whose content begins at `pos`; the end of the HTML
// where it has none.
size_t EndOfHtmlRawText(std::string_view html, size_t pos, const HtmlElement& element);

// Finds the ends of tags, in ascending order. Remembers which quotes do not close any more. Not
// thread-safe.
class HtmlTagEnds {
 public:
  explicit HtmlTagEnds(std::string_view html) : html_(html) {}

  // Offset past the '>' of the tag whose name ends at `pos`, which may stand in a quoted value
  // before; the end of the HTML where it has none.
  size_t EndOfTag(size_t pos);

 private:
  size_t EndOfValue(size_t pos);

  const std::string_view html_;
  bool has_double_quote_ = true;
  bool has_single_quote_ = true;
};

}  // namespace wonbon
