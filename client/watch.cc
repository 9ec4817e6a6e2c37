// Client::WatchClusters: a stream that is taken up again where it broke off.
#include "client/client.h"
#include "client/connections.h"
#include "client/status.h"

namespace wonbon::client {
namespace {

// How one stream ended.
struct Ending {
  absl::Status status;
  // At least one response arrived.
  bool heard = false;
  // The callback asked for the end.
  bool stopped = false;
};

// Reads one stream to its end and moves the request's position along.
Ending ReadStream(Connections& connections, const CallOptions& options,
                  const Client::WatchCallback& on_response, v1::WatchClustersRequest* request) {
  grpc::ClientContext context;
  connections.Prepare(&context);
  const Cancellation::Scope scope(options.cancellation, &context);
  const auto reader = connections.Next().dedup.WatchClusters(&context, *request);
  v1::WatchClustersResponse response;
  Ending ending;
  while (reader->Read(&response)) {
    ending.heard = true;
    request->set_after_sequence(response.sequence());
    if (!on_response(response)) {
      context.TryCancel();
      ending.stopped = true;
      break;
    }
  }
  ending.status = FromGrpc(reader->Finish());
  // A server that ends the stream without an error is shutting down.
  if (ending.status.ok()) ending.status = absl::UnavailableError("the server ended the stream");
  return ending;
}

}  // namespace

absl::Status Client::WatchClusters(v1::WatchClustersRequest request,
                                   const WatchCallback& on_response, Call call) const {
  const CallOptions& options = call ? *call : options_.call;
  std::optional<Backoff> backoff;
  int failures = 0;
  for (;;) {
    const Ending ending = ReadStream(*connections_, options, on_response, &request);
    if (ending.stopped) return absl::OkStatus();
    if (!IsRetryable(ending.status, options.retry)) return ending.status;
    if (ending.heard || !backoff.has_value()) {  // a new outage
      failures = 0;
      backoff.emplace(options.retry, RandomSeed());
    }
    if (++failures >= options.retry.max_attempts) return ending.status;
    if (!Pause(options, ending.status, backoff->Next(RetryDelay(ending.status)))) {
      return absl::CancelledError("cancelled between two attempts");
    }
  }
}

}  // namespace wonbon::client
