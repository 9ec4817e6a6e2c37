// Engine: the decision that Submit would give, on one published moment.
//
// What the decision may ask is copied under one short lock (core/cluster/neighbourhood.h), texts
// are read through the moment's snapshot: no lock is held while anything is read, compared or
// judged, and nothing here can write.
#include <optional>
#include <utility>
#include <variant>

#include "core/cluster/neighbourhood.h"
#include "core/engine/parts.h"

namespace wonbon {
namespace {

// The standing version of the submission's id in `store`, and what it was answered with.
absl::StatusOr<Neighbourhood::Subject> SubjectOf(const StoreSnapshot& store,
                                                 const Submission& submission) {
  Neighbourhood::Subject subject;
  subject.collection = submission.collection;
  subject.fingerprint = &submission.fingerprint;
  const std::string& id = submission.prepared->content.document.id;
  if (id.empty()) return subject;
  const absl::StatusOr<StoreSnapshot::IdState> state = store.FindId(submission.collection, id);
  if (!state.ok()) return state.status();
  const auto* number = std::get_if<DocumentNumber>(&*state);
  if (number == nullptr) return subject;
  const absl::StatusOr<DocumentContent> head =
      Present(store.ReadContent(*number, /*with_body=*/false));
  if (!head.ok()) return head.status();
  subject.standing = *number;
  for (const auto* evidence : {&head->answer.matches, &head->answer.links}) {
    for (const Evidence& each : *evidence) subject.told.push_back(each.number);
  }
  return subject;
}

// Where an id leads to is on disk, and the lock is not held over that: the subject is known of the
// moment before. Only a write of this very id in between makes it another one, and then what is
// around that one is gathered.
absl::StatusOr<Neighbourhood> Gather(const Published& published, const Submission& submission) {
  absl::StatusOr<Neighbourhood::Subject> subject =
      SubjectOf(*published.moment().store, submission);
  for (;;) {
    if (!subject.ok()) return subject.status();
    Neighbourhood around(published, *subject);
    const DocumentNumber gathered = subject->standing;
    subject = SubjectOf(*around.moment().store, submission);
    if (subject.ok() && subject->standing == gathered) return around;
  }
}

}  // namespace

absl::StatusOr<Decision> Engine::Check(Submission& submission, SubmitOptions options) const {
  absl::StatusOr<Neighbourhood> around = Gather(parts_->published, submission);
  if (!around.ok()) return around.status();
  const Moment& moment = around->moment();
  const DocumentFetcher fetch =
      parts_->preparer.FetcherOf(moment.store, nullptr, submission.prepared);
  const std::string own_body = options.canonical_body ? submission.packed_body : "";
  const size_t judged = submission.judgements.judged();
  absl::StatusOr<Decision> decision = DecideCheck({.view = &*around,
                                                   .fetch = &fetch,
                                                   .candidates = &around->candidates(),
                                                   .rarity = moment.rarity,
                                                   .now_us = parts_->committer.Now(*around)},
                                                  submission);
  parts_->judged_pairs.fetch_add(submission.judgements.judged() - judged,
                                 std::memory_order_relaxed);
  if (!decision.ok() || !options.canonical_body) return decision;
  const bool is_own = decision->canonical.number == submission.prepared->number;
  decision->canonical_body = BodyLocation{.store = moment.store, .packed = is_own ? own_body : ""};
  if (absl::Status status = FillBody(&*decision); !status.ok()) return status;
  return decision;
}

}  // namespace wonbon
