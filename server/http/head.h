// The head of an HTTP request, before anything of its body is read: taken apart, and refused where
// two readers could understand it differently. What comes behind a request is the next one's
// beginning, and a proxy on the way must see the same border (request smuggling).
//
// Pure functions. Bounded: kMaxHttpQueryParameters.
#pragma once

#include <optional>
#include <string_view>

#include "server/http/message.h"

namespace wonbon::server {

// What is said of a request that cannot be understood: its status line, and why.
HttpReply BadRequest(std::string_view why);

// Fills path and query from `target`, as it stands in the request line: "/metrics?name=value".
// Answers what is wrong, 400 or 501:
//  - a target that does not begin with "/", a broken escape, a parameter given twice;
//  - not exactly one Host, where the version has it (`http_1_1`);
//  - more than one Content-Length;
//  - Transfer-Encoding that is anything but one "chunked", that stands beside Content-Length, or
//    in HTTP/1.0.
// REQUIRES: method and headers are filled.
std::optional<HttpReply> ReadHead(std::string_view target, bool http_1_1, HttpRequest& request);

}  // namespace wonbon::server
