// The elements of HTML as data: what becomes of each in the text of an article. Pure functions,
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wonbon {

struct HtmlElement {
  enum Traits : uint8_t {
    kInline = 0,
    kBlock = 1 << 0,      // starts and ends a line
    kContainer = 1 << 1,  // closes what was left open inside it
    kDropped = 1 << 2,    // with everything inside: not text, or the page around the article
    kRaw = 1 << 3,        // what it holds is no markup: ends at its own closing tag only
    kCell = 1 << 4,       // a part of a table: closes what was left open in the cell before
    kForeign = 1 << 5,    // holds markup that is not HTML
    kHeading = 1 << 6,
  };

  std::string_view name;
  uint8_t traits;

  bool Is(Traits trait) const { return (traits & trait) != 0; }
};

// Number of known elements; IndexOf() is below it.
extern const size_t kHtmlElements;
// Null for a name that HTML does not know. Case does not matter.
const HtmlElement* FindHtmlElement(std::string_view name);
size_t IndexOf(const HtmlElement& element);

// The markup at `pos`, where html[pos] is '<'.
struct TagStart {
  const HtmlElement* element = nullptr;  // null: unknown
  bool is_tag = false;                   // "<" or "</" and an ASCII letter
  bool is_closing = false;
  size_t name_end = 0;  // offset past the name
};
TagStart ReadTagStart(std::string_view html, size_t pos);

}  // namespace wonbon
