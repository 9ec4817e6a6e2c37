#include "server/http/routes.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace wonbon::server {

void HttpRoutes::Add(std::string method, std::string path, Handler handler) {
  routes_.push_back({std::move(method), std::move(path), std::move(handler)});
}

HttpReply HttpRoutes::Answer(const HttpRequest& request) const {
  const std::string wanted = request.method == "HEAD" ? "GET" : request.method;
  bool path_known = false;
  for (const Route& route : routes_) {
    if (route.path != request.path) continue;
    if (route.method == wanted) return route.handler(request);
    path_known = true;
  }
  return path_known ? NoSuchMethod(request.path) : NotFound();
}

HttpReply HttpRoutes::NoSuchMethod(std::string_view path) const {
  std::set<std::string> methods;
  for (const Route& route : routes_) {
    if (route.path != path) continue;
    methods.insert(route.method);
    if (route.method == "GET") methods.insert("HEAD");
  }
  return {.status = 405,
          .body = "method not allowed\n",
          .headers = {{"Allow", absl::StrJoin(methods, ", ")}}};
}

HttpReply HttpRoutes::NotFound() const {
  std::set<std::string> paths;
  for (const Route& route : routes_) paths.insert(route.path);
  return {.status = 404,
          .body = absl::StrCat("not found: there is ", absl::StrJoin(paths, ", "), "\n")};
}

}  // namespace wonbon::server
