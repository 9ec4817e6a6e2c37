// What the admin endpoint answers, on plain values: method, path, query and body in, a reply out.
// The HTTP around it is admin_http.cc.
//
// Thread-safe once the routes are added. Bounded: kMaxAdminQueryParameters.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wonbon::server {

struct AdminRequest {
  std::string method;  // "GET"
  std::string path;    // "/metrics"
  std::map<std::string, std::string, std::less<>> query;  // decoded
  std::string body;
};

struct AdminReply {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
  std::string allow = {};  // of a 405: the methods that there are
};

class AdminRoutes {
 public:
  using Handler = std::function<AdminReply(const AdminRequest&)>;

  // HEAD is answered wherever GET is, by the same handler.
  void Add(std::string method, std::string path, Handler handler);

  // `target` as it stands in the request line: "/metrics?name=value". 400 for one that is none, 404
  // for an unknown path, 405 for a method that the path does not have.
  AdminReply Answer(std::string_view method, std::string_view target, std::string body) const;

 private:
  struct Route {
    std::string method;
    std::string path;
    Handler handler;
  };
  AdminReply NoSuchMethod(std::string_view path) const;
  AdminReply NotFound() const;

  std::vector<Route> routes_;
};

}  // namespace wonbon::server
