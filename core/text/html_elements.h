// What becomes of an HTML element in the text of an article. Pure functions.
#pragma once

#include <gumbo.h>

#include <string_view>

namespace wonbon {

// Dropped with everything inside: not text, or the page around the article.
bool IsDroppedElement(GumboTag tag);
// Dropped, and its content is not markup: ends at its own closing tag only.
bool IsRawTextElement(GumboTag tag);
// Starts and ends a line.
bool IsBlockElement(GumboTag tag);
// Has no content and no closing tag.
bool IsVoidElement(GumboTag tag);
// Closed by what follows it where its closing tag is left out.
bool HasOptionalEnd(GumboTag tag);

// The markup at `pos`, where html[pos] is '<'.
struct TagStart {
  GumboTag tag = GUMBO_TAG_UNKNOWN;
  bool is_closing = false;
  bool is_tag = false;  // "<" or "</" and an ASCII letter
  size_t name_end = 0;  // offset past the name
};
TagStart ReadTagStart(std::string_view html, size_t pos);

}  // namespace wonbon
