// Engine: how a document goes in. The page to read first.
//
//   Prepare   validate -> canonical text -> fingerprint -> profile    (prepare.cc)   caller's thread
//   Prejudge  candidates -> judgements, as published now                             caller's thread
//   Enqueue   to the commit thread, which settles the order                          caller's thread
//   CommitOne candidates again -> judge what is new -> place -> Change               commit thread
//   (write)   the group's changes: one batch, one fsync, then published (commit.cc)  commit thread
//
#include <utility>

#include "absl/synchronization/notification.h"
#include "core/cluster/candidates.h"
#include "core/engine/parts.h"

namespace wonbon {

absl::StatusOr<Decision> Engine::Submit(std::string_view collection, Document document,
                                        SubmitOptions options) {
  absl::StatusOr<std::unique_ptr<Submission>> submission = Prepare(collection, std::move(document));
  if (!submission.ok()) return submission.status();
  Prejudge(**submission);
  std::vector<std::unique_ptr<Submission>> batch;
  batch.push_back(*std::move(submission));
  absl::Notification done;
  absl::StatusOr<Decision> result = absl::UnknownError("not answered");
  const absl::Status queued = Enqueue(std::move(batch), options,
                                      [&](std::vector<absl::StatusOr<Decision>> decisions) {
                                        result = std::move(decisions.front());
                                        done.Notify();
                                      });
  if (!queued.ok()) return queued;
  done.WaitForNotification();
  return result;
}

void Engine::Prejudge(Submission& submission) const {
  submission.judgements.UseRarity(parts_->rarity.current());
  Candidates candidates;
  {
    absl::ReaderMutexLock lock(&parts_->mutex);
    candidates = FindCandidates(parts_->state, submission.collection, submission.fingerprint,
                                DocumentNumber::kNone);
  }
  const ArticleSource source = parts_->Source(nullptr, nullptr);
  const size_t judged = submission.judgements.judged();
  for (const CandidateCluster& cluster : candidates.clusters) {
    for (const DocumentNumber number : cluster.heard()) {
      if (number == DocumentNumber::kNone) continue;
      // An error shows again when the commit thread asks.
      (void)submission.judgements.Of(submission.article->profile, number, source);
    }
  }
  parts_->judged_pairs.fetch_add(submission.judgements.judged() - judged,
                                 std::memory_order_relaxed);
}

absl::Status Engine::Enqueue(std::vector<std::unique_ptr<Submission>> batch, SubmitOptions options,
                             SubmitCallback done) {
  struct Work {
    std::vector<std::unique_ptr<Submission>> batch;
    std::vector<absl::StatusOr<Decision>> decisions;
    SubmitCallback done;
  };
  auto work = std::make_shared<Work>();
  const size_t documents = batch.size();
  work->batch = std::move(batch);
  work->done = std::move(done);
  Parts* const p = parts_.get();
  return p->commits->Enqueue(
      {.documents = documents,
       .run =
           [p, work](Group& group) {
             work->decisions.reserve(work->batch.size());
             for (const auto& submission : work->batch) {
               work->decisions.push_back(p->CommitOne(group, *submission));
             }
           },
       .answer =
           [p, work, options](const absl::Status& status) {
             for (absl::StatusOr<Decision>& decision : work->decisions) {
               if (!status.ok()) {
                 decision = status;
               } else if (decision.ok() && options.canonical_body) {
                 absl::Status filled = p->FillBody(&*decision);
                 if (!filled.ok()) decision = filled;
               }
             }
             work->done(std::move(work->decisions));
           }});
}

absl::StatusOr<Decision> Engine::Parts::CommitOne(Group& group, Submission& submission) {
  const size_t judged = submission.judgements.judged();
  const ArticleSource source = Source(&group, submission.article);
  absl::StatusOr<Decision> decision =
      CommitSubmission(Context(group, source), submission, CommitMode::kSubmit);
  judged_pairs.fetch_add(submission.judgements.judged() - judged, std::memory_order_relaxed);
  if (!decision.ok() || decision->outcome == Outcome::kUnchanged) return decision;
  const DocumentEntry* entry = group.FindEntry(submission.article->number);
  if (entry != nullptr && entry->is_counted_in_rarity()) {
    rarity.Add({submission.article, &submission.article->profile}, entry->number);
  }
  return decision;
}

}  // namespace wonbon
