// The connections of a client and the loop that makes one call on them. Not part of the public
// interface. Thread-safe.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "client/channel.h"
#include "client/retry.h"
#include "client/twin.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "wonbon/v1/admin_service.grpc.pb.h"
#include "wonbon/v1/collection_service.grpc.pb.h"
#include "wonbon/v1/dedup_service.grpc.pb.h"

namespace wonbon::client {

// One connection and its stubs.
struct Connection {
  explicit Connection(const std::shared_ptr<grpc::Channel>& channel);

  v1::DedupService::Stub dedup;
  TwinStub twin;
  v1::CollectionService::Stub collections;
  v1::AdminService::Stub admin;
  grpc::health::v1::Health::Stub health;
};

class Connections {
 public:
  static absl::StatusOr<std::unique_ptr<Connections>> Create(const ChannelOptions& options,
                                                             int count);

  // The next connection in turn.
  Connection& Next();

  // Puts what every call carries into a fresh context.
  void Prepare(grpc::ClientContext* context) const;

  // Makes attempts until one succeeds, fails for good, or the options say that it is enough.
  using Attempt = std::function<grpc::Status(Connection& connection, grpc::ClientContext* context)>;
  absl::Status Run(const CallOptions& options, const Attempt& attempt);

 private:
  explicit Connections(std::string api_key) : api_key_(std::move(api_key)) {}

  const std::string api_key_;
  std::vector<std::unique_ptr<Connection>> connections_;  // constant after construction
  std::atomic<uint32_t> turn_ = 0;
};

}  // namespace wonbon::client
