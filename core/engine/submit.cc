// Engine: how a document goes in. The page to read first.
//
//   Prepare         validate -> canonical text -> fingerprint -> profile     caller's thread
//                   (prepare.cc)
//   Prejudge        standing version -> candidates -> judgements, as         caller's thread
//                   published now
//   Enqueue         to the commit thread, which settles the order            caller's thread
//   DecideAndApply  candidates again if others came -> judge -> place        commit thread
//                   -> Change
//   (write)         the group's changes: one batch, one fsync, then          commit thread
//                   published (committer.cc)
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/notification.h"
#include "core/cluster/candidates.h"
#include "core/cluster/kinship.h"
#include "core/engine/parts.h"
#include "core/engine/pieces.h"

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

// The version that the submission will replace, as the snapshot has it.
struct Replaced {
  DocumentNumber number = DocumentNumber::kNone;
  bool same_content = false;  // nothing will be decided
};

Replaced FindReplaced(const StoreSnapshot& store, const Submission& submission) {
  const DocumentContent& content = submission.prepared->content;
  if (content.document.id.empty()) return {};
  const absl::StatusOr<StoreSnapshot::IdState> state =
      store.FindId(submission.collection, content.document.id);
  if (!state.ok()) return {};
  const auto* number = std::get_if<DocumentNumber>(&*state);
  if (number == nullptr) return {};
  const absl::StatusOr<DocumentContent> head = store.ReadContent(*number, /*with_body=*/false);
  return {.number = *number,
          .same_content = head.ok() && head->identity.content == content.identity.content};
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
  std::shared_ptr<const StoreSnapshot> snapshot = parts_->published.moment().store;
  const Replaced replaced = FindReplaced(*snapshot, submission);
  if (replaced.same_content) return;
  absl::flat_hash_map<ClusterId, FamilyRecord> families;
  ClusterId stands_in = ClusterId::kNone;
  {
    const Published::Reader reader(parts_->published);
    const std::optional<DocumentEntry> standing = reader.state().FindEntry(replaced.number);
    if (standing.has_value()) {
      stands_in = standing->cluster;
      submission.corrects = standing->number;  // as far as this judges; the commit thread says
      families[stands_in] = FamilyOf(reader.state(), stands_in);
    }
    submission.candidates = FindCandidates(reader.state(), submission.collection,
                                           submission.fingerprint, submission.corrects);
    submission.found_at = reader.state().has_staged() ? 0 : reader.moment().sequence;
    for (const CandidateCluster& candidate : submission.candidates.clusters) {
      families[candidate.id] = FamilyOf(reader.state(), candidate.id);
    }
    snapshot = reader.moment().store;
  }
  const DocumentFetcher fetch =
      parts_->preparer.FetcherOf(std::move(snapshot), nullptr, nullptr);
  const size_t judged = submission.judgements.judged();
  // An error shows again when the commit thread asks.
  absl::StatusOr<Hearing> hearing =
      Hear(submission.candidates, submission, submission.corrects, fetch);
  const bool is_copy =
      hearing.ok() && !hearing->verdicts.empty() && hearing->verdicts.front().exact;
  if (hearing.ok() && !is_copy) {
    const auto family_of = [&families](ClusterId id) { return families.at(id); };
    std::vector<ClusterId> clusters = MayBeKin(hearing->verdicts);
    if (stands_in != ClusterId::kNone) clusters.push_back(stands_in);
    (void)FindKin(clusters, family_of, submission, fetch, &hearing->told);
  }
  parts_->judged_pairs.fetch_add(submission.judgements.judged() - judged,
                                 std::memory_order_relaxed);
}

absl::Status Engine::Enqueue(std::vector<std::unique_ptr<Submission>> batch, SubmitOptions options,
                             SubmitCallback done) {
  struct Batch {
    std::vector<std::unique_ptr<Submission>> submissions;
    std::vector<absl::StatusOr<Decision>> decisions;
    SubmitCallback done;
  };
  auto batched = std::make_shared<Batch>();
  const size_t documents = batch.size();
  batched->submissions = std::move(batch);
  batched->done = std::move(done);
  Parts* const p = parts_.get();
  Pieces::Work work{.documents = documents,
                    .whole = options.whole,
                    .waiting = options.waiting};
  work.decide = [p, batched, options](CommitGroup& group, size_t i) {
    Submission& submission = *batched->submissions[i];
    const size_t judged = submission.judgements.judged();
    absl::StatusOr<Decision> decision = DecideAndApply(p->committer, group, submission);
    p->judged_pairs.fetch_add(submission.judgements.judged() - judged, std::memory_order_relaxed);
    if (decision.ok() && options.canonical_body) {
      decision->canonical_body = group.LocateBody(decision->canonical.number);
    }
    batched->decisions.push_back(std::move(decision));
  };
  work.written = [batched](size_t begin, size_t end, const absl::Status& status) {
    if (status.ok()) return;
    batched->decisions.resize(begin, absl::StatusOr<Decision>(status));
    batched->decisions.resize(end, absl::StatusOr<Decision>(status));
  };
  work.done = [batched] { batched->done(std::move(batched->decisions)); };
  return Pieces::Enqueue(&p->committer, std::move(work));
}

}  // namespace wonbon
