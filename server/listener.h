// Accepts gRPC's connections and hands them over.
//
// gRPC could listen by itself, but then its door only closes in grpc::Server::Shutdown, and from
// that moment on it answers every call that still arrives with CANCELLED, which clients take for
// their own doing. With a door of our own a drain closes it first, and lets gRPC refuse calls until
// the last connection is gone.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/server_builder.h"
#include "server/config/address.h"
#include "server/connections.h"
#include "server/event_loop.h"

namespace wonbon::server {

// Connections are accepted on the loop's thread. Thread-safe.
class Listener {
 public:
  // Listens on every address that the host stands for; port 0 picks a free one. UNAVAILABLE with
  // the system's reason where there is none. Connections wait until Accept is called.
  // No more than `most_connections` are open at a time; further ones are closed at once. `arrivals`
  // of what comes by them; outlives the loop's thread.
  static absl::StatusOr<std::unique_ptr<Listener>> Listen(EventLoop& loop, const HostPort& address,
                                                          size_t most_connections,
                                                          Arrivals& arrivals);
  // Closes. The loop must still be there.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // With the port that was picked.
  const HostPort& address() const;
  // Their numbers may be read from any thread.
  const Connections& connections() const;

  // Hands connections over from now on.
  void Accept(std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> grpc);
  // No connection is accepted, nor handed over, once this returns. The loop must be running, or
  // have stopped for good.
  void Close();
  // Cuts every connection that came in here, without a word more on it. REQUIRES: Close was called.
  void CutConnections();

 private:
  struct Parts;
  explicit Listener(std::shared_ptr<Parts> parts);
  std::shared_ptr<Parts> parts_;
};

}  // namespace wonbon::server
