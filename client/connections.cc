#include "client/connections.h"

#include <grpcpp/channel.h>

#include <algorithm>

#include "client/limits.h"
#include "client/status.h"

namespace wonbon::client {

Connection::Connection(const std::shared_ptr<grpc::Channel>& channel)
    : dedup(channel), twin(channel), collections(channel), admin(channel), health(channel) {}

absl::StatusOr<std::unique_ptr<Connections>> Connections::Create(const ChannelOptions& options,
                                                                 int count) {
  std::unique_ptr<Connections> connections(new Connections(options.api_key));
  for (int i = 0; i < std::clamp(count, 1, kMaxConnections); ++i) {
    absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = MakeChannel(options);
    if (!channel.ok()) return channel.status();
    connections->connections_.push_back(std::make_unique<Connection>(*channel));
  }
  return connections;
}

Connection& Connections::Next() {
  return *connections_[turn_.fetch_add(1, std::memory_order_relaxed) % connections_.size()];
}

void Connections::Prepare(grpc::ClientContext* context) const {
  if (!api_key_.empty()) context->AddMetadata("x-api-key", api_key_);
}

absl::Status Connections::Run(const CallOptions& options, const Attempt& attempt) {
  const absl::Time deadline = absl::Now() + options.timeout;
  absl::Time give_up = deadline;
  Backoff backoff(options.retry, RandomSeed());
  for (int attempts = 1;; ++attempts) {
    grpc::ClientContext context;
    Prepare(&context);
    context.set_deadline(
        absl::ToChronoTime(std::min(absl::Now() + options.attempt_timeout, deadline)));
    absl::Status status;
    {
      const Cancellation::Scope scope(options.cancellation, &context);
      status = OutcomeOf(attempt(Next(), &context), context, options.cancellation);
    }
    if (status.ok() || !IsRetryable(status, options.retry)) return status;
    if (attempts >= options.retry.max_attempts) return status;
    if (attempts == 1) give_up = std::min(deadline, absl::Now() + options.retry.give_up_after);
    const absl::Duration wait = backoff.Next(RetryDelay(status));
    // The error says more than a DEADLINE_EXCEEDED of our own would.
    if (absl::Now() + wait >= give_up) return status;
    if (!Pause(options, status, wait)) {
      return absl::CancelledError("cancelled between two attempts");
    }
  }
}

}  // namespace wonbon::client
