#include "core/identity/article_url.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/identity/tracking_parameters.h"
#include "core/identity/url_escapes.h"
#include "core/identity/url_host.h"
#include "core/views.h"

namespace wonbon {
namespace {

// Of a slug: a headline written as a path has several words, or is long.
constexpr ptrdiff_t kSlugHyphens = 2;
constexpr size_t kSlugCharacters = 24;

// What follows "&" where it is escaped for HTML.
constexpr absl::string_view kAmpersandEndings[] = {"amp;", "#38;", "#038;", "#x26;"};
constexpr absl::string_view kAmp = "amp";
// Parameters that ask for the AMP page where their value is "amp".
constexpr absl::string_view kPageKinds[] = {"format",     "mode", "output",
                                            "outputtype", "type", "view"};
constexpr absl::string_view kYes[] = {"", "1", "true", "y", "yes"};
// Files that a folder's address stands for.
constexpr absl::string_view kFolderFiles[] = {"index", "default"};
constexpr absl::string_view kFileEndings[] = {"asp", "aspx", "do", "htm", "html", "jsp", "php"};
// Parameters that say which part of a list is shown.
constexpr absl::string_view kListParameters[] = {"currentpage", "limit", "offset", "page",
                                                 "pageindex", "pageno", "pagenum", "page_no",
                                                 "per_page", "size", "start"};

template <size_t kSize>
bool IsOneOf(absl::string_view word, const absl::string_view (&words)[kSize]) {
  return std::any_of(std::begin(words), std::end(words), [word](absl::string_view known) {
    return absl::EqualsIgnoreCase(word, known);
  });
}

// "&amp;amp;" -> "&": text that went through HTML, once or several times.
std::string Unescape(absl::string_view url) {
  std::string out;
  while (!url.empty()) {
    out += url.front();
    url.remove_prefix(1);
    if (out.back() != '&') continue;
    while (std::any_of(std::begin(kAmpersandEndings), std::end(kAmpersandEndings),
                       [&url](absl::string_view ending) {
                         const bool found = absl::StartsWithIgnoreCase(url, ending);
                         if (found) url.remove_prefix(ending.size());
                         return found;
                       })) {
    }
  }
  return out;
}

struct Parts {
  std::string scheme;  // "" for http, https and none, else with "://"
  std::string_view authority;
  std::string_view path;
  std::string_view query;  // without its "?"
  std::string_view route;  // a fragment that is one, without "#" or "#!"
};

std::string_view TakeUntil(char delimiter, std::string_view* rest) {
  const size_t at = rest->find(delimiter);
  const std::string_view before = rest->substr(0, at);
  rest->remove_prefix(at == std::string_view::npos ? rest->size() : at + 1);
  return before;
}

// "" for none; a fragment that only marks a place within the page is none.
std::string_view RouteOf(std::string_view fragment) {
  if (fragment.starts_with('!')) return fragment.substr(1);
  return fragment.starts_with('/') ? fragment : std::string_view();
}

Parts Split(std::string_view url) {
  Parts parts;
  const size_t colon = url.find("://");
  if (colon != std::string_view::npos && colon < url.find_first_of("/?#")) {
    const std::string scheme = absl::AsciiStrToLower(Absl(url.substr(0, colon)));
    if (scheme != "http" && scheme != "https") parts.scheme = scheme + "://";
    url.remove_prefix(colon + 3);
  } else if (url.starts_with("//")) {
    url.remove_prefix(2);
  }
  std::string_view before_fragment = TakeUntil('#', &url);
  parts.route = RouteOf(url);
  const std::string_view before_query = TakeUntil('?', &before_fragment);
  parts.query = before_fragment;
  const size_t host_end = std::min(before_query.find('/'), before_query.size());
  parts.authority = before_query.substr(0, host_end);
  parts.path = before_query.substr(host_end);
  return parts;
}

// A file's name, without what marks an AMP page: "articleViewAmp.html" -> "articleView.html".
std::string WithoutAmp(const std::string& file) {
  const size_t dot = std::min(file.find('.'), file.size());
  const absl::string_view stem(file.data(), dot);
  if (absl::EndsWithIgnoreCase(file, ".amp")) return file.substr(0, file.size() - 4);
  if (absl::StartsWithIgnoreCase(absl::string_view(file).substr(dot), ".amp.")) {
    return absl::StrCat(stem, absl::string_view(file).substr(dot + 4));
  }
  if (!absl::EndsWithIgnoreCase(stem, kAmp) || stem.size() <= kAmp.size()) return file;
  const char before = stem[stem.size() - kAmp.size() - 1];
  const bool camel = stem[stem.size() - kAmp.size()] == 'A' && absl::ascii_islower(before);
  if (!camel && before != '_' && before != '-') return file;
  return absl::StrCat(stem.substr(0, stem.size() - kAmp.size() - (camel ? 0 : 1)),
                      absl::string_view(file).substr(dot));
}

bool IsFolderFile(absl::string_view file) {
  const size_t dot = file.find('.');
  return dot != absl::string_view::npos && IsOneOf(file.substr(0, dot), kFolderFiles) &&
         IsOneOf(file.substr(dot + 1), kFileEndings);
}

std::vector<std::string> FoldPath(std::string_view path) {
  std::vector<std::string> segments;
  for (const absl::string_view raw : absl::StrSplit(Absl(path), '/', absl::SkipEmpty())) {
    // ";jsessionid=…" and its like belong to one reader.
    const std::string segment = FoldEscapes(Std(raw.substr(0, raw.find(';'))));
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (segment != "." && !segment.empty() && !absl::EqualsIgnoreCase(segment, kAmp)) {
      segments.push_back(segment);
    }
  }
  if (!segments.empty()) segments.back() = WithoutAmp(segments.back());
  if (!segments.empty() && IsFolderFile(segments.back())) segments.pop_back();
  return segments;
}

struct Parameter {
  std::string name;
  std::string text;  // "name=value", or the name alone
};

bool AsksForAmp(absl::string_view name, absl::string_view value) {
  return (absl::EqualsIgnoreCase(name, kAmp) && IsOneOf(value, kYes)) ||
         (IsOneOf(name, kPageKinds) && absl::EqualsIgnoreCase(value, kAmp));
}

std::vector<Parameter> FoldQuery(std::string_view query) {
  std::vector<Parameter> parameters;
  for (const absl::string_view raw : absl::StrSplit(Absl(query), '&', absl::SkipEmpty())) {
    const size_t equals = std::min(raw.find('='), raw.size());
    const bool has_value = equals < raw.size();
    const std::string name = FoldEscapes(Std(raw.substr(0, equals)));
    // "+" is a space in a query.
    std::string plain(has_value ? raw.substr(equals + 1) : absl::string_view());
    std::replace(plain.begin(), plain.end(), '+', ' ');
    const std::string value = FoldEscapes(plain);
    if (IsTrackingParameter(name) || AsksForAmp(name, value)) continue;
    if (has_value && value.empty()) continue;
    parameters.push_back({name, has_value ? absl::StrCat(name, "=", value) : name});
  }
  std::sort(parameters.begin(), parameters.end(),
            [](const Parameter& a, const Parameter& b) { return a.text < b.text; });
  parameters.erase(std::unique(parameters.begin(), parameters.end(),
                               [](const Parameter& a, const Parameter& b) {
                                 return a.text == b.text;
                               }),
                   parameters.end());
  return parameters;
}

// A digit that is not part of an escape.
bool HasDigit(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      i += 2;
    } else if (absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) {
      return true;
    }
  }
  return false;
}

bool IsSlug(const std::string& segment) {
  const auto hyphens = std::count_if(segment.begin(), segment.end(),
                                     [](char c) { return c == '-' || c == '_'; });
  const auto characters = std::count_if(segment.begin(), segment.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
  return hyphens >= kSlugHyphens || static_cast<size_t>(characters) >= kSlugCharacters;
}

// "list", "articleList.html", "news_list.php".
bool IsList(const std::string& file) {
  const absl::string_view stem = absl::string_view(file).substr(0, file.find('.'));
  return absl::EqualsIgnoreCase(stem, "list") || absl::EndsWith(stem, "List") ||
         absl::EndsWithIgnoreCase(stem, "_list");
}

// What follows the host, of the address itself or of its route.
struct PathAndQuery {
  std::vector<std::string> segments;
  std::vector<Parameter> parameters;

  bool empty() const { return segments.empty() && parameters.empty(); }

  bool names_article() const {
    if (!segments.empty() && IsList(segments.back())) return false;
    return std::any_of(segments.begin(), segments.end(),
                       [](const std::string& s) { return HasDigit(s) || IsSlug(s); }) ||
           std::any_of(parameters.begin(), parameters.end(), [](const Parameter& p) {
             const bool bare = p.text.size() == p.name.size();
             return !IsOneOf(p.name, kListParameters) &&
                    HasDigit(bare ? absl::string_view(p.text)
                                  : absl::string_view(p.text).substr(p.name.size() + 1));
           });
  }

  std::string text() const {
    std::string out;
    for (const std::string& segment : segments) absl::StrAppend(&out, "/", segment);
    char before = '?';
    for (const Parameter& parameter : parameters) {
      out += before;
      out += parameter.text;
      before = '&';
    }
    return out;
  }
};

PathAndQuery FoldPathAndQuery(std::string_view path, std::string_view query) {
  return {FoldPath(path), FoldQuery(query)};
}

}  // namespace

std::string FoldArticleUrl(std::string_view url) {
  const std::string unescaped = Unescape(absl::StripAsciiWhitespace(Absl(url)));
  const Parts parts = Split(unescaped);
  const std::string host = FoldHost(parts.authority);
  // "about:blank", "null", "-": words without a dot are no server's name.
  if (host.find('.') == std::string::npos) return "";
  const PathAndQuery page = FoldPathAndQuery(parts.path, parts.query);
  std::string_view route_query = parts.route;
  const std::string_view route_path = TakeUntil('?', &route_query);
  const PathAndQuery route = FoldPathAndQuery(route_path, route_query);
  if (!page.names_article() && !route.names_article()) return "";
  std::string out = absl::StrCat(parts.scheme, host, page.text());
  if (!route.empty()) absl::StrAppend(&out, "#", route.text());
  return out;
}

}  // namespace wonbon
