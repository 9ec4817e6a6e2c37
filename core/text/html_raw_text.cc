#include "core/text/html_raw_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace wonbon {
namespace {

// What a script holds: inside a comment of its own, a whole "<script>...</script>" may stand.
enum class ScriptState { kPlain, kComment, kScriptInComment };

size_t EndOfScript(std::string_view html, size_t pos) {
  const HtmlElement* const script = FindHtmlElement("script");
  ScriptState state = ScriptState::kPlain;
  for (; pos < html.size(); ++pos) {
    if (html[pos] == '-' && html.substr(pos, 3) == "-->") state = ScriptState::kPlain;
    if (html[pos] != '<') continue;
    if (html.substr(pos, 4) == "<!--" && state == ScriptState::kPlain) {
      state = ScriptState::kComment;
      pos += 1;  // "<!-->" is a whole comment
      continue;
    }
    const TagStart start = ReadTagStart(html, pos);
    if (start.element != script) continue;
    if (start.is_closing) {
      if (state != ScriptState::kScriptInComment) return pos;
      state = ScriptState::kComment;
    } else if (state == ScriptState::kComment) {
      state = ScriptState::kScriptInComment;
    }
  }
  return html.size();
}

}  // namespace

size_t EndOfHtmlComment(std::string_view html, size_t pos) {
  // "<!-->" and "<!--->" are whole; "--!>" closes as well.
  for (size_t at = html.find("--", pos + 2); at != std::string_view::npos;
       at = html.find("--", at + 1)) {
    if (html.substr(at + 2, 1) == ">") return at + 3;
    if (html.substr(at + 2, 2) == "!>" && at > pos + 2) return at + 4;
  }
  return html.size();
}

size_t EndOfHtmlRawText(std::string_view html, size_t pos, const HtmlElement& element) {
  if (element.name == "script") return EndOfScript(html, pos);
  for (pos = html.find("</", pos); pos != std::string_view::npos; pos = html.find("</", pos + 2)) {
    if (ReadTagStart(html, pos).element == &element) return pos;
  }
  return html.size();
}

size_t HtmlTagEnds::EndOfTag(size_t pos) {
  while (pos < html_.size() && html_[pos] != '>') {
    pos = html_[pos] == '=' ? EndOfValue(pos + 1) : pos + 1;
  }
  return std::min(pos + 1, html_.size());
}

// Of the value of an attribute that begins at `pos`, behind the "=".
size_t HtmlTagEnds::EndOfValue(size_t pos) {
  while (pos < html_.size() && absl::ascii_isspace(html_[pos])) ++pos;
  if (pos == html_.size()) return pos;
  const char quote = html_[pos];
  if (quote == '"' || quote == '\'') {
    bool& closes = quote == '"' ? has_double_quote_ : has_single_quote_;
    const size_t end = closes ? html_.find(quote, pos + 1) : std::string_view::npos;
    if (end != std::string_view::npos) return end + 1;
    closes = false;
  }
  while (pos < html_.size() && html_[pos] != '>' && !absl::ascii_isspace(html_[pos])) ++pos;
  return pos;
}

}  // namespace wonbon
