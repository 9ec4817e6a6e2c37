// The whole server: admin endpoint, engine, workers and gRPC, started and stopped in order.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/engine.h"
#include "server/config/config.h"

namespace wonbon::server {

class Server {
 public:
  // Opens the admin endpoint first (alive, not ready), rebuilds the index, then serves gRPC.
  // Errors are one line that says what to do: a port that is taken, a damaged or foreign data
  // folder, unreadable TLS files or keys.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Config& config);
  // Shuts down if nobody did.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Not ready any more -> new calls are refused -> calls in progress finish, within drain_timeout
  // -> everything is on disk. Returns the engine's last word. Once.
  absl::Status Shutdown();

  // Reads the files of keys and certificates again, now, and opens the audit log anew; logs what
  // came of it. From any thread.
  void Reload();

  // Where it listens, with the ports that were picked; empty where that is off.
  const std::string& grpc_address() const;
  const std::string& admin_address() const;
  const std::string& http_address() const;

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace wonbon::server
