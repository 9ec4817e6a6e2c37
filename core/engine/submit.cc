// Engine: how a document goes in. The page to read first.
//
//   Prepare         validate -> canonical text -> fingerprint -> profile     caller's thread
//                   (prepare.cc)
//   Prejudge        candidates -> judgements, as published now               caller's thread
//   Enqueue         to the commit thread, which settles the order            caller's thread
//   DecideAndApply  candidates again if others came -> judge -> place        commit thread
//                   -> Change
//   (write)         the group's changes: one batch, one fsync, then          commit thread
//                   published (committer.cc)
#include <algorithm>
#include <utility>

#include "absl/synchronization/notification.h"
#include "core/cluster/candidates.h"
#include "core/engine/parts.h"

namespace wonbon {
namespace {

absl::StatusOr<Decision> DecideAndApply(Committer& committer, CommitGroup& group,
                                        Submission& submission) {
  const DocumentFetcher fetch = committer.FetcherOf(group, submission.prepared);
  DecisionContext context = committer.Context(group, fetch);
  if (submission.found_at == group.last_sequence()) context.candidates = &submission.candidates;
  absl::StatusOr<Decided<Decision>> decided = DecideSubmission(context, submission);
  if (!decided.ok()) return decided.status();
  if (decided->change.has_value()) {
    committer.Apply(group, *std::move(decided->change), submission.prepared);
  }
  return std::move(decided->answer);
}

// In the commit thread.
absl::StatusOr<Decision> Decide(Committer& committer, CommitGroup& group, Submission& submission,
                                bool body, std::atomic<uint64_t>& judged_pairs) {
  const size_t judged = submission.judgements.judged();
  absl::StatusOr<Decision> decision = DecideAndApply(committer, group, submission);
  judged_pairs.fetch_add(submission.judgements.judged() - judged, std::memory_order_relaxed);
  if (decision.ok() && body) {
    decision->canonical_body = group.LocateBody(decision->canonical.number);
  }
  return decision;
}

}  // namespace

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
  if (!result.ok()) return result;
  if (absl::Status status = FillBody(&*result); !status.ok()) return status;
  return result;
}

void Engine::Prejudge(Submission& submission) const {
  // The newest table, published or not: the commit thread will judge by it.
  submission.judgements.UseRarity(parts_->committer.newest_rarity());
  std::shared_ptr<const StoreSnapshot> snapshot;
  {
    const Published::Reader reader(parts_->published);
    submission.candidates = FindCandidates(reader.state(), submission.collection,
                                           submission.fingerprint, DocumentNumber::kNone);
    submission.found_at = reader.state().has_staged() ? 0 : reader.moment().sequence;
    snapshot = reader.moment().store;
  }
  const DocumentFetcher fetch =
      parts_->preparer.FetcherOf(std::move(snapshot), nullptr, nullptr);
  const size_t judged = submission.judgements.judged();
  for (const CandidateCluster& cluster : submission.candidates.clusters) {
    for (const DocumentNumber number : cluster.heard()) {
      if (number == DocumentNumber::kNone) continue;
      // An error shows again when the commit thread asks.
      (void)submission.judgements.Of(submission.prepared->profile, number, fetch);
    }
  }
  parts_->judged_pairs.fetch_add(submission.judgements.judged() - judged,
                                 std::memory_order_relaxed);
}

// A batch goes to the commit thread in pieces. They are answered in their order, the whole with the
// last of them.
absl::Status Engine::Enqueue(std::vector<std::unique_ptr<Submission>> batch, SubmitOptions options,
                             SubmitCallback done) {
  struct Work {
    std::vector<std::unique_ptr<Submission>> batch;
    std::vector<absl::StatusOr<Decision>> decisions;
    SubmitCallback done;
  };
  auto work = std::make_shared<Work>();
  work->batch = std::move(batch);
  work->decisions.resize(work->batch.size());
  work->done = std::move(done);
  Parts* const p = parts_.get();
  std::vector<CommitThread::Command> commands;
  size_t begin = 0;
  do {
    const size_t end = std::min(begin + kMaxCommandDocuments, work->batch.size());
    const auto run = [p, work, begin, end, body = options.canonical_body](CommitGroup& group) {
      for (size_t i = begin; i < end; ++i) {
        work->decisions[i] =
            Decide(p->committer, group, *work->batch[i], body, p->judged_pairs);
      }
    };
    const auto answer = [work, begin, end](const absl::Status& status) {
      if (!status.ok()) {
        for (size_t i = begin; i < end; ++i) work->decisions[i] = status;
      }
      if (end == work->batch.size()) work->done(std::move(work->decisions));
    };
    commands.push_back({.documents = end - begin,
                        .single = options.waiting.single,
                        .wanted = options.waiting.wanted,
                        .run = run,
                        .answer = answer});
    begin = end;
  } while (begin < work->batch.size());
  return p->committer.thread().Enqueue(std::move(commands));
}

}  // namespace wonbon
