#include "client/batch_writer.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "client/status.h"
#include "client/twin.h"

namespace wonbon::client {

struct BatchWriter::Batch {
  v1::wire::SubmitBatchRequest request;
  std::vector<uint64_t> tags;  // one per document of the request
  size_t bytes = 0;
  absl::Time opened = absl::Now();
};

// One entry per document of the batch.
struct BatchWriter::Answers {
  explicit Answers(size_t count) : status(count), decision(count), call_failed(count, false) {}

  std::vector<absl::Status> status;
  std::vector<v1::Decision> decision;
  std::vector<bool> call_failed;
};

namespace {

BatchWriter::Options Bounded(BatchWriter::Options options) {
  options.max_documents = std::clamp(options.max_documents, 1, kMaxBatchDocuments);
  options.max_bytes = std::clamp<size_t>(options.max_bytes, 1, kMaxDocumentBytes);
  options.in_flight = std::clamp(options.in_flight, 1, kMaxBatchesInFlight);
  return options;
}

}  // namespace

BatchWriter::BatchWriter(const Client* client, const Options& options, Callback callback)
    : client_(client), options_(Bounded(options)), callback_(std::move(callback)) {
  for (int i = 0; i < options_.in_flight; ++i) senders_.emplace_back([this] { Send(); });
}

BatchWriter::~BatchWriter() {
  Cancel();
  for (std::thread& sender : senders_) sender.join();
}

bool BatchWriter::HasRoom() const {
  return cancelled_ || waiting_.size() < static_cast<size_t>(options_.in_flight);
}

bool BatchWriter::IsIdle() const { return waiting_.empty() && !open_ && sending_ == 0; }

bool BatchWriter::HasWork() const { return cancelled_ || !waiting_.empty() || open_; }

void BatchWriter::CloseOpenBatch() {
  if (open_) waiting_.push_back(std::move(open_));
}

absl::Status BatchWriter::Write(v1::Document&& document, uint64_t tag) {
  const size_t bytes = document.ByteSizeLong();
  if (bytes > kMaxDocumentBytes) {
    return absl::InvalidArgumentError("the document has " + std::to_string(bytes) +
                                      " bytes; at most " + std::to_string(kMaxDocumentBytes) +
                                      " fit into a message");
  }
  absl::MutexLock lock(&mutex_);
  for (;;) {
    mutex_.Await(absl::Condition(this, &BatchWriter::HasRoom));
    if (cancelled_) return absl::CancelledError("the writer was cancelled");
    if (!open_ || open_->bytes + bytes <= options_.max_bytes) break;
    CloseOpenBatch();
  }
  if (!open_) {
    open_ = std::make_unique<Batch>();
    open_->request.set_collection(options_.collection);
    open_->request.set_view(options_.view);
  }
  // Both are on the heap: this swaps pointers and copies no text.
  Swap(document, *open_->request.add_documents());
  open_->tags.push_back(tag);
  ++given_;
  open_->bytes += bytes;
  if (open_->tags.size() >= static_cast<size_t>(options_.max_documents) ||
      open_->bytes >= options_.max_bytes) {
    CloseOpenBatch();
  }
  return absl::OkStatus();
}

absl::Status BatchWriter::Flush() {
  absl::MutexLock lock(&mutex_);
  CloseOpenBatch();
  mutex_.Await(absl::Condition(this, &BatchWriter::IsIdle));
  if (cancelled_) return absl::CancelledError("the writer was cancelled");
  const uint64_t given = std::exchange(given_, 0);
  const uint64_t answered = std::exchange(answered_, 0);
  const absl::Status cause = std::exchange(unanswered_, absl::OkStatus());
  if (answered == given) return absl::OkStatus();
  return Reworded(cause, cause.ok() ? absl::StatusCode::kInternal : cause.code(),
                  std::to_string(given - answered) + " of " + std::to_string(given) +
                      " documents have no answer from the server: " +
                      std::string(cause.message()));
}

void BatchWriter::Cancel() {
  {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
  }
  cancellation_.Cancel();
}

std::unique_ptr<BatchWriter::Batch> BatchWriter::Take() {
  absl::MutexLock lock(&mutex_);
  for (;;) {
    mutex_.Await(absl::Condition(this, &BatchWriter::HasWork));
    if (waiting_.empty() && open_) {
      // Give it its time to fill, unless there is something better to do meanwhile.
      const absl::Time due = open_->opened + options_.max_delay;
      const auto overtaken = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return cancelled_ || !waiting_.empty() || !open_;
      };
      if (!cancelled_ && mutex_.AwaitWithDeadline(absl::Condition(&overtaken), due)) continue;
      CloseOpenBatch();
    }
    if (!waiting_.empty()) break;
    if (cancelled_) return nullptr;
  }
  std::unique_ptr<Batch> batch = std::move(waiting_.front());
  waiting_.pop_front();
  ++sending_;
  return batch;
}

void BatchWriter::Send() {
  while (const std::unique_ptr<Batch> batch = Take()) {
    Deliver(*batch);
    absl::MutexLock lock(&mutex_);
    --sending_;
  }
}

void BatchWriter::Deliver(Batch& batch) {
  Answers answers(batch.tags.size());
  std::vector<int> indices(batch.tags.size());
  std::iota(indices.begin(), indices.end(), 0);
  const absl::Time deadline =
      absl::Now() + std::min(options_.call.timeout, options_.call.retry.give_up_after);
  Backoff backoff(options_.call.retry, RandomSeed());
  for (int attempts = 1;; ++attempts) {
    Attempt(batch, &indices, &answers);
    if (indices.empty()) break;
    // The call succeeded and the server had no room for some of the documents.
    const absl::Status& status = answers.status[indices.front()];
    const absl::Duration wait = backoff.Next(RetryDelay(status));
    if (attempts >= options_.call.retry.max_attempts || absl::Now() + wait >= deadline) break;
    if (options_.call.on_retry) options_.call.on_retry(status, wait);
    if (!cancellation_.Sleep(wait)) break;
  }
  for (const int i : indices) answers.call_failed[i] = true;
  Report(batch, answers);
}

void BatchWriter::Attempt(const Batch& batch, std::vector<int>* indices, Answers* answers) {
  std::optional<v1::wire::SubmitBatchRequest> rest;
  if (indices->size() < batch.tags.size()) {
    rest.emplace();
    rest->set_collection(batch.request.collection());
    rest->set_view(batch.request.view());
    for (const int i : *indices) *rest->add_documents() = batch.request.documents(i);
  }
  CallOptions call = options_.call;
  call.cancellation = &cancellation_;
  absl::StatusOr<v1::SubmitBatchResponse> response =
      client_->SubmitBatch(rest ? *rest : batch.request, &call);
  absl::Status status = response.status();
  if (response.ok() && response->results_size() != static_cast<int>(indices->size())) {
    status = absl::InternalError("the server answered " + std::to_string(response->results_size()) +
                                 " results for " + std::to_string(indices->size()) + " documents");
  }
  if (!status.ok()) {
    for (const int i : *indices) {
      answers->status[i] = status;
      answers->call_failed[i] = true;
    }
    indices->clear();
    return;
  }
  std::vector<int> again;
  for (size_t k = 0; k < indices->size(); ++k) {
    const int i = (*indices)[k];
    v1::SubmitResult& result = *response->mutable_results(static_cast<int>(k));
    if (result.has_decision()) {
      answers->status[i] = absl::OkStatus();
      answers->decision[i] = std::move(*result.mutable_decision());
      continue;
    }
    answers->status[i] =
        result.has_error() && result.error().code() != 0
            ? FromRpc(result.error())
            : absl::InternalError("the server answered neither a decision nor an error");
    if (IsRetryable(answers->status[i], options_.call.retry)) again.push_back(i);
  }
  *indices = std::move(again);
}

void BatchWriter::Report(Batch& batch, const Answers& answers) {
  uint64_t answered = 0;
  absl::Status unanswered;
  absl::MutexLock callback_lock(&callback_mutex_);
  for (size_t i = 0; i < batch.tags.size(); ++i) {
    const absl::Status& status = answers.status[i];
    v1::Document document;
    Swap(document, *batch.request.mutable_documents(static_cast<int>(i)));
    callback_({.tag = batch.tags[i],
               .document = document,
               .status = status,
               .decision = status.ok() ? &answers.decision[i] : nullptr,
               .call_failed = answers.call_failed[i]});
    if (!answers.call_failed[i]) ++answered;
    if (answers.call_failed[i] && unanswered.ok()) unanswered = status;
  }
  absl::MutexLock lock(&mutex_);
  answered_ += answered;
  if (unanswered_.ok()) unanswered_ = unanswered;
}

}  // namespace wonbon::client
