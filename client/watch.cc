// Client::WatchClusters: a stream that is taken up again where it broke off or went quiet.
#include <grpcpp/completion_queue.h>

#include "client/client.h"
#include "client/connections.h"
#include "client/status.h"

namespace wonbon::client {
namespace {

// One stream of responses. Each step of it is waited for with a bound, which the blocking interface
// of gRPC does not offer. Not thread-safe.
class WatchStream {
 public:
  enum class Step { kDone, kEnded, kSilent };

  WatchStream(Connections& connections, const v1::WatchClustersRequest& request,
              const CallOptions& options)
      : options_(options), scope_(options.cancellation, &context_) {
    connections.Prepare(&context_);
    reader_ = connections.Next().dedup.AsyncWatchClusters(&context_, request, &queue_, nullptr);
  }

  ~WatchStream() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }
  WatchStream(const WatchStream&) = delete;
  WatchStream& operator=(const WatchStream&) = delete;

  Step Begin() { return Wait(); }

  Step Read(v1::WatchClustersResponse* response) {
    reader_->Read(response, nullptr);
    return Wait();
  }

  // Ends the call, unless its last step was kEnded, and says how it ended.
  absl::Status Finish(Step last) {
    if (last != Step::kEnded) context_.TryCancel();
    grpc::Status status;
    reader_->Finish(&status, nullptr);
    Wait();
    return OutcomeOf(status, context_, options_.cancellation);
  }

 private:
  // A step that takes too long is cut off.
  Step Wait() {
    void* tag = nullptr;
    bool ok = false;
    // A span, so that a clock that is set does not matter.
    const gpr_timespec silence =
        gpr_time_from_millis(absl::ToInt64Milliseconds(options_.max_silence), GPR_TIMESPAN);
    if (queue_.AsyncNext(&tag, &ok, silence) == grpc::CompletionQueue::GOT_EVENT) {
      return ok ? Step::kDone : Step::kEnded;
    }
    context_.TryCancel();
    queue_.Next(&tag, &ok);
    return Step::kSilent;
  }

  const CallOptions& options_;
  grpc::CompletionQueue queue_;
  grpc::ClientContext context_;
  const Cancellation::Scope scope_;
  std::unique_ptr<grpc::ClientAsyncReader<v1::WatchClustersResponse>> reader_;
};

// How one stream ended.
struct Ending {
  absl::Status status;
  // At least one response arrived.
  bool heard = false;
  // The callback asked for the end.
  bool stopped = false;
};

// Takes the store of a response for that of the watch. False if the watch has another one: its
// position means nothing there. A server that names no store is believed.
bool IsSameStore(const v1::WatchClustersResponse& response, std::string* store_id) {
  if (response.store_id().empty()) return true;
  if (store_id->empty()) *store_id = response.store_id();
  return *store_id == response.store_id();
}

// Reads one stream to its end and moves the request's position along. `store_id` is empty until a
// response named it.
Ending ReadStream(Connections& connections, const CallOptions& options,
                  const Client::WatchCallback& on_response, v1::WatchClustersRequest* request,
                  std::string* store_id) {
  WatchStream stream(connections, *request, options);
  v1::WatchClustersResponse response;
  Ending ending;
  bool other_store = false;
  WatchStream::Step step = stream.Begin();
  while (step == WatchStream::Step::kDone) {
    step = stream.Read(&response);
    if (step != WatchStream::Step::kDone) break;
    other_store = !IsSameStore(response, store_id);
    if (other_store) break;
    ending.heard = true;
    request->set_after_sequence(response.sequence());
    ending.stopped = !on_response(response);
    if (ending.stopped) break;
  }
  ending.status = stream.Finish(step);
  if (other_store) {
    ending.status = absl::FailedPreconditionError(
        "the server came back with another store (" + response.store_id() + ", before " +
        *store_id + "), where sequence " + std::to_string(request->after_sequence()) +
        " is not the same change: list the clusters and begin anew");
  }
  if (step == WatchStream::Step::kSilent && !absl::IsCancelled(ending.status)) {
    ending.status = absl::UnavailableError("no sign of life for " +
                                           absl::FormatDuration(options.max_silence));
  }
  // A server that ends the stream without an error is shutting down.
  if (ending.status.ok()) ending.status = absl::UnavailableError("the server ended the stream");
  return ending;
}

}  // namespace

absl::Status Client::WatchClusters(v1::WatchClustersRequest request,
                                   const WatchCallback& on_response, Call call) const {
  const CallOptions& options = call ? *call : options_.call;
  std::optional<Backoff> backoff;
  std::string store_id;
  int failures = 0;
  for (;;) {
    const Ending ending = ReadStream(*connections_, options, on_response, &request, &store_id);
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
