#include "server/handlers/submission_job.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/limits.h"
#include "server/message/convert.h"
#include "server/message/status.h"
#include "server/message/view.h"

namespace wonbon::server {

SubmissionJob::SubmissionJob(Backend& backend, Options options,
                             std::vector<v1::wire::Document*> documents)
    : backend_(backend),
      options_(std::move(options)),
      documents_(std::move(documents)),
      submissions_(documents_.size()),
      results_(documents_.size()) {}

void SubmissionJob::Prepare(std::function<void()> prepared) {
  SplitIntoChunks();
  if (!backend_.pool.CanFinish(options_.lane, chunk_ends_.size() - 1, options_.deadline)) {
    refused_ = WouldBeLate();
    return prepared();
  }
  prepared_ = std::move(prepared);
  chunks_left_ = chunk_ends_.size();
  for (size_t chunk = 1; chunk < chunk_ends_.size(); ++chunk) {
    backend_.pool.Continue(options_.lane,
                           [self = shared_from_this(), chunk] { self->PrepareChunk(chunk); });
  }
  PrepareChunk(0);
}

// At least one, be it empty.
void SubmissionJob::SplitIntoChunks() {
  size_t begin = 0;
  size_t bytes = 0;
  for (size_t i = 0; i < documents_.size(); ++i) {
    bytes += documents_[i]->body().size();
    if (i + 1 - begin < kPrepareChunk && bytes < kPrepareChunkBytes) continue;
    begin = i + 1;
    bytes = 0;
    chunk_ends_.push_back(begin);
  }
  if (begin < documents_.size() || chunk_ends_.empty()) chunk_ends_.push_back(documents_.size());
}

void SubmissionJob::PrepareChunk(size_t chunk) {
  const size_t begin = chunk == 0 ? 0 : chunk_ends_[chunk - 1];
  for (size_t i = begin; i < chunk_ends_[chunk]; ++i) PrepareOne(i);
  if (--chunks_left_ > 0) return;
  const std::function<void()> prepared = std::exchange(prepared_, nullptr);
  prepared();
}

void SubmissionJob::PrepareOne(size_t index) {
  auto& submission = submissions_[index];
  const absl::Status wanted = options_.alive();
  if (!wanted.ok()) {
    submission = wanted;
    return;
  }
  absl::StatusOr<Document> document = FromProto(*documents_[index]);
  if (!document.ok()) {
    submission = document.status();
    return;
  }
  const auto expected = options_.expected_sequences.find(document->id);
  const auto arrived = options_.arrivals.find(document->id);
  const MonotonicTime began = MonotonicNow();
  submission = backend_.engine.Prepare(options_.collection, *std::move(document));
  if (!submission.ok()) return;
  Submission& ready = **submission;
  if (expected != options_.expected_sequences.end()) ready.expected_sequence = expected->second;
  if (arrived != options_.arrivals.end()) ready.arrived_us = absl::ToUnixMicros(arrived->second);
  if (!options_.alive().ok()) return;
  const MonotonicTime prepared = MonotonicNow();
  backend_.engine.Prejudge(ready);
  backend_.metrics.Prepared({.preparing = absl::FromChrono(prepared - began),
                             .judging = Since(prepared),
                             .candidates = ready.candidates.clusters.size(),
                             .judged_pairs = ready.judgements.judged()});
}

// Prepare reports NOT_FOUND for one thing only: the collection.
absl::Status SubmissionJob::WholeError() const {
  if (!refused_.ok()) return refused_;
  for (const auto& submission : submissions_) {
    if (absl::IsNotFound(submission.status())) return submission.status();
  }
  return options_.alive();
}

void SubmissionJob::Enqueue(std::function<void(absl::StatusOr<Results>)> done) {
  done_ = std::move(done);
  absl::Status error = WholeError();
  if (!error.ok()) return Finish(std::move(error));
  std::vector<std::unique_ptr<Submission>> batch;
  for (size_t i = 0; i < submissions_.size(); ++i) {
    if (submissions_[i].ok()) {
      indexes_.push_back(i);
      batch.push_back(*std::move(submissions_[i]));
    } else {
      results_[i] = submissions_[i].status();
    }
  }
  submissions_.clear();
  if (batch.empty()) return Finish(std::move(results_));
  enqueued_at_ = MonotonicNow();
  error = backend_.engine.Enqueue(
      std::move(batch),
      {.canonical_body = options_.canonical_body,
       .waiting = {.single = options_.lane.kind == WorkKind::kWrite, .wanted = options_.alive},
       .whole = options_.whole},
      [self = shared_from_this()](Results decisions) {
        self->backend_.pool.Answer([self, decisions = std::move(decisions)]() mutable {
          self->Complete(std::move(decisions));
        });
      });
  if (!error.ok()) Finish(std::move(error));
}

void SubmissionJob::Complete(Results decisions) {
  backend_.metrics.Answered(Since(enqueued_at_));
  for (size_t i = 0; i < decisions.size(); ++i) {
    if (decisions[i].ok()) {
      backend_.metrics.Decided(*decisions[i]);
      const absl::Status filled = backend_.engine.FillBody(&*decisions[i]);
      if (!filled.ok()) decisions[i] = filled;
    }
    results_[indexes_[i]] = std::move(decisions[i]);
  }
  Finish(std::move(results_));
}

void SubmissionJob::Finish(absl::StatusOr<Results> results) {
  if (!results.ok()) backend_.metrics.Rejected(results.status(), documents_.size());
  if (results.ok()) {
    for (const absl::StatusOr<Decision>& result : *results) {
      if (!result.ok()) backend_.metrics.Rejected(result.status(), 1);
    }
  }
  std::exchange(done_, nullptr)(std::move(results));
}

std::vector<v1::wire::Document*> DocumentsOf(v1::wire::SubmitBatchRequest& request) {
  return {request.mutable_documents()->pointer_begin(), request.mutable_documents()->pointer_end()};
}

absl::StatusOr<SubmissionJob::Options> JobOptions(const v1::wire::SubmitRequest& request) {
  const absl::StatusOr<bool> body = WantsFull(request.view(), false);
  if (!body.ok()) return body.status();
  SubmissionJob::Options options{.collection = request.collection(), .canonical_body = *body};
  if (request.has_expected_sequence()) {
    options.expected_sequences[request.document().id()] = request.expected_sequence();
  }
  return options;
}

absl::StatusOr<SubmissionJob::Options> JobOptions(const Backend& backend,
                                                  const v1::wire::SubmitBatchRequest& request) {
  const absl::StatusOr<bool> body = WantsFull(request.view(), false);
  if (!body.ok()) return body.status();
  if (*body && static_cast<size_t>(request.documents_size()) > backend.max_full_view_documents) {
    return InvalidField("view", absl::StrCat("FULL is for batches of at most ",
                                             backend.max_full_view_documents, " documents"));
  }
  SubmissionJob::Options options{.collection = request.collection(), .canonical_body = *body};
  if (request.expected_sequences().empty() && request.received_at().empty()) return options;
  absl::flat_hash_set<std::string_view> ids;
  for (const auto& document : request.documents()) ids.insert(document.id());
  const auto check = [&ids](const char* field, const std::string& id) {
    if (ids.contains(id)) return absl::OkStatus();
    return InvalidField(field,
                        absl::StrCat("\"", id, "\" is not the id of a document of the batch"));
  };
  for (const auto& [id, sequence] : request.expected_sequences()) {
    if (absl::Status known = check("expected_sequences", id); !known.ok()) return known;
    options.expected_sequences[id] = sequence;
  }
  for (const auto& [id, received_at] : request.received_at()) {
    if (absl::Status known = check("received_at", id); !known.ok()) return known;
    const absl::StatusOr<absl::Time> arrival = TimeFromProto("received_at", received_at);
    if (!arrival.ok()) return arrival.status();
    options.arrivals[id] = *arrival;
  }
  return options;
}

namespace {

void Shorten(v1::Decision& decision) {
  decision.clear_matches();
  decision.clear_links();
  decision.clear_moved_document_ids();
  v1::CanonicalCopy& canonical = *decision.mutable_canonical();
  canonical.clear_title();
  canonical.clear_publisher();
  canonical.clear_url();
  decision.add_flags(v1::FLAG_SHORTENED_ANSWER);
}

}  // namespace

void ToProto(SubmissionJob::Results in, google::protobuf::RepeatedPtrField<v1::SubmitResult>& out) {
  out.Reserve(static_cast<int>(in.size()));
  size_t bytes = 0;
  for (size_t i = 0; i < in.size(); ++i) {
    v1::SubmitResult& result = *out.Add();
    if (in[i].ok()) {
      v1::Decision& decision = *result.mutable_decision();
      ToProto(*std::move(in[i]), decision);
      bytes += decision.ByteSizeLong() - decision.canonical().body().size();
      if (bytes > kMaxBatchDecisionBytes) Shorten(decision);
    } else {
      *result.mutable_error() = ToRpcStatus(ForBatchItem(in[i].status(), i));
    }
  }
}

}  // namespace wonbon::server
