#include "core/sketch/url_key.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace wonbon {
namespace {

// absl::string_view is a type of its own in the LTS that Debian 12 ships.
absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

// Takes "scheme:" off the front and returns it in lower case; "" for http, https and none.
std::string TakeScheme(std::string_view* url) {
  const size_t colon = url->find("://");
  if (colon == std::string_view::npos || url->find_first_of("/?#") < colon) {
    if (url->substr(0, 2) == "//") url->remove_prefix(2);
    return "";
  }
  std::string scheme(url->substr(0, colon));
  absl::AsciiStrToLower(&scheme);
  url->remove_prefix(colon + 3);
  return scheme == "http" || scheme == "https" ? "" : absl::StrCat(scheme, "://");
}

std::string FoldHost(std::string_view host) {
  std::string folded(host);
  absl::AsciiStrToLower(&folded);
  std::string_view rest = folded;
  for (const std::string_view port : {":80", ":443"}) {
    if (absl::EndsWith(Absl(rest), Absl(port))) rest.remove_suffix(port.size());
  }
  for (const std::string_view prefix : {"www.", "m."}) {
    // "m.kr" is a site of its own.
    if (absl::StartsWith(Absl(rest), Absl(prefix)) &&
        rest.find('.', prefix.size()) != std::string_view::npos) {
      rest.remove_prefix(prefix.size());
    }
  }
  return std::string(rest);
}

bool IsRoute(std::string_view fragment) {
  return absl::StartsWith(Absl(fragment), "#!") || absl::StartsWith(Absl(fragment), "#/");
}

}  // namespace

std::string FoldUrl(std::string_view url) {
  const absl::string_view stripped = absl::StripAsciiWhitespace(Absl(url));
  std::string_view rest(stripped.data(), stripped.size());
  const std::string scheme = TakeScheme(&rest);

  const size_t fragment_at = std::min(rest.find('#'), rest.size());
  std::string_view fragment = rest.substr(fragment_at);
  if (!IsRoute(fragment)) fragment = {};
  rest = rest.substr(0, fragment_at);

  const size_t query_at = std::min(rest.find('?'), rest.size());
  std::string_view query = rest.substr(query_at);
  if (query == "?") query = {};
  rest = rest.substr(0, query_at);

  const size_t host_end = std::min(rest.find('/'), rest.size());
  std::string_view path = rest.substr(host_end);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  if (path.empty() && query.empty() && fragment.empty()) return "";
  return absl::StrCat(scheme, FoldHost(rest.substr(0, host_end)), Absl(path), Absl(query),
                      Absl(fragment));
}

std::string FoldPublisher(std::string_view publisher) {
  std::string folded;
  for (const char c : publisher) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) {
      folded += absl::ascii_tolower(static_cast<unsigned char>(c));
    }
  }
  return folded;
}

}  // namespace wonbon
