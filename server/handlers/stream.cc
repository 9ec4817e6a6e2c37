// SubmitStream: one response per request, in order.
//
// A stream has at most kMaxInFlightPerStream exchanges in work, in the order in which their
// requests were read:
//
//   read -> prepared (any order, on the pool) -> enqueued (in order) -> answered -> written (in
//   order)
//
// The next request is read only when there is room, so a client that does not read its answers
// stops being read, and after a while (--max-stream-stall) is given up: what waits for it counts in
// the bytes that its connection may hold. Documents reach the commit thread in the order the client
// sent them.
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

// One request of a stream and its answer. Its worker fills it; `state` and `answer` are guarded by
// the stream.
struct Exchange {
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
    const absl::Status admitted = backend_.admission.Admit(
        {.rpc = rpc_.rpc, .shown = ShownBy(*context_), .stream = self_}, held_, nullptr);
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
      heard_at_ = MonotonicNow();
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
    exchanges_.pop_front();
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

  // What is in work of a stream that is cut ends as for a client that went away.
  void Look(MonotonicTime now) override {
    absl::MutexLock lock(&mutex_);
    if (finished_ || lost_ || !begun_) return;
    if (writing_ && absl::FromChrono(now - writing_since_) > backend_.max_stream_stall) {
      Lose();
      final_ = Overloaded(ErrorReason::kTooManyBytesInFlight,
                          "the client of the stream took no answer for too long");
      Cut(*context_, final_);
    } else if (absl::Status stands = held_.caller.Stands(absl::Now());
               !stands.ok() && !reading_over_) {
      reading_over_ = true;
      final_ = std::move(stands);
      Advance();
    } else if (exchanges_.empty() && !reading_over_ &&
               absl::FromChrono(now - heard_at_) > backend_.max_stream_idle) {
      reading_over_ = true;
      final_ = absl::UnavailableError("nothing came by the stream for too long");
      Advance();
    }
  }

  void OnDone() override {
    rpc_.metrics.Handled(answered_.code(), Since(began_));
    backend_.refusals.Look({rpc_.path, held_.CallerName(), held_.peer}, answered_);
    // The call is over, though a step of it that is ending elsewhere may keep this alive a little.
    const Admitted over = std::move(held_);
    self_.reset();  // may delete this
  }

 private:
  // The client is gone: what is in work is finished for the store's sake, and not answered.
  void Lose() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (lost_) return;
    lost_ = true;
    reading_over_ = true;
    final_ = absl::CancelledError("the client went away");
  }

  void Accept(const grpc::ByteBuffer& bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    auto& exchange = exchanges_.emplace_back(std::make_shared<Exchange>());
    exchange->error = held_.caller.TakeRequest(rpc_.rpc.takes_documents);
    if (exchange->error.ok()) {
      absl::StatusOr<ByteBudget::Share> share =
          backend_.admission.AdmitMessage(rpc_.rpc, held_, bytes.Length());
      exchange->error = share.status();
      if (share.ok()) exchange->bytes = *std::move(share);
    }
    // Streams are bounded, and so are their exchanges: they are not refused.
    backend_.pool.Continue(
        lane(), [self = self_, exchange, bytes] { self->Prepare(exchange, bytes); });
  }

  // In a worker.
  void Prepare(const std::shared_ptr<Exchange>& exchange, const grpc::ByteBuffer& bytes) {
    if (exchange->error.ok()) exchange->error = Parse(bytes, *exchange->request);
    absl::StatusOr<SubmissionJob::Options> options = OptionsOf(*exchange);
    if (!options.ok()) {
      exchange->error = options.status();
      return Prepared(*exchange);
    }
    options->lane = lane();
    options->deadline = DeadlineOf(*context_);
    options->whole = true;  // the next request is enqueued before this one is answered
    options->alive = [self = shared_from_this()] { return StillWanted(*self->context_); };
    exchange->job =
        std::make_shared<SubmissionJob>(backend_, *std::move(options), DocumentsIn(*exchange));
    exchange->job->Prepare([self = shared_from_this(), exchange] { self->Prepared(*exchange); });
  }

  absl::StatusOr<SubmissionJob::Options> OptionsOf(const Exchange& exchange) const {
    if (!exchange.error.ok()) return exchange.error;
    const v1::wire::SubmitStreamRequest& request = *exchange.request;
    const bool batch = request.has_batch();
    absl::Status allowed =
        held_.caller.MayAsk(batch ? AskedOf(request.batch()) : AskedOf(request.document()));
    if (!allowed.ok()) return allowed;
    switch (request.request_case()) {
      case v1::wire::SubmitStreamRequest::kDocument: return JobOptions(request.document());
      case v1::wire::SubmitStreamRequest::kBatch: return JobOptions(backend_, request.batch());
      case v1::wire::SubmitStreamRequest::REQUEST_NOT_SET: break;
    }
    return InvalidField("document", "give a document or a batch");
  }

  static std::vector<v1::wire::Document*> DocumentsIn(Exchange& exchange) {
    if (exchange.request->has_batch()) return DocumentsOf(*exchange.request->mutable_batch());
    return {exchange.request->mutable_document()->mutable_document()};
  }

  void Prepared(Exchange& exchange) {
    absl::MutexLock lock(&mutex_);
    exchange.state = Exchange::State::kPrepared;
    Advance();
  }

  // In a worker. A request that failed as a whole has its error for each document.
  void Answer(Exchange& exchange, absl::StatusOr<SubmissionJob::Results> results) {
    v1::SubmitStreamResponse response;
    const bool batch = exchange.request->has_batch();
    const size_t documents = batch ? exchange.request->batch().documents_size() : 1;
    if (!results.ok()) {
      results = SubmissionJob::Results(std::max<size_t>(documents, 1), results.status());
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
    // The request is done with; what is held from now on is the answer.
    exchange.job = nullptr;
    exchange.arena.Reset();
    exchange.bytes.Resize(answer.Length());
    absl::MutexLock lock(&mutex_);
    exchange.answer.Swap(&answer);
    exchange.state = Exchange::State::kAnswered;
    Advance();
  }

  // Starts whatever can be started now. All state changes end here.
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (finished_ || !begun_) return;
    while (enqueued_ < exchanges_.size() &&
           exchanges_[enqueued_]->state == Exchange::State::kPrepared) {
      Enqueue(exchanges_[enqueued_++]);
    }
    while (lost_ && !writing_ && FrontAnswered()) {
      exchanges_.pop_front();
      --enqueued_;
    }
    if (!writing_ && FrontAnswered()) {
      writing_ = true;
      writing_since_ = MonotonicNow();
      StartWrite(&exchanges_.front()->answer);
    }
    if (!reading_ && !reading_over_ && exchanges_.size() < kMaxInFlightPerStream) {
      reading_ = true;
      StartRead(&incoming_);
    }
    if (reading_over_ && exchanges_.empty() && !writing_) {
      finished_ = true;
      answered_ = final_;
      Finish(ToGrpcStatus(final_));
    }
  }

  Lane lane() const { return held_.LaneOf(rpc_.rpc.work); }

  bool FrontAnswered() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !exchanges_.empty() && exchanges_.front()->state == Exchange::State::kAnswered;
  }

  // Under the lock, so that documents are decided in the order of exchanges. Answers come from
  // workers: errors too, which are handed to one here.
  void Enqueue(const std::shared_ptr<Exchange>& exchange) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    exchange->state = Exchange::State::kEnqueued;
    const auto answer_later = [self = self_,
                               exchange](absl::StatusOr<SubmissionJob::Results> results) {
      self->backend_.pool.Answer([self, exchange, results = std::move(results)]() mutable {
        self->Answer(*exchange, std::move(results));
      });
    };
    if (!exchange->error.ok()) return answer_later(exchange->error);
    exchange->job->Enqueue(answer_later);
  }

  Backend& backend_;
  const ServedRpc& rpc_;
  grpc::CallbackServerContext* const context_;
  const MonotonicTime began_ = MonotonicNow();
  std::shared_ptr<SubmitStream> self_;  // until OnDone
  Admitted held_;
  absl::Status answered_;  // written before Finish, read by OnDone

  absl::Mutex mutex_;
  std::deque<std::shared_ptr<Exchange>> exchanges_ ABSL_GUARDED_BY(mutex_);
  size_t enqueued_ ABSL_GUARDED_BY(mutex_) = 0;  // exchanges from the front that were enqueued
  grpc::ByteBuffer incoming_;                    // being read
  // A drain may ask for the end before Begin has all that the call holds.
  bool begun_ ABSL_GUARDED_BY(mutex_) = false;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  MonotonicTime writing_since_ ABSL_GUARDED_BY(mutex_);
  MonotonicTime heard_at_ ABSL_GUARDED_BY(mutex_) = MonotonicNow();
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
