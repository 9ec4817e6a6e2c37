#include <algorithm>
#include <bitset>

#include "absl/strings/ascii.h"
#include "core/text/html.h"
#include "core/text/html_elements.h"

namespace wonbon {
namespace {

// A tag longer than this is taken for text: no attribute of an article page is longer, but for
// images inside data: addresses.
constexpr size_t kMaxTagBytes = 2048;
// Where nothing in this many angle brackets is markup, nothing is.
constexpr int kMaxBrackets = 4096;

std::string_view Strip(std::string_view text) {
  while (!text.empty() && absl::ascii_isspace(text.front())) text.remove_prefix(1);
  while (!text.empty() && absl::ascii_isspace(text.back())) text.remove_suffix(1);
  return text;
}

bool IsDoctype(std::string_view text) {
  constexpr std::string_view kDoctype = "<!doctype html";
  return text.size() >= kDoctype.size() &&
         std::equal(kDoctype.begin(), kDoctype.end(), text.begin(),
                    [](char a, char b) { return a == absl::ascii_tolower(b); });
}

// "name=" or "name =" somewhere in the tag.
bool HasAttribute(std::string_view rest_of_tag) {
  const size_t equals = rest_of_tag.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = Strip(rest_of_tag.substr(0, equals));
  return !name.empty() && (absl::ascii_isalpha(name.back()) || absl::ascii_isdigit(name.back()));
}

// "&nbsp;", "&#44032;", "&#xAC00;": what HTML writers escape all the time, with its semicolon.
bool IsCharacterReference(std::string_view text) {
  static constexpr std::string_view kNames[] = {"&nbsp;",  "&amp;",   "&lt;",     "&gt;",
                                                "&quot;",  "&apos;",  "&middot;", "&ldquo;",
                                                "&rdquo;", "&lsquo;", "&rsquo;",  "&hellip;"};
  for (std::string_view name : kNames) {
    if (text.starts_with(name)) return true;
  }
  if (!text.starts_with("&#")) return false;
  const bool hex = text.size() > 2 && absl::ascii_tolower(text[2]) == 'x';
  size_t end = hex ? 3 : 2;
  const size_t first = end;
  while (end < text.size() && end < first + 7 &&
         (hex ? absl::ascii_isxdigit(text[end]) : absl::ascii_isdigit(text[end]))) {
    ++end;
  }
  return end > first && end < text.size() && text[end] == ';';
}

}  // namespace

bool LooksLikeHtml(std::string_view body) {
  for (size_t at = body.find('&'); at != std::string_view::npos; at = body.find('&', at + 1)) {
    if (IsCharacterReference(body.substr(at, 10))) return true;
  }
  std::bitset<GUMBO_TAG_LAST + 1> opened;
  int brackets = 0;
  for (size_t at = body.find('<'); at != std::string_view::npos && brackets < kMaxBrackets;
       at = body.find('<', at + 1), ++brackets) {
    if (IsDoctype(body.substr(at))) return true;
    const TagStart start = ReadTagStart(body, at);
    if (!start.is_tag || start.tag == GUMBO_TAG_UNKNOWN) continue;
    const std::string_view rest = body.substr(start.name_end, kMaxTagBytes);
    const size_t end = rest.find('>');
    if (end == std::string_view::npos) continue;
    const std::string_view attributes = Strip(rest.substr(0, end));
    if (start.is_closing) {
      if (opened[start.tag] && attributes.empty()) return true;
      continue;
    }
    // What follows the name must end it: "<b급>" is no <b>.
    if (end > 0 && !absl::ascii_isspace(rest[0]) && rest[0] != '/') continue;
    const bool is_bare = attributes.empty() || attributes == "/";
    if (is_bare && start.tag == GUMBO_TAG_BR) return true;
    if (HasAttribute(attributes)) return true;
    if (is_bare) opened.set(start.tag);
  }
  return false;
}

}  // namespace wonbon
