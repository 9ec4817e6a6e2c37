// The admin endpoint: a small HTTP/1.1 server for probes, Prometheus and operators. The one file
// that includes Beast is admin_http.cc.
//
// Connections are read and written on the loop's thread; requests are answered on other threads, so
// that a slow answer holds nobody up. Bounded: headers, body, connections and time
// (server/limits.h). It belongs on loopback or an internal network: it has no authentication.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/admin/routes.h"
#include "server/event_loop.h"

namespace wonbon::server {

class AdminHttp {
 public:
  // Runs a task on some other thread, soon.
  using Executor = std::function<void(std::function<void()>)>;

  // Listens on "host:port"; port 0 picks a free one. UNAVAILABLE where the address cannot be had.
  // `routes` must outlive the loop's thread and what `executor` runs.
  static absl::StatusOr<std::unique_ptr<AdminHttp>> Listen(EventLoop& loop,
                                                           const std::string& address,
                                                           const AdminRoutes& routes,
                                                           Executor executor);
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
