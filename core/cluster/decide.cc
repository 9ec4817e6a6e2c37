#include "core/cluster/decide.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "core/cluster/decide_steps.h"
#include "core/cluster/election.h"
#include "core/cluster/placement.h"
#include "core/document_time.h"
#include "core/error.h"
#include "core/limits.h"

namespace wonbon {
namespace {

// The standing version of the id that a submission carries.
struct Standing {
  DocumentEntry entry;
  absl::uint128 content_key;  // Identity::content
  AnswerRecord answer;
};

absl::StatusOr<std::optional<Standing>> FindStanding(const View& view,
                                                     const Submission& submission) {
  const std::string& id = submission.prepared->content.document.id;
  if (id.empty()) return std::nullopt;
  absl::StatusOr<StoreSnapshot::IdState> state = view.FindId(submission.collection, id);
  if (!state.ok()) return state.status();
  if (const auto* tombstone = std::get_if<Tombstone>(&*state); tombstone && tombstone->blocked) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     {.reason = ErrorReason::kDocumentBlocked, .subject = id},
                     absl::StrCat("document \"", id, "\" is blocked; it was deleted at ",
                                  absl::FormatTime(tombstone->deleted_at, absl::UTCTimeZone())));
  }
  const auto* number = std::get_if<DocumentNumber>(&*state);
  if (number == nullptr) return std::nullopt;
  absl::StatusOr<DocumentContent> head = view.ReadHead(*number);
  if (!head.ok()) return head.status();
  return Standing{.entry = CheckNotNull(view.FindEntry(*number)),
                  .content_key = head->identity.content,
                  .answer = std::move(head->answer)};
}

absl::Status FillCanonical(const DecisionContext& context, const ClusterRecord& record,
                           Decision* decision) {
  absl::StatusOr<std::shared_ptr<const PreparedDocument>> canonical =
      (*context.fetch)(record.canonical);
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

std::vector<Evidence> EvidenceOf(const std::vector<Match>& matches,
                                 const std::optional<Standing>& standing, DocumentNumber own) {
  std::vector<Evidence> evidence;
  for (const Match& match : matches) {
    const bool replaced = standing.has_value() && match.number == standing->entry.number;
    evidence.push_back({.number = replaced ? own : match.number,
                        .relation = match.relation,
                        .jaccard = match.jaccard,
                        .containment = match.containment,
                        .containment_in = match.containment_in,
                        .score = match.score});
  }
  return evidence;
}

// Documents that are gone are left out; clusters are named as they are now.
absl::StatusOr<std::vector<Match>> MatchesOf(const View& view, const DocumentEntry& own,
                                             const std::string& own_id,
                                             const std::vector<Evidence>& evidence) {
  std::vector<Match> matches;
  for (const Evidence& told : evidence) {
    Match match{.number = told.number,
                .document_id = own_id,
                .cluster = own.cluster,
                .relation = told.relation,
                .jaccard = told.jaccard,
                .containment = told.containment,
                .containment_in = told.containment_in,
                .score = told.score};
    if (told.number != own.number) {
      const DocumentEntry* entry = view.FindEntry(told.number);
      if (entry == nullptr) continue;
      absl::StatusOr<DocumentContent> head = view.ReadHead(told.number);
      if (!head.ok()) return head.status();
      match.document_id = std::move(head->document.id);
      match.cluster = entry->cluster;
    }
    matches.push_back(std::move(match));
  }
  return matches;
}

// The same id with the same content: what was answered the first time, and how the cluster stands.
absl::StatusOr<Decision> Unchanged(const DecisionContext& context, const Standing& standing,
                                   const Submission& submission) {
  const DocumentEntry& entry = standing.entry;
  const ClusterState& cluster = CheckNotNull(context.view->FindCluster(entry.cluster));
  Decision decision{.document_id = submission.prepared->content.document.id,
                    .outcome = Outcome::kUnchanged,
                    .relation = entry.relation,
                    .cluster = entry.cluster,
                    .is_canonical = cluster.record.canonical == entry.number,
                    .merged = standing.answer.merged,
                    .cluster_size = static_cast<uint32_t>(cluster.members.size()),
                    .sequence = entry.sequence,
                    .flags = entry.flags};
  const std::string& id = decision.document_id;
  auto matches = MatchesOf(*context.view, entry, id, standing.answer.matches);
  if (!matches.ok()) return matches.status();
  auto links = MatchesOf(*context.view, entry, id, standing.answer.links);
  if (!links.ok()) return links.status();
  decision.best_match = BestMatch(*matches);
  decision.matches = *std::move(matches);
  decision.links = *std::move(links);
  if (absl::Status status = FillCanonical(context, cluster.record, &decision); !status.ok()) {
    return status;
  }
  return decision;
}

DocumentEntry MakeEntry(const Submission& submission, const Placement& placement,
                        const std::optional<Standing>& standing, int64_t now_us) {
  const Document& document = submission.prepared->content.document;
  DocumentEntry entry{
      .collection = submission.collection,
      .cluster = placement.cluster,
      .joined_to = placement.best,
      .relation = placement.relation,
      .flags = placement.flags,
      .shingles = submission.fingerprint.shingles,
      .published_us =
          document.published_at.has_value() ? absl::ToUnixMicros(*document.published_at) : now_us,
      .received_us = now_us,
      .url_key = submission.fingerprint.url_key,
      .publisher_key = submission.prepared->content.identity.publisher,
  };
  entry.first_published_us = entry.published_us;
  if (standing.has_value()) {
    entry.first_published_us = EarlierTime(entry.first_published_us,
                                           standing->entry.first_published_us, now_us);
  }
  return entry;
}

// Where an update belongs, given where its text alone would: a document keeps its cluster while it
// is alone in it or still tells what its standing version told.
absl::Status PlaceUpdate(const DecisionContext& context, const Standing& standing,
                         Submission& submission, Placement* placement) {
  const ClusterState& cluster = CheckNotNull(context.view->FindCluster(standing.entry.cluster));
  const bool alone = cluster.members.size() == 1;
  if (placement->cluster == standing.entry.cluster) {
    placement->relation = Relation::kRevision;
    return absl::OkStatus();
  }
  if (placement->cluster != ClusterId::kNone) {
    if (alone) placement->emptied = standing.entry.cluster;
    return absl::OkStatus();
  }
  absl::StatusOr<const JudgedPair*> pair =
      submission.judgements.Of(submission.prepared->profile, standing.entry.number, *context.fetch);
  if (!pair.ok()) return pair.status();
  if (!alone && !(*pair)->judgement.same_article()) return absl::OkStatus();
  placement->cluster = standing.entry.cluster;
  placement->relation = Relation::kRevision;
  Match match = MatchOf(**pair, standing.entry.cluster);
  match.relation = Relation::kRevision;
  placement->matches.insert(placement->matches.begin(), std::move(match));
  return absl::OkStatus();
}

// Makes one cluster, the oldest, of the joined one and those proved to be one with it. One that an
// update left empty redirects there, whatever its age: nobody else's cluster is renamed.
void MergeAll(Draft& draft, Placement* placement) {
  std::vector<ClusterId>& merges = placement->merges;
  merges.push_back(placement->cluster);
  std::sort(merges.begin(), merges.end());
  placement->cluster = merges.front();
  merges.erase(merges.begin());
  if (placement->emptied != ClusterId::kNone) merges.push_back(placement->emptied);
  for (const ClusterId id : merges) draft.Merge(id, placement->cluster);
  for (std::vector<Match>* found : {&placement->matches, &placement->links}) {
    for (Match& match : *found) {
      const bool merged = std::find(merges.begin(), merges.end(), match.cluster) != merges.end();
      if (merged) match.cluster = placement->cluster;
    }
  }
}

Decision MakeDecision(const Submission& submission, const Placement& placement, const Draft& draft,
                      Outcome outcome) {
  const DocumentEntry& entry = draft.added();
  Decision decision{.document_id = submission.prepared->content.document.id,
                    .outcome = outcome,
                    .relation = entry.relation,
                    .cluster = entry.cluster,
                    .is_canonical = draft.RecordOf(entry.cluster).canonical == entry.number,
                    .matches = placement.matches,
                    .links = placement.links,
                    .merged = placement.merges,
                    .cluster_size = static_cast<uint32_t>(draft.SizeOf(entry.cluster)),
                    .flags = entry.flags};
  decision.best_match = BestMatch(placement.matches);
  return decision;
}

// Names the clusters of what was matched as the change leaves them: a repair may have moved some.
void NameClusters(const Draft& draft, const std::optional<Standing>& standing,
                  Placement* placement) {
  for (std::vector<Match>* found : {&placement->matches, &placement->links}) {
    for (Match& match : *found) {
      const bool replaced = standing.has_value() && match.number == standing->entry.number;
      match.cluster =
          replaced ? draft.added().cluster : draft.ClusterOf(match.number, match.cluster);
    }
  }
}

// A submission decided up to the change that it makes, which is still a draft.
struct Drafted {
  Decision decision;  // without sequence
  std::unique_ptr<Draft> draft;  // null where nothing changes
};

absl::Status RefuseExpired(const DecisionContext& context, const DocumentEntry& entry,
                           const std::string& id) {
  const CollectionRecord& collection = CheckNotNull(context.view->FindCollection(entry.collection));
  if (!IsExpired(entry, collection.settings, context.now_us)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   {.reason = ErrorReason::kDocumentExpired, .subject = id},
                   absl::StrCat("document.published_at is past the retention of the collection \"",
                                collection.name, "\", ",
                                absl::FormatDuration(collection.settings.retention),
                                ": the document would be removed at once"));
}

// Brings the entry, and the clusters that are one with its own, into a new draft.
absl::StatusOr<std::unique_ptr<Draft>> MakeDraft(const DecisionContext& context,
                                                 Submission& submission,
                                                 const std::optional<Standing>& standing,
                                                 Placement* placement, DocumentEntry entry) {
  auto draft = std::make_unique<Draft>(context.view, context.fetch, context.rarity,
                                       context.now_us, context.repairs);
  PreparedDocument& prepared = *submission.prepared;
  prepared.number = static_cast<DocumentNumber>(draft->number());
  if (standing.has_value()) {
    auto removed = MakeRemoval(context, standing->entry, prepared.content.document.id);
    if (!removed.ok()) return removed.status();
    draft->Remove(standing->entry, Draft::Removal::kReplaced, *std::move(removed));
  }
  MergeAll(*draft, placement);
  entry.number = prepared.number;
  entry.cluster = placement->cluster;
  if (entry.cluster == ClusterId::kNone) {
    entry.cluster = static_cast<ClusterId>(draft->number());
    entry.founded = true;
  }
  prepared.content.answer = {.matches = EvidenceOf(placement->matches, standing, prepared.number),
                             .links = EvidenceOf(placement->links, standing, prepared.number),
                             .merged = placement->merges};
  NewDocument document{.entry = entry,
                       .content = prepared.content,
                       .packed_body = "",  // when it is decided, for it may be tried again
                       .fingerprint = submission.fingerprint,
                       .counted_shingles = {}};
  if (entry.is_counted_in_rarity()) document.counted_shingles = Rarity::Counted(prepared.profile);
  draft->Add(std::move(document));
  return draft;
}

absl::StatusOr<Drafted> DraftSubmission(const DecisionContext& context, Submission& submission) {
  if (context.view->FindCollection(submission.collection) == nullptr) {
    return MakeError(absl::StatusCode::kNotFound, {.reason = ErrorReason::kCollectionNotFound},
                     "the collection was deleted meanwhile");
  }
  submission.judgements.UseRarity(context.rarity);
  absl::StatusOr<std::optional<Standing>> standing = FindStanding(*context.view, submission);
  if (!standing.ok()) return standing.status();
  const bool updates = standing->has_value();
  if (updates && (*standing)->content_key == submission.prepared->content.identity.content) {
    absl::StatusOr<Decision> unchanged = Unchanged(context, **standing, submission);
    if (!unchanged.ok()) return unchanged.status();
    return Drafted{.decision = *std::move(unchanged), .draft = nullptr};
  }
  absl::Status expected =
      CheckExpected(submission.expected_sequence, updates ? (*standing)->entry.sequence : 0,
                    submission.prepared->content.document.id);
  if (!expected.ok()) return expected;
  const DocumentNumber replaced = updates ? (*standing)->entry.number : DocumentNumber::kNone;
  absl::StatusOr<Placement> placement = Place(
      context.candidates != nullptr && context.candidates->except == replaced
          ? *context.candidates
          : FindCandidates(*context.view, submission.collection, submission.fingerprint, replaced),
      submission, replaced, *context.fetch);
  if (!placement.ok()) return placement.status();
  if (updates) {
    absl::Status status = PlaceUpdate(context, **standing, submission, &*placement);
    if (!status.ok()) return status;
  }
  if (placement->matches.size() > kMaxMatches) placement->matches.resize(kMaxMatches);
  const DocumentEntry entry = MakeEntry(submission, *placement, *standing, context.now_us);
  absl::Status kept = RefuseExpired(context, entry, submission.prepared->content.document.id);
  if (!kept.ok()) return kept;
  auto made = MakeDraft(context, submission, *standing, &*placement, entry);
  if (!made.ok()) return made.status();
  std::unique_ptr<Draft> draft = *std::move(made);
  if (absl::Status status = draft->Settle(); !status.ok()) return status;
  NameClusters(*draft, *standing, &*placement);
  Decision decision = MakeDecision(submission, *placement, *draft,
                                   updates ? Outcome::kUpdated : Outcome::kCreated);
  absl::Status filled = FillCanonical(context, draft->RecordOf(decision.cluster), &decision);
  if (!filled.ok()) return filled;
  return Drafted{.decision = std::move(decision), .draft = std::move(draft)};
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

absl::StatusOr<Decided<Decision>> DecideSubmission(const DecisionContext& context,
                                                   Submission& submission) {
  absl::StatusOr<Drafted> drafted = DraftSubmission(context, submission);
  if (!drafted.ok()) return drafted.status();
  Decided<Decision> decided{.answer = std::move(drafted->decision), .change = std::nullopt};
  if (drafted->draft == nullptr) return decided;
  absl::StatusOr<Change> change = drafted->draft->Take();
  if (!change.ok()) return change.status();
  decided.answer.sequence = change->sequence;
  change->added.front().packed_body = std::move(submission.packed_body);
  decided.change = *std::move(change);
  return decided;
}

absl::StatusOr<Decision> DecideCheck(const DecisionContext& context, Submission& submission) {
  absl::StatusOr<Drafted> drafted = DraftSubmission(context, submission);
  if (!drafted.ok()) return drafted.status();
  Decision& decision = drafted->decision;
  if (drafted->draft != nullptr &&
      decision.cluster == static_cast<ClusterId>(drafted->draft->number())) {
    decision.cluster = ClusterId::kNone;
  }
  return std::move(decision);
}

}  // namespace wonbon
