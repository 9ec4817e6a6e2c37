#include "core/cluster/commit.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "core/cluster/draft.h"
#include "core/cluster/election.h"
#include "core/cluster/placement.h"
#include "core/error.h"

namespace wonbon {
namespace {

// The standing version of the id that a submission carries.
struct Standing {
  DocumentEntry entry;
  absl::uint128 content_key;
};

absl::StatusOr<std::optional<Standing>> FindStanding(const Group& group,
                                                     const Submission& submission) {
  const std::string& id = submission.article->content.document.id;
  if (id.empty()) return std::nullopt;
  absl::StatusOr<StoreSnapshot::IdState> state = group.FindId(submission.collection, id);
  if (!state.ok()) return state.status();
  const auto* number = std::get_if<DocumentNumber>(&*state);
  const DocumentEntry* entry = number == nullptr ? nullptr : group.FindEntry(*number);
  if (entry == nullptr) return std::nullopt;
  absl::StatusOr<DocumentContent> head = group.ReadHead(*number);
  if (!head.ok()) return head.status();
  return Standing{.entry = *entry, .content_key = head->content_key};
}

absl::Status FillCanonical(const CommitContext& context, const ClusterRecord& record,
                           Decision* decision) {
  absl::StatusOr<std::shared_ptr<const Article>> canonical = (*context.source)(record.canonical);
  if (!canonical.ok()) return canonical.status();
  decision->canonical = MakeCanonicalCopy((*canonical)->content, record.reason);
  decision->canonical.number = record.canonical;
  return absl::OkStatus();
}

// The match that decided: the strongest of those that join. `matches`: strongest first.
std::optional<Match> BestMatch(const std::vector<Match>& matches) {
  const auto best = std::find_if(matches.begin(), matches.end(),
                                 [](const Match& match) { return Joins(match.relation); });
  return best == matches.end() ? std::nullopt : std::optional<Match>(*best);
}

// The same id with the same content: the decision as it stands. What it was matched with and linked
// to is found again, among the documents that were there before it.
absl::StatusOr<Decision> Unchanged(const CommitContext& context, const DocumentEntry& entry,
                                   Submission& submission) {
  const ClusterState& cluster = *context.group->FindCluster(entry.cluster);
  Decision decision{.document_id = submission.article->content.document.id,
                    .outcome = Outcome::kUnchanged,
                    .relation = entry.relation,
                    .cluster = entry.cluster,
                    .is_canonical = cluster.record.canonical == entry.number,
                    .cluster_size = static_cast<uint32_t>(cluster.members.size()),
                    .sequence = entry.sequence,
                    .flags = entry.flags};
  absl::StatusOr<Placement> placed =
      Place(*context.group, submission, entry.number, *context.source);
  if (!placed.ok()) return placed.status();
  for (std::vector<Match>* found : {&placed->matches, &placed->links}) {
    for (Match& match : *found) {
      if (match.number > entry.number) continue;
      const bool own = match.cluster == entry.cluster;
      if (!own) match.relation = RelationOfLink(match.relation);
      (own ? decision.matches : decision.links).push_back(std::move(match));
    }
  }
  if (decision.matches.size() > kMaxMatches) decision.matches.resize(kMaxMatches);
  decision.best_match = BestMatch(decision.matches);
  if (absl::Status status = FillCanonical(context, cluster.record, &decision); !status.ok()) {
    return status;
  }
  return decision;
}

DocumentEntry MakeEntry(const Submission& submission, const Placement& placement,
                        const std::optional<Standing>& standing, Sequence number) {
  const Document& document = submission.article->content.document;
  DocumentEntry entry{
      .number = static_cast<DocumentNumber>(number),
      .collection = submission.collection,
      .cluster = placement.cluster,
      .joined_to = placement.best,
      .relation = placement.relation,
      .flags = placement.flags,
      .has_published_at = document.published_at.has_value(),
      .shingles = submission.fingerprint.shingles,
      .published_us = document.published_at.has_value()
                          ? absl::ToUnixMicros(*document.published_at)
                          : submission.received_us,
      .received_us = submission.received_us,
      .url_key = submission.fingerprint.url_key,
      .publisher_key = PublisherKey(document.publisher),
  };
  entry.first_published_us = entry.published_us;
  if (standing.has_value()) {
    entry.first_published_us =
        std::min(entry.first_published_us, standing->entry.first_published_us);
  }
  return entry;
}

// Where an update belongs, given where its text alone would: a document keeps its cluster while it
// is alone in it or still tells what its standing version told.
absl::Status PlaceUpdate(const CommitContext& context, const Standing& standing,
                         Submission& submission, Placement* placement) {
  const ClusterState& cluster = *context.group->FindCluster(standing.entry.cluster);
  const bool alone = cluster.members.size() == 1;
  if (placement->cluster == standing.entry.cluster) {
    placement->relation = Relation::kRevision;
    return absl::OkStatus();
  }
  if (placement->cluster != ClusterId::kNone) {
    if (alone) placement->merges.push_back(standing.entry.cluster);
    return absl::OkStatus();
  }
  absl::StatusOr<const JudgedPair*> pair = submission.judgements.Of(
      submission.article->profile, standing.entry.number, *context.source);
  if (!pair.ok()) return pair.status();
  if (!alone && !(*pair)->judgement.same_article()) return absl::OkStatus();
  placement->cluster = standing.entry.cluster;
  placement->relation = Relation::kRevision;
  Match match = MatchOf(**pair, standing.entry.cluster);
  match.relation = Relation::kRevision;
  placement->matches.insert(placement->matches.begin(), std::move(match));
  return absl::OkStatus();
}

// Makes one cluster, the oldest, of the joined one and those proved to be one with it.
void MergeAll(Draft& draft, Placement* placement) {
  std::vector<ClusterId> ids = placement->merges;
  if (ids.empty()) return;
  ids.push_back(placement->cluster);
  std::sort(ids.begin(), ids.end());
  placement->cluster = ids.front();
  placement->merges.assign(ids.begin() + 1, ids.end());
  for (const ClusterId id : placement->merges) draft.Merge(id, placement->cluster);
  for (std::vector<Match>* found : {&placement->matches, &placement->links}) {
    for (Match& match : *found) {
      if (std::binary_search(ids.begin(), ids.end(), match.cluster)) {
        match.cluster = placement->cluster;
      }
    }
  }
}

Decision MakeDecision(const Submission& submission, const Placement& placement, const Draft& draft,
                      Outcome outcome, Sequence sequence) {
  const DocumentEntry& entry = draft.added();
  Decision decision{.document_id = submission.article->content.document.id,
                    .outcome = outcome,
                    .relation = entry.relation,
                    .cluster = entry.cluster,
                    .is_canonical = draft.RecordOf(entry.cluster).canonical == entry.number,
                    .matches = placement.matches,
                    .links = placement.links,
                    .merged = placement.merges,
                    .cluster_size = static_cast<uint32_t>(draft.SizeOf(entry.cluster)),
                    .sequence = sequence,
                    .flags = entry.flags};
  decision.best_match = BestMatch(placement.matches);
  if (decision.matches.size() > kMaxMatches) decision.matches.resize(kMaxMatches);
  return decision;
}

}  // namespace

CanonicalCopy MakeCanonicalCopy(const DocumentContent& head, uint8_t reason) {
  return {.document_id = head.document.id,
          .title = head.document.title,
          .publisher = head.document.publisher,
          .url = head.document.url,
          .published_at = head.document.published_at,
          .body = "",
          .reason = static_cast<CanonicalReason>(reason)};
}

absl::StatusOr<Decision> CommitSubmission(const CommitContext& context, Submission& submission,
                                          CommitMode mode) {
  Group& group = *context.group;
  if (group.FindCollection(submission.collection) == nullptr) {
    return MakeError(absl::StatusCode::kNotFound, {.reason = ErrorReason::kCollectionNotFound},
                     "the collection was deleted meanwhile");
  }
  submission.judgements.UseRarity(context.rarity);
  absl::StatusOr<std::optional<Standing>> found = FindStanding(group, submission);
  if (!found.ok()) return found.status();
  const std::optional<Standing>& standing = *found;
  if (standing.has_value() && standing->content_key == submission.article->content.content_key) {
    return Unchanged(context, standing->entry, submission);
  }
  absl::StatusOr<Placement> placed =
      Place(group, submission,
            standing.has_value() ? standing->entry.number : DocumentNumber::kNone, *context.source);
  if (!placed.ok()) return placed.status();
  Placement& placement = *placed;
  if (standing.has_value()) {
    if (absl::Status status = PlaceUpdate(context, *standing, submission, &placement);
        !status.ok()) {
      return status;
    }
  }

  Draft draft(&group, context.source, context.rarity.get(), context.now_us);
  submission.article->number = static_cast<DocumentNumber>(draft.number());
  if (standing.has_value()) {
    draft.Remove(standing->entry, submission.article->content.document.id,
                 Draft::Removal::kReplaced, std::nullopt);
  }
  MergeAll(draft, &placement);
  DocumentEntry entry = MakeEntry(submission, placement, standing, draft.number());
  if (entry.cluster == ClusterId::kNone) {
    entry.cluster = static_cast<ClusterId>(draft.number());
    entry.founded = true;
  }
  draft.Add({.entry = entry,
             .content = submission.article->content,
             .packed_body = std::move(submission.packed_body),
             .fingerprint = submission.fingerprint});
  if (absl::Status status = draft.Settle(); !status.ok()) return status;
  Change change = draft.Take();
  Decision decision = MakeDecision(submission, placement, draft,
                                   standing.has_value() ? Outcome::kUpdated : Outcome::kCreated,
                                   change.sequence);
  if (absl::Status status = FillCanonical(context, draft.RecordOf(decision.cluster), &decision);
      !status.ok()) {
    return status;
  }
  if (mode == CommitMode::kCheck) {
    decision.sequence = 0;
    if (decision.cluster == static_cast<ClusterId>(draft.number())) {
      decision.cluster = ClusterId::kNone;
    }
    return decision;
  }
  if (absl::Status status = group.Apply(std::move(change), submission.article); !status.ok()) {
    return status;
  }
  return decision;
}

absl::StatusOr<DeletionResult> CommitDeletion(const CommitContext& context,
                                              CollectionNumber collection, const std::string& id,
                                              const std::string& reason) {
  absl::StatusOr<StoreSnapshot::IdState> state = context.group->FindId(collection, id);
  if (!state.ok()) return state.status();
  if (const auto* tombstone = std::get_if<Tombstone>(&*state)) return DeletionResult{*tombstone};
  const auto* number = std::get_if<DocumentNumber>(&*state);
  const DocumentEntry* entry = number == nullptr ? nullptr : context.group->FindEntry(*number);
  if (entry == nullptr) return DocumentNotFound(id);

  Draft draft(context.group, context.source, context.rarity.get(), context.now_us);
  Tombstone tombstone{.collection = collection,
                      .id = id,
                      .reason = reason,
                      .deleted_at = absl::FromUnixMicros(context.now_us),
                      .sequence = draft.number()};
  draft.Remove(*entry, id, Draft::Removal::kDeleted, tombstone);
  if (absl::Status status = draft.Settle(); !status.ok()) return status;
  if (absl::Status status = context.group->Apply(draft.Take(), nullptr); !status.ok()) {
    return status;
  }
  return DeletionResult{std::move(tombstone), true};
}

absl::StatusOr<bool> CommitExpiry(const CommitContext& context, DocumentNumber number) {
  const DocumentEntry* entry = context.group->FindEntry(number);
  if (entry == nullptr) return false;
  absl::StatusOr<DocumentContent> head = context.group->ReadHead(number);
  if (!head.ok()) return head.status();
  Draft draft(context.group, context.source, context.rarity.get(), context.now_us);
  draft.Remove(*entry, head->document.id, Draft::Removal::kExpired, std::nullopt);
  if (absl::Status status = draft.Settle(); !status.ok()) return status;
  if (absl::Status status = context.group->Apply(draft.Take(), nullptr); !status.ok()) {
    return status;
  }
  return true;
}

}  // namespace wonbon
