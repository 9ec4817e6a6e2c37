#include "core/text/html_elements.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "absl/strings/ascii.h"
#include "core/text/limits.h"

namespace wonbon {
namespace {

constexpr uint8_t kInline = HtmlElement::kInline;
constexpr uint8_t kBlock = HtmlElement::kBlock;
constexpr uint8_t kContainer = HtmlElement::kContainer;
constexpr uint8_t kBox = kBlock | kContainer;
constexpr uint8_t kTablePart = kBlock | HtmlElement::kCell;
constexpr uint8_t kHeading = kBlock | HtmlElement::kHeading;
constexpr uint8_t kAside = kBox | HtmlElement::kDropped;
constexpr uint8_t kDrawing = kAside | HtmlElement::kForeign;
constexpr uint8_t kUnread = kBlock | HtmlElement::kDropped | HtmlElement::kRaw;

// In the order of their names. <head> is not dropped: its closing tag may be left out, and what it
// holds is dropped anyway. Closing tags of paragraphs, list items and the like may be left out too:
// they are no containers.
constexpr HtmlElement kElements[] = {
    {"a", kInline}, {"abbr", kInline}, {"acronym", kInline}, {"address", kBox}, {"applet", kAside},
    {"area", kInline}, {"article", kBox}, {"aside", kAside}, {"audio", kAside}, {"b", kInline},
    {"base", kInline}, {"basefont", kInline}, {"bdi", kInline}, {"bdo", kInline},
    {"bgsound", kInline}, {"big", kInline}, {"blink", kInline}, {"blockquote", kBox},
    {"body", kInline}, {"br", kBlock}, {"button", kAside}, {"canvas", kAside},
    {"caption", kTablePart}, {"center", kBox}, {"cite", kInline}, {"code", kInline},
    {"col", kInline}, {"colgroup", kInline}, {"data", kInline}, {"datalist", kAside},
    {"dd", kBlock}, {"del", kInline}, {"desc", kInline}, {"details", kBox}, {"dfn", kInline},
    {"dir", kInline}, {"div", kBox}, {"dl", kBox}, {"dt", kBlock}, {"em", kInline},
    {"embed", kInline}, {"fieldset", kBox}, {"figcaption", kBox}, {"figure", kBox},
    {"font", kInline}, {"footer", kAside}, {"foreignobject", kContainer}, {"form", kBlock},
    {"frame", kInline}, {"frameset", kInline}, {"h1", kHeading}, {"h2", kHeading},
    {"h3", kHeading}, {"h4", kHeading}, {"h5", kHeading}, {"h6", kHeading}, {"head", kInline},
    {"header", kAside}, {"hgroup", kInline}, {"hr", kBlock}, {"html", kInline}, {"i", kInline},
    {"iframe", kUnread}, {"image", kInline}, {"img", kInline}, {"input", kInline},
    {"ins", kInline}, {"isindex", kInline}, {"kbd", kInline}, {"keygen", kInline},
    {"label", kInline}, {"legend", kBlock}, {"li", kBlock}, {"link", kInline},
    {"listing", kInline}, {"main", kBox}, {"map", kInline}, {"mark", kInline},
    {"marquee", kInline}, {"math", kDrawing}, {"menu", kAside}, {"menuitem", kInline},
    {"meta", kInline}, {"meter", kInline}, {"mi", kInline}, {"mn", kInline}, {"mo", kInline},
    {"ms", kInline}, {"mtext", kInline}, {"multicol", kInline}, {"nav", kAside},
    {"nextid", kInline}, {"nobr", kInline}, {"noembed", kUnread}, {"noframes", kUnread},
    {"noscript", kAside}, {"object", kAside}, {"ol", kBox}, {"optgroup", kInline},
    {"option", kBlock}, {"output", kInline}, {"p", kBlock}, {"param", kInline},
    {"plaintext", kInline}, {"pre", kBlock}, {"progress", kInline}, {"q", kInline},
    {"rb", kInline}, {"rp", kInline}, {"rt", kInline}, {"rtc", kInline}, {"ruby", kInline},
    {"s", kInline}, {"samp", kInline}, {"script", kUnread}, {"section", kBox}, {"select", kAside},
    {"small", kInline}, {"source", kInline}, {"spacer", kInline}, {"span", kInline},
    {"strike", kInline}, {"strong", kInline}, {"style", kUnread}, {"sub", kInline},
    {"summary", kBlock}, {"sup", kInline}, {"svg", kDrawing}, {"table", kBox},
    {"tbody", kTablePart}, {"td", kTablePart}, {"template", kAside}, {"textarea", kUnread},
    {"tfoot", kTablePart}, {"th", kTablePart}, {"thead", kTablePart}, {"time", kInline},
    {"title", kUnread}, {"tr", kTablePart}, {"track", kInline}, {"tt", kInline}, {"u", kInline},
    {"ul", kBox}, {"var", kInline}, {"video", kAside}, {"wbr", kInline}, {"xmp", kInline},
};
static_assert(std::is_sorted(std::begin(kElements), std::end(kElements),
                             [](const HtmlElement& a, const HtmlElement& b) {
                               return a.name < b.name;
                             }));

bool EndsName(char c) { return c == '/' || c == '>' || c == '<' || absl::ascii_isspace(c); }

}  // namespace

const size_t kHtmlElements = std::size(kElements);

const HtmlElement* FindHtmlElement(std::string_view name) {
  if (name.empty() || name.size() > kMaxTagNameBytes) return nullptr;
  std::array<char, kMaxTagNameBytes> buffer;
  std::transform(name.begin(), name.end(), buffer.begin(), absl::ascii_tolower);
  const std::string_view lower(buffer.data(), name.size());
  const auto* const found = std::lower_bound(
      std::begin(kElements), std::end(kElements), lower,
      [](const HtmlElement& element, std::string_view wanted) { return element.name < wanted; });
  return found != std::end(kElements) && found->name == lower ? found : nullptr;
}

size_t IndexOf(const HtmlElement& element) { return static_cast<size_t>(&element - kElements); }

TagStart ReadTagStart(std::string_view html, size_t pos) {
  TagStart start;
  size_t name = pos + 1;
  if (name < html.size() && html[name] == '/') {
    start.is_closing = true;
    ++name;
  }
  if (name >= html.size() || !absl::ascii_isalpha(html[name])) return start;
  start.is_tag = true;
  size_t end = name;
  while (end < html.size() && end <= name + kMaxTagNameBytes && !EndsName(html[end])) ++end;
  start.name_end = end;
  start.element = FindHtmlElement(html.substr(name, end - name));
  return start;
}

}  // namespace wonbon
