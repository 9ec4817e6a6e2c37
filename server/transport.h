// gRPC and its connections, from the first that is taken to the last that is closed.
//
// Not thread-safe: started and stopped by one thread.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/channel.h"
#include "grpcpp/server.h"
#include "server/config/address.h"
#include "server/event_loop.h"
#include "server/listener.h"
#include "server/rpc/rpc_service.h"

namespace wonbon::server {

// Whether writes are taken, as a service of its own for the health service: the others serve as
// long as reads are answered.
inline constexpr char kWritesHealth[] = "writes";

class Transport {
 public:
  using Services = std::vector<std::unique_ptr<RpcService>>;

  struct Options {
    HostPort address;
    std::shared_ptr<grpc::ServerCredentials> credentials;
    size_t most_connections;
    Arrivals& arrivals;  // of what comes; outlives the loop's thread
    bool reflection;
  };

  // Listens and serves. `loop` and `services` must outlive this. UNAVAILABLE where the address
  // cannot be had.
  static absl::StatusOr<std::unique_ptr<Transport>> Serve(
      EventLoop& loop, const Options& options, const Services& services);
  // REQUIRES: HangUp was called.
  ~Transport() = default;

  // With the port that was picked.
  const HostPort& address() const { return listener_->address(); }
  const Connections& connections() const { return listener_->connections(); }

  // To this gRPC, inside the process: calls that come by no socket.
  std::shared_ptr<grpc::Channel> OwnChannel() const;

  // What the health service says of the service kWritesHealth from now on. Thread-safe.
  void SetWritable(bool writable);
  // It says NOT_SERVING of everything from now on.
  void StopServing();

  // Lets the last answers leave, closes the door and every connection, and stops gRPC. Calls that
  // are still open are cancelled; none is open afterwards. What a client sees of a call that it
  // sends at this moment is UNAVAILABLE: a refusal of ours up to the end, then a connection that
  // closes.
  void HangUp();

 private:
  Transport(std::unique_ptr<Listener> listener, std::unique_ptr<grpc::Server> grpc)
      : listener_(std::move(listener)), grpc_(std::move(grpc)) {}

  std::unique_ptr<Listener> listener_;
  std::unique_ptr<grpc::Server> grpc_;
};

}  // namespace wonbon::server
