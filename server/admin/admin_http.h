// The admin endpoint: a small HTTP/1.1 server for probes and Prometheus. The one file that includes
// Beast is admin_http.cc.
//
// GET and HEAD only. Bounded: headers, body, connections and time (server/limits.h). It belongs on
// loopback or an internal network: it has no authentication.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/event_loop.h"

namespace wonbon::server {

class AdminHttp {
 public:
  struct Reply {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
  };
  // Answers a path without its query ("/metrics"). Called on the loop's thread.
  using Handler = std::function<Reply(std::string_view path)>;

  // Listens on "host:port"; port 0 picks a free one. UNAVAILABLE where the address cannot be had.
  static absl::StatusOr<std::unique_ptr<AdminHttp>> Listen(EventLoop& loop,
                                                           const std::string& address,
                                                           Handler handler);
  // The loop must have stopped, and still be there.
  ~AdminHttp();

  // Where it listens, with the port that was picked.
  const std::string& address() const;

 private:
  struct Parts;
  explicit AdminHttp(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace wonbon::server
