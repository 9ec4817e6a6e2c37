// SubmitStream: one response per request, in order.
//
// A stream has at most kMaxInFlightPerStream requests in work. Each has a slot, in the order they
// were read:
//
//   read -> prepared (any order, on the pool) -> enqueued (in order) -> answered -> written (in
//   order)
//
// The next request is read only when a slot is free, so a client that does not read its answers
// stops being read. Documents reach the commit thread in the order the client sent them.
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/arena.h"
#include "grpcpp/support/server_callback.h"
#include "server/handlers/handlers.h"
#include "server/handlers/submission_job.h"
#include "server/limits.h"
#include "server/message/convert.h"
#include "server/message/status.h"
#include "server/message/wire.h"

namespace wonbon::server {
namespace {

// One request of a stream. Its worker fills it; `state` and `answer` are guarded by the stream.
struct Slot {
  enum class State { kPreparing, kPrepared, kEnqueued, kAnswered };

  State state = State::kPreparing;
  ByteBudget::Share bytes;
  google::protobuf::Arena arena;
  v1::wire::SubmitStreamRequest* request =
      google::protobuf::Arena::CreateMessage<v1::wire::SubmitStreamRequest>(&arena);
  absl::Status error;                  // of the request as a whole
  std::shared_ptr<SubmissionJob> job;  // unless there was an error
  grpc::ByteBuffer answer;
};

class SubmitStream final : public RpcService::BidiReactor,
                           public OpenStream,
                           public std::enable_shared_from_this<SubmitStream> {
 public:
  SubmitStream(Backend& backend, const ServedRpc& rpc, grpc::CallbackServerContext* context)
      : backend_(backend), rpc_(rpc), context_(context) {}

  void Begin() {
    self_ = shared_from_this();
    rpc_.metrics.Started();
    // Its requests are queued one by one, as they come.
    const absl::Status admitted =
        backend_.admission.Admit({.rpc = rpc_.rpc, .stream = self_}, held_, nullptr);
    absl::MutexLock lock(&mutex_);
    begun_ = true;
    if (!admitted.ok() && !reading_over_) {
      final_ = admitted;
      reading_over_ = true;
    }
    Advance();
  }

  void OnReadDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    reading_ = false;
    if (!ok) {
      reading_over_ = true;  // half-closed, or gone
    } else if (!reading_over_) {
      // Otherwise the stream was lost or drained during this read, and may be finished already:
      // then nothing of it may start any more, for its context goes with OnDone.
      rpc_.metrics.Received();
      Accept(std::exchange(incoming_, {}));
    }
    Advance();
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (ok) {
      rpc_.metrics.Sent();
    } else {
      Lose();
    }
    slots_.pop_front();
    --enqueued_;
    Advance();
  }

  void OnCancel() override {
    absl::MutexLock lock(&mutex_);
    Lose();
    Advance();
  }

  void Drain() override {
    absl::MutexLock lock(&mutex_);
    if (!reading_over_) {
      reading_over_ = true;
      final_ = Draining();
    }
    Advance();
  }

  void OnDone() override {
    rpc_.metrics.Handled(final_code_, Since(began_));
    // The call is over, though a step of it that is ending elsewhere may keep this alive a little.
    const Admitted over = std::move(held_);
    self_.reset();  // may delete this
  }

 private:
  // The client is gone: what is in work is finished for the store's sake, and not answered.
  void Lose() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    lost_ = true;
    reading_over_ = true;
    final_ = absl::CancelledError("the client went away");
  }

  void Accept(const grpc::ByteBuffer& bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    auto& slot = slots_.emplace_back(std::make_shared<Slot>());
    absl::StatusOr<ByteBudget::Share> share = backend_.admission.AdmitMessage(bytes.Length());
    if (share.ok()) {
      slot->bytes = *std::move(share);
    } else {
      slot->error = share.status();
    }
    // Streams are bounded, and so are their slots: they need not queue with the unary calls.
    backend_.pool.Continue(
        [self = self_, slot, bytes] { self->Prepare(slot, bytes); });
  }

  // In a worker.
  void Prepare(const std::shared_ptr<Slot>& slot, const grpc::ByteBuffer& bytes) {
    if (slot->error.ok()) slot->error = Parse(bytes, *slot->request);
    absl::StatusOr<SubmissionJob::Options> options = OptionsOf(*slot);
    if (!options.ok()) {
      slot->error = options.status();
      return Prepared(*slot);
    }
    options->alive = [self = shared_from_this()] { return StillWanted(*self->context_); };
    slot->job =
        std::make_shared<SubmissionJob>(backend_, *std::move(options), SlotDocuments(*slot));
    slot->job->Prepare([self = shared_from_this(), slot] { self->Prepared(*slot); });
  }

  absl::StatusOr<SubmissionJob::Options> OptionsOf(const Slot& slot) const {
    if (!slot.error.ok()) return slot.error;
    switch (slot.request->request_case()) {
      case v1::wire::SubmitStreamRequest::kDocument: return JobOptions(slot.request->document());
      case v1::wire::SubmitStreamRequest::kBatch:
        return JobOptions(backend_, slot.request->batch());
      case v1::wire::SubmitStreamRequest::REQUEST_NOT_SET: break;
    }
    return InvalidField("document", "give a document or a batch");
  }

  static std::vector<v1::wire::Document*> SlotDocuments(Slot& slot) {
    if (slot.request->has_batch()) return DocumentsOf(*slot.request->mutable_batch());
    return {slot.request->mutable_document()->mutable_document()};
  }

  void Prepared(Slot& slot) {
    absl::MutexLock lock(&mutex_);
    slot.state = Slot::State::kPrepared;
    Advance();
  }

  // In a worker. A request that failed as a whole has its error in the place of each document.
  void Answer(Slot& slot, absl::StatusOr<SubmissionJob::Results> results) {
    v1::SubmitStreamResponse response;
    const bool batch = slot.request->has_batch();
    const size_t places = batch ? slot.request->batch().documents_size() : 1;
    if (!results.ok()) {
      results = SubmissionJob::Results(std::max<size_t>(places, 1), results.status());
      for (auto& result : *results) {
        *response.add_results()->mutable_error() = ToRpcStatus(result.status());
      }
    } else if (batch) {
      ToProto(*std::move(results), *response.mutable_results());
    } else if (results->front().ok()) {
      ToProto(*std::move(results->front()), *response.add_results()->mutable_decision());
    } else {
      *response.add_results()->mutable_error() = ToRpcStatus(results->front().status());
    }
    grpc::ByteBuffer answer = Serialize(response);
    absl::MutexLock lock(&mutex_);
    slot.answer.Swap(&answer);
    slot.state = Slot::State::kAnswered;
    Advance();
  }

  // Starts whatever can be started now. All state changes end here.
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (finished_ || !begun_) return;
    while (enqueued_ < slots_.size() && slots_[enqueued_]->state == Slot::State::kPrepared) {
      Enqueue(slots_[enqueued_++]);
    }
    while (lost_ && !writing_ && FrontAnswered()) {
      slots_.pop_front();
      --enqueued_;
    }
    if (!writing_ && FrontAnswered()) {
      writing_ = true;
      StartWrite(&slots_.front()->answer);
    }
    if (!reading_ && !reading_over_ && slots_.size() < kMaxInFlightPerStream) {
      reading_ = true;
      StartRead(&incoming_);
    }
    if (reading_over_ && slots_.empty() && !writing_) {
      finished_ = true;
      final_code_ = final_.code();
      Finish(ToGrpcStatus(final_));
    }
  }

  bool FrontAnswered() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !slots_.empty() && slots_.front()->state == Slot::State::kAnswered;
  }

  // Under the lock, so that the order of slots is the order of commits. Answers come from workers:
  // errors too, which are handed to one here.
  void Enqueue(const std::shared_ptr<Slot>& slot) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    slot->state = Slot::State::kEnqueued;
    const auto answer_later = [self = self_, slot](absl::StatusOr<SubmissionJob::Results> results) {
      self->backend_.pool.Continue([self, slot, results = std::move(results)]() mutable {
        self->Answer(*slot, std::move(results));
      });
    };
    if (!slot->error.ok()) return answer_later(slot->error);
    slot->job->Enqueue(answer_later);
  }

  Backend& backend_;
  const ServedRpc& rpc_;
  grpc::CallbackServerContext* const context_;
  const MonotonicTime began_ = MonotonicNow();
  std::shared_ptr<SubmitStream> self_;  // until OnDone
  Admitted held_;
  absl::StatusCode final_code_ = absl::StatusCode::kOk;  // written before Finish, read by OnDone

  absl::Mutex mutex_;
  std::deque<std::shared_ptr<Slot>> slots_ ABSL_GUARDED_BY(mutex_);
  size_t enqueued_ ABSL_GUARDED_BY(mutex_) = 0;  // slots from the front that were enqueued
  grpc::ByteBuffer incoming_;                    // being read
  // A drain may ask for the end before Begin has all that the call holds.
  bool begun_ ABSL_GUARDED_BY(mutex_) = false;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool reading_over_ ABSL_GUARDED_BY(mutex_) = false;
  bool lost_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status final_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

void AddSubmitStream(RpcService& dedup) {
  dedup.HandleBidi("SubmitStream", [&backend = dedup.backend()](
                                       grpc::CallbackServerContext* context, const ServedRpc& rpc) {
    const auto stream = std::make_shared<SubmitStream>(backend, rpc, context);
    stream->Begin();
    return stream.get();
  });
}

}  // namespace wonbon::server
