// HTTP requests and replies as plain values. The HTTP around them is http_server.cc.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wonbon::server {

struct HttpRequest {
  std::string method;                                     // "GET"
  std::string path;                                       // "/metrics", as it was sent
  std::map<std::string, std::string, std::less<>> query;  // decoded
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body = {};
  // Of the connection that it came by.
  std::string peer;                           // as gRPC names it: "ipv4:127.0.0.1:43210"
  bool encrypted = false;                     // TLS
  std::vector<std::string> identities = {};   // names in the certificate that was verified

  // The values of a header; `name` in lower case. The views are of this request.
  std::vector<std::string_view> Values(std::string_view name) const {
    std::vector<std::string_view> found;
    for (const auto& [key, value] : headers) {
      if (key == name) found.emplace_back(value);
    }
    return found;
  }
  // The first of them; empty where there is none.
  std::string_view Header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

struct HttpReply {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  // further ones
};

}  // namespace wonbon::server
