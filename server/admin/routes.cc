#include "server/admin/routes.h"

#include <optional>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/views.h"
#include "server/limits.h"

namespace wonbon::server {
namespace {

// "%ED%95%9C+x" -> "한 x"; nothing where an escape is broken.
std::optional<std::string> Decode(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      if (i + 2 >= text.size() || !absl::ascii_isxdigit(text[i + 1]) ||
          !absl::ascii_isxdigit(text[i + 2])) {
        return std::nullopt;
      }
      decoded += absl::HexStringToBytes(text.substr(i + 1, 2));
      i += 2;
    }
  }
  return decoded;
}

// "a=1&b" -> {a: 1, b: ""}; false for a broken escape, a name given twice, or too many.
bool ParseQuery(absl::string_view text, AdminRequest& request) {
  for (const absl::string_view part : absl::StrSplit(text, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    std::optional<std::string> name = Decode(halves.first);
    std::optional<std::string> value = Decode(halves.second);
    if (!name || !value || request.query.size() >= kMaxAdminQueryParameters) return false;
    if (!request.query.emplace(*std::move(name), *std::move(value)).second) return false;
  }
  return true;
}

}  // namespace

void AdminRoutes::Add(std::string method, std::string path, Handler handler) {
  routes_.push_back({std::move(method), std::move(path), std::move(handler)});
}

AdminReply AdminRoutes::Answer(std::string_view method, std::string_view target,
                               std::string body) const {
  const size_t mark = target.find('?');
  AdminRequest request{.method = std::string(method),
                       .path = std::string(target.substr(0, mark)),
                       .body = std::move(body)};
  if (request.path.empty() || request.path[0] != '/') {
    return {.status = 400, .body = "bad request: the target must begin with /\n"};
  }
  if (mark != std::string_view::npos && !ParseQuery(Absl(target.substr(mark + 1)), request)) {
    return {.status = 400, .body = "bad request: the query cannot be read\n"};
  }
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  bool path_known = false;
  for (const Route& route : routes_) {
    if (route.path != request.path) continue;
    if (route.method == wanted) return route.handler(request);
    path_known = true;
  }
  return path_known ? NoSuchMethod(request.path) : NotFound();
}

AdminReply AdminRoutes::NoSuchMethod(std::string_view path) const {
  std::set<std::string> methods;
  for (const Route& route : routes_) {
    if (route.path != path) continue;
    methods.insert(route.method);
    if (route.method == "GET") methods.insert("HEAD");
  }
  return {.status = 405, .body = "method not allowed\n", .allow = absl::StrJoin(methods, ", ")};
}

AdminReply AdminRoutes::NotFound() const {
  std::set<std::string> paths;
  for (const Route& route : routes_) paths.insert(route.path);
  return {.status = 404,
          .body = absl::StrCat("not found: there is ", absl::StrJoin(paths, ", "), "\n")};
}

}  // namespace wonbon::server
