#include "server/http/head.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
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
bool ParseQuery(absl::string_view text, HttpRequest& request) {
  for (const absl::string_view part : absl::StrSplit(text, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    std::optional<std::string> name = Decode(halves.first);
    std::optional<std::string> value = Decode(halves.second);
    if (!name || !value || request.query.size() >= kMaxHttpQueryParameters) return false;
    if (!request.query.emplace(*std::move(name), *std::move(value)).second) return false;
  }
  return true;
}

std::optional<HttpReply> CheckFraming(bool http_1_1, const HttpRequest& request) {
  if (request.Values("content-length").size() > 1) return BadRequest("two Content-Length");
  const std::vector<std::string_view> encodings = request.Values("transfer-encoding");
  if (encodings.empty()) return std::nullopt;
  if (!http_1_1) return BadRequest("HTTP/1.0 has no Transfer-Encoding");
  if (!request.Values("content-length").empty()) {
    return BadRequest("Transfer-Encoding and Content-Length contradict each other");
  }
  if (encodings.size() == 1 && absl::EqualsIgnoreCase(Absl(encodings[0]), "chunked")) {
    return std::nullopt;
  }
  HttpReply reply = BadRequest("the only Transfer-Encoding that is understood is chunked");
  reply.status = 501;
  return reply;
}

}  // namespace

HttpReply BadRequest(std::string_view why) {
  return {.status = 400, .body = absl::StrCat("bad request: ", Absl(why), "\n")};
}

std::optional<HttpReply> ReadHead(std::string_view target, bool http_1_1, HttpRequest& request) {
  const size_t mark = target.find('?');
  request.path = std::string(target.substr(0, mark));
  if (request.path.empty() || request.path[0] != '/') {
    return BadRequest("the target must begin with /");
  }
  if (mark != std::string_view::npos && !ParseQuery(Absl(target.substr(mark + 1)), request)) {
    return BadRequest("the query cannot be read");
  }
  const size_t hosts = request.Values("host").size();
  if (hosts > 1 || (http_1_1 && hosts == 0)) return BadRequest("there must be one Host");
  return CheckFraming(http_1_1, request);
}

}  // namespace wonbon::server
