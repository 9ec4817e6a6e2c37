#include "server/http/dashboard.h"

#include <xxhash.h>

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/views.h"

namespace wonbon::server {
namespace {

struct File {
  std::string_view name;
  std::string_view bytes;
};

constexpr File kFiles[] = {
#include "dashboard_files.inc"
};

// The page talks to the server that it came from, is framed by nobody, and runs no script but its
// own files.
constexpr char kPolicy[] =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "object-src 'none'";

const char* TypeOf(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "application/octet-stream";
}

// Asked for again each time, and sent again only where it is another.
HttpReply Page(const File& file, const std::string& tag, const HttpRequest& request) {
  HttpReply reply{.content_type = TypeOf(file.name),
                  .headers = {{"Cache-Control", "no-cache"},
                              {"ETag", tag},
                              {"Content-Security-Policy", kPolicy},
                              {"Referrer-Policy", "no-referrer"}}};
  if (request.Header("if-none-match") == tag) {
    reply.status = 304;
  } else {
    reply.body = std::string(file.bytes);
  }
  return reply;
}

HttpReply Redirection(const HttpRequest&) {
  return {.status = 302, .headers = {{"Location", "/dashboard/"}}};
}

}  // namespace

void AddDashboard(HttpRoutes& routes) {
  routes.Add("GET", "/", Redirection);
  routes.Add("GET", "/dashboard", Redirection);
  for (const File& file : kFiles) {
    const uint64_t hash = XXH3_64bits(file.bytes.data(), file.bytes.size());
    const auto page = [&file, tag = absl::StrCat("\"", absl::Hex(hash, absl::kZeroPad16), "\"")](
                          const HttpRequest& request) { return Page(file, tag, request); };
    routes.Add("GET", absl::StrCat("/dashboard/", Absl(file.name)), page);
    if (file.name == "index.html") routes.Add("GET", "/dashboard/", page);
  }
}

}  // namespace wonbon::server
