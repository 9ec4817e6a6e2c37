// What is answered at once over HTTP, by method and path: probes, metrics, pages.
//
// Thread-safe once the routes are added.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.h"

namespace wonbon::server {

class HttpRoutes {
 public:
  using Handler = std::function<HttpReply(const HttpRequest&)>;

  // HEAD is answered wherever GET is, by the same handler.
  void Add(std::string method, std::string path, Handler handler);

  // 404 for an unknown path, 405 for a method that the path does not have.
  HttpReply Answer(const HttpRequest& request) const;

 private:
  struct Route {
    std::string method;
    std::string path;
    Handler handler;
  };
  HttpReply NoSuchMethod(std::string_view path) const;
  HttpReply NotFound() const;

  std::vector<Route> routes_;
};

}  // namespace wonbon::server
