// Is a body without content type HTML?
#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "core/text/html.h"
#include "core/text/html_cdata.h"
#include "core/text/html_elements.h"
#include "core/text/html_references.h"
#include "core/text/limits.h"

namespace wonbon {
namespace {

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

// What HTML writers escape all the time.
bool IsCommonReference(std::string_view text) {
  static constexpr std::string_view kNames[] = {
      "nbsp", "amp", "lt", "gt", "quot", "apos", "middot", "ldquo", "rdquo", "lsquo", "rsquo",
      "hellip"};
  const std::optional<HtmlReference> reference = ReadHtmlReference(text);
  if (!reference.has_value()) return false;
  return reference->name.empty() ||
         std::find(std::begin(kNames), std::end(kNames), reference->name) != std::end(kNames);
}

}  // namespace

bool LooksLikeHtml(std::string_view body) {
  for (size_t at = body.find('&'); at != std::string_view::npos; at = body.find('&', at + 1)) {
    if (IsCommonReference(body.substr(at))) return true;
  }
  std::vector<bool> opened(kHtmlElements);
  int brackets = 0;
  for (size_t at = body.find('<'); at != std::string_view::npos && brackets < kMaxDetectedBrackets;
       at = body.find('<', at + 1), ++brackets) {
    if (IsDoctype(body.substr(at)) || CdataOpeningBytes(body.substr(at)) > 0) return true;
    const TagStart start = ReadTagStart(body, at);
    if (start.element == nullptr) continue;
    const size_t element = IndexOf(*start.element);
    const std::string_view rest = body.substr(start.name_end, kMaxDetectedTagBytes);
    const size_t end = rest.find('>');
    if (end == std::string_view::npos) continue;
    const std::string_view attributes = Strip(rest.substr(0, end));
    if (start.is_closing) {
      if (opened[element] && attributes.empty()) return true;
      continue;
    }
    // What follows the name must end it: "<b급>" is no <b>.
    if (end > 0 && !absl::ascii_isspace(rest[0]) && rest[0] != '/') continue;
    const bool is_bare = attributes.empty() || attributes == "/";
    if (is_bare && start.element->name == "br") return true;
    if (HasAttribute(attributes)) return true;
    if (is_bare) opened[element] = true;
  }
  return false;
}

}  // namespace wonbon
