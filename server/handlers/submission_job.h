// The documents of one request on their way through the engine.
//
//   Prepare: every document is validated, canonicalised, sketched and judged, in chunks on the
//            pool, unless that could not be done before the deadline
//   Enqueue: the good ones go to the commit thread together, in their order
//
// A bad document keeps its error in its place and its neighbours go on. Both steps report in a
// worker, never in the commit thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/cluster/submission.h"
#include "core/engine.h"
#include "server/backend.h"
#include "wonbon/v1/submission.pb.h"
#include "wonbon/v1/wire/submission.pb.h"

namespace wonbon::server {

// Belongs to one request; Prepare first, then Enqueue, each once.
class SubmissionJob : public std::enable_shared_from_this<SubmissionJob> {
 public:
  struct Options {
    std::string collection;
    bool canonical_body = false;
    bool whole = false;  // as SubmitOptions::whole
    // By document id: the sequence that must stand (Submission::expected_sequence).
    absl::flat_hash_map<std::string, uint64_t> expected_sequences;
    // By document id: when it arrived elsewhere (Submission::arrived_us).
    absl::flat_hash_map<std::string, absl::Time> arrivals;
    Lane lane;  // where its steps wait
    MonotonicTime deadline = MonotonicTime::max();
    // CANCELLED or DEADLINE_EXCEEDED where nobody waits any more; asked between stages.
    std::function<absl::Status()> alive;
  };
  // One per document, in order.
  using Results = std::vector<absl::StatusOr<Decision>>;

  // `documents` must stay alive until they are prepared; their text is moved out.
  SubmissionJob(Backend& backend, Options options, std::vector<v1::wire::Document*> documents);

  void Prepare(std::function<void()> prepared);
  // An error is of the whole request: unknown collection, full queue, nobody waits, no time.
  void Enqueue(std::function<void(absl::StatusOr<Results>)> done);

 private:
  void SplitIntoChunks();
  void PrepareChunk(size_t chunk);
  void PrepareOne(size_t index);
  absl::Status WholeError() const;
  void Complete(Results decisions);
  void Finish(absl::StatusOr<Results> results);

  Backend& backend_;
  const Options options_;
  const std::vector<v1::wire::Document*> documents_;
  std::function<void()> prepared_;
  absl::Status refused_;
  std::function<void(absl::StatusOr<Results>)> done_;
  std::vector<size_t> chunk_ends_;  // each begins where the one before it ends
  std::atomic<size_t> chunks_left_{0};
  std::vector<absl::StatusOr<std::unique_ptr<Submission>>> submissions_;
  std::vector<size_t> indexes_;  // of the good ones
  Results results_;
  MonotonicTime enqueued_at_;
};

// The documents of a batch, for SubmissionJob.
std::vector<v1::wire::Document*> DocumentsOf(v1::wire::SubmitBatchRequest& request);

// What the job of `request` needs besides its documents: INVALID_ARGUMENT for a bad view, a batch
// that asks for more bodies than one answer can hold, or one that expects something of a document
// it lacks.
absl::StatusOr<SubmissionJob::Options> JobOptions(const v1::wire::SubmitRequest& request);
absl::StatusOr<SubmissionJob::Options> JobOptions(const Backend& backend,
                                                  const v1::wire::SubmitBatchRequest& request);

// Results of a batch, with the errors of its items.
void ToProto(SubmissionJob::Results in, google::protobuf::RepeatedPtrField<v1::SubmitResult>& out);

}  // namespace wonbon::server
