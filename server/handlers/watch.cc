// WatchClusters: events from a sequence on, then as they happen.
//
// A watch holds no queue. It reads a page of events from the engine, writes it, and reads the next
// one when gRPC has taken that; with nothing to read it waits for the hub. A slow client is slow
// alone.
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/support/server_callback.h"
#include "server/handlers/handlers.h"
#include "server/limits.h"
#include "server/message/convert.h"
#include "server/message/status.h"
#include "server/message/wire.h"

namespace wonbon::server {
namespace {

class ClusterWatch final : public RpcService::WriteReactor,
                           public OpenStream,
                           public Watcher,
                           public std::enable_shared_from_this<ClusterWatch> {
 public:
  ClusterWatch(Backend& backend, RpcMetrics& metrics)
      : backend_(backend), metrics_(metrics), began_(absl::Now()) {}

  void Begin(grpc::ByteBuffer request) {
    self_ = shared_from_this();
    metrics_.Started();
    metrics_.Received();
    const absl::Status entered = backend_.calls.Enter(self_);
    entered_ = entered.ok();
    absl::MutexLock lock(&mutex_);
    if (!entered.ok()) return End(entered);
    const bool queued = backend_.pool.TryBegin(
        [self = self_, request = std::move(request)] { self->Start(request); });
    if (!queued) {
      End(Overloaded(ErrorReason::kQueueFull, "too many requests are waiting"));
    }
  }

  void Wake() override {
    absl::MutexLock lock(&mutex_);
    if (state_ == State::kWaiting) ReadSoon();
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    if (ok) metrics_.Sent();
    if (!ok && ending_.ok()) ending_ = absl::CancelledError("the client went away");
    if (!ending_.ok()) return End(ending_);
    ReadSoon();
  }

  void OnCancel() override { EndSoon(absl::CancelledError("the client went away")); }

  void Drain() override {
    EndSoon(Draining());
  }

  void OnDone() override {
    metrics_.Handled(final_code_, absl::Now() - began_);
    if (entered_) backend_.calls.Leave(this);
    self_.reset();  // may delete this
  }

 private:
  enum class State { kReading, kWriting, kWaiting, kEnded };

  // In a worker.
  void Start(grpc::ByteBuffer bytes) {
    v1::WatchClustersRequest request;
    absl::Status status = Parse(std::move(bytes), request);
    if (status.ok()) status = backend_.engine.GetCollection(request.collection()).status();
    if (!status.ok()) {
      absl::MutexLock lock(&mutex_);
      return End(status);
    }
    collection_ = request.collection();
    after_ = request.has_after_sequence() ? request.after_sequence()
                                          : backend_.engine.GetStats().sequence;
    Read();
  }

  void ReadSoon() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    state_ = State::kReading;
    backend_.pool.Continue([self = self_] { self->Read(); });
  }

  // In a worker, in state kReading: nobody else touches after_ and response_.
  void Read() {
    absl::StatusOr<Engine::EventPage> page =
        backend_.engine.ReadEvents(collection_, after_, kMaxEventsPerResponse);
    absl::MutexLock lock(&mutex_);
    if (state_ == State::kEnded) return;
    if (!ending_.ok()) return End(ending_);
    if (!page.ok()) return End(page.status());
    after_ = page->sequence;
    const absl::Time now = absl::Now();
    if (page->events.empty() && now < heartbeat_at_) {
      state_ = State::kWaiting;
      backend_.watches.WaitFor(self_, after_, heartbeat_at_);
      return;
    }
    heartbeat_at_ = now + kWatchHeartbeat;
    v1::WatchClustersResponse message;
    for (const ClusterEvent& event : page->events) ToProto(event, *message.add_events());
    message.set_sequence(after_);
    response_ = Serialize(message);
    state_ = State::kWriting;
    StartWrite(&response_);
  }

  // Now if the call is idle, else when its step is done.
  void EndSoon(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    if (state_ == State::kEnded || !ending_.ok()) return;
    ending_ = std::move(status);
    if (state_ == State::kWaiting) End(ending_);
  }

  void End(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    state_ = State::kEnded;
    final_code_ = status.code();
    Finish(ToGrpcStatus(status));
  }

  Backend& backend_;
  RpcMetrics& metrics_;
  const absl::Time began_;
  std::shared_ptr<ClusterWatch> self_;  // until OnDone
  bool entered_ = false;
  absl::StatusCode final_code_ = absl::StatusCode::kOk;  // written before Finish, read by OnDone

  // Of the one step in progress.
  std::string collection_;
  Sequence after_ = 0;
  grpc::ByteBuffer response_;

  absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kReading;
  absl::Status ending_ ABSL_GUARDED_BY(mutex_);  // why to end at the next occasion
  // In the past at first: the first response comes at once and says where the watch began.
  absl::Time heartbeat_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace

void AddWatch(RpcService& dedup) {
  dedup.HandleServerStream(
      "WatchClusters", [&backend = dedup.backend()](grpc::CallbackServerContext*,
                                                    grpc::ByteBuffer request, RpcMetrics& metrics) {
        const auto watch = std::make_shared<ClusterWatch>(backend, metrics);
        watch->Begin(std::move(request));
        return watch.get();
      });
}

}  // namespace wonbon::server
