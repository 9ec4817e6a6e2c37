// Sends many documents in batches, several at once.
//
//   BatchWriter writer(client.get(), {}, [](const BatchWriter::Result& result) { … });
//   for (…) RETURN_IF_ERROR(writer.Write(std::move(document), tag));
//   RETURN_IF_ERROR(writer.Flush());
//
// A batch leaves when it is full or old enough. Calls that may succeed another time (IsRetryable)
// are repeated as CallOptions says, single documents of a batch as well; by default a restart of
// the server goes unnoticed. Nothing is dropped in silence: each document has its Result, and
// Flush() is OK only if the server has answered for every one of them. With one batch in flight
// documents reach the server in the order of Write(); with more, batches overtake one another.
//
// Thread-safe. Memory is bounded: in_flight batches on their way, as many waiting, one being
// filled.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "client/client.h"
#include "client/limits.h"

namespace wonbon::client {

class BatchWriter {
 public:
  struct Options {
    std::string collection;
    v1::View view = v1::VIEW_BASIC;
    // A batch is full at this many documents (at most kMaxBatchDocuments) or bytes (at most
    // kMaxDocumentBytes).
    int max_documents = 256;
    size_t max_bytes = 2 << 20;
    // A batch that is not full leaves this long after its first document.
    absl::Duration max_delay = absl::Milliseconds(250);
    // Batches sent at once, 1 to kMaxBatchesInFlight.
    int in_flight = 4;
    // How each batch is sent; timeout is for the batch with all its repetitions. `cancellation` is
    // ignored: Cancel() does that.
    CallOptions call = PatientCalls(absl::Seconds(60));
  };

  // What became of one document.
  struct Result {
    // As given to Write().
    uint64_t tag;
    const v1::Document& document;
    // OK, or why the server did not take this document.
    const absl::Status& status;
    // Null unless the status is OK.
    const v1::Decision* decision;
    // The error is of the call, not of the document: it may succeed another time. The document may
    // have been indexed all the same.
    bool call_failed;
  };
  // Never called by two threads at once. Within a batch in the order of Write(). Of the
  // writer it may only call Cancel().
  using Callback = std::function<void(const Result& result)>;

  // `client` must outlive the writer.
  BatchWriter(const Client* client, const Options& options, Callback callback);
  // Cancels what has not been answered yet; Flush() first to keep it.
  ~BatchWriter();
  BatchWriter(const BatchWriter&) = delete;
  BatchWriter& operator=(const BatchWriter&) = delete;

  // Takes the document over. Blocks while as many batches wait as may be in flight.
  // INVALID_ARGUMENT: larger than kMaxDocumentBytes (the callback is not called).
  // CANCELLED: after Cancel().
  absl::Status Write(v1::Document&& document, uint64_t tag);

  // Sends what is left and waits until the callback was called for every document written before.
  // CANCELLED: after Cancel(). Any other error: documents given since the last Flush() have no
  // answer from the server; code and details are those of the first such Result, the message says
  // how many there are.
  absl::Status Flush();

  // Ends running calls and waits. Results that are not known yet become CANCELLED with call_failed.
  void Cancel();

 private:
  struct Batch;
  struct Answers;

  // The loop of one sending thread.
  void Send();
  // The next batch to send; null once there will be none.
  std::unique_ptr<Batch> Take();
  // Sends one batch until every document has its answer, then calls the callback.
  void Deliver(Batch& batch);
  // One call with the documents `indices` of the batch. Removes from `indices` what has an answer.
  void Attempt(const Batch& batch, std::vector<int>* indices, Answers* answers);
  void Report(Batch& batch, const Answers& answers);

  void CloseOpenBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Client* const client_;
  const Options options_;
  const Callback callback_;
  Cancellation cancellation_;

  mutable absl::Mutex mutex_;
  std::unique_ptr<Batch> open_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::unique_ptr<Batch>> waiting_ ABSL_GUARDED_BY(mutex_);
  int sending_ ABSL_GUARDED_BY(mutex_) = 0;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  // Since the last Flush(): documents given, those with an answer, and the first without one.
  uint64_t given_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t answered_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status unanswered_ ABSL_GUARDED_BY(mutex_);

  absl::Mutex callback_mutex_;
  std::vector<std::thread> senders_;  // constant after construction
};

}  // namespace wonbon::client
