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
  ClusterWatch(Backend& backend, const ServedRpc& rpc, grpc::CallbackServerContext* context)
      : backend_(backend), rpc_(rpc), context_(context) {}

  void Begin(const grpc::ByteBuffer& request) {
    self_ = shared_from_this();
    rpc_.metrics.Started();
    rpc_.metrics.Received();
    const size_t bytes = request.Length();
    const absl::Status admitted = backend_.admission.Admit(
        {.rpc = rpc_.rpc, .shown = ShownBy(*context_), .bytes = bytes, .stream = self_}, held_,
        [self = self_, request] { self->Start(request); });
    if (admitted.ok()) return;
    absl::MutexLock lock(&mutex_);
    End(admitted);
  }

  void Wake() override {
    absl::MutexLock lock(&mutex_);
    if (state_ == State::kWaiting) ReadSoon();
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    if (ok) rpc_.metrics.Sent();
    if (!ok && ending_.ok()) ending_ = absl::CancelledError("the client went away");
    if (!ending_.ok()) return End(ending_);
    ReadSoon();
  }

  void OnCancel() override { EndSoon(absl::CancelledError("the client went away")); }

  void Drain() override {
    EndSoon(Draining());
  }

  void Look(MonotonicTime now) override {
    absl::MutexLock lock(&mutex_);
    if (state_ == State::kEnded || !ending_.ok()) return;
    ending_ = held_.caller.Stands(absl::Now());
    if (!ending_.ok()) {
      if (state_ == State::kWaiting) return End(ending_);
      if (state_ == State::kWriting) Cut(*context_, ending_);
      return;
    }
    if (state_ != State::kWriting) return;
    if (absl::FromChrono(now - writing_since_) <= backend_.max_stream_stall) return;
    ending_ = Overloaded(ErrorReason::kTooManyBytesInFlight,
                         "the client of the watch took no response for too long");
    Cut(*context_, ending_);
  }

  void OnDone() override {
    rpc_.metrics.Handled(answered_.code(), Since(began_));
    backend_.refusals.Look({rpc_.path, held_.CallerName(), held_.peer}, answered_);
    // The call is over, though a step of it that is ending elsewhere may keep this alive a little.
    const Admitted over = std::move(held_);
    self_.reset();  // may delete this
  }

 private:
  enum class State { kReading, kWriting, kWaiting, kEnded };

  // In a worker.
  void Start(const grpc::ByteBuffer& bytes) {
    v1::WatchClustersRequest request;
    absl::Status status = Parse(bytes, request);
    if (status.ok()) status = held_.caller.MayAsk(AskedOf(request));
    if (status.ok()) {
      const absl::StatusOr<Engine::CollectionView> found =
          backend_.engine.GetCollection(request.collection());
      status = found.status();
      if (found.ok()) collection_number_ = found->record.number;
    }
    if (!status.ok()) {
      absl::MutexLock lock(&mutex_);
      return End(status);
    }
    collection_ = request.collection();
    const Engine::Stats stats = backend_.engine.GetStats();
    store_id_ = stats.store_id;
    after_ = request.has_after_sequence() ? request.after_sequence() : stats.sequence;
    Read();
  }

  void ReadSoon() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    state_ = State::kReading;
    backend_.pool.Continue(held_.LaneOf(rpc_.rpc.work), [self = self_] { self->Read(); });
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
    const MonotonicTime now = MonotonicNow();
    if (page->events.empty() && now < heartbeat_at_) {
      state_ = State::kWaiting;
      backend_.watches.WaitFor(
          collection_number_, {.watcher = self_, .seen = after_, .heartbeat_at = heartbeat_at_});
      return;
    }
    heartbeat_at_ = now + absl::ToChronoNanoseconds(kWatchHeartbeat);
    v1::WatchClustersResponse message;
    for (const ClusterEvent& event : page->events) ToProto(event, *message.add_events());
    message.set_sequence(after_);
    message.set_store_id(store_id_);
    response_ = Serialize(message);
    state_ = State::kWriting;
    writing_since_ = MonotonicNow();
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
    answered_ = status;
    Finish(ToGrpcStatus(status));
  }

  Backend& backend_;
  const ServedRpc& rpc_;
  grpc::CallbackServerContext* const context_;
  const MonotonicTime began_ = MonotonicNow();
  std::shared_ptr<ClusterWatch> self_;  // until OnDone
  Admitted held_;
  absl::Status answered_;  // written before Finish, read by OnDone

  // Of the one step in progress.
  std::string collection_;
  CollectionNumber collection_number_{};
  std::string store_id_;
  Sequence after_ = 0;
  grpc::ByteBuffer response_;

  absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kReading;
  MonotonicTime writing_since_ ABSL_GUARDED_BY(mutex_);
  absl::Status ending_ ABSL_GUARDED_BY(mutex_);  // why to end at the next occasion
  // In the past at first: the first response comes at once and says where the watch began.
  MonotonicTime heartbeat_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

void AddWatch(RpcService& dedup) {
  dedup.HandleServerStream(
      "WatchClusters", [&backend = dedup.backend()](grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer& request,
                                                    const ServedRpc& rpc) {
        const auto watch = std::make_shared<ClusterWatch>(backend, rpc, context);
        watch->Begin(request);
        return watch.get();
      });
}

}  // namespace wonbon::server
