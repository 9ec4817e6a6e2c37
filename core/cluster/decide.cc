#include "core/cluster/decide.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "core/cluster/decide_steps.h"
#include "core/cluster/election.h"
#include "core/cluster/kinship.h"
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
      const std::optional<DocumentEntry> entry = view.FindEntry(told.number);
      if (!entry.has_value()) continue;
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
  const FoundCluster cluster = context.view->FindCluster(entry.cluster);
  Decision decision{.document_id = submission.prepared->content.document.id,
                    .outcome = Outcome::kUnchanged,
                    .relation = entry.relation,
                    .cluster = entry.cluster,
                    .is_canonical = cluster->record.canonical == entry.number,
                    .merged = standing.answer.merged,
                    .moved_ids = {},
                    .moved_documents = standing.answer.moved_documents,
                    .cluster_size = static_cast<uint32_t>(cluster->members.size()),
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
  for (const DocumentNumber number : standing.answer.moved) {
    if (!context.view->FindEntry(number).has_value()) continue;
    absl::StatusOr<DocumentContent> head = context.view->ReadHead(number);
    if (!head.ok()) return head.status();
    decision.moved_ids.push_back(std::move(head->document.id));
  }
  if (absl::Status status = FillCanonical(context, cluster->record, &decision); !status.ok()) {
    return status;
  }
  return decision;
}

int64_t ReceivedUs(const Submission& submission, int64_t now_us) {
  return std::min(submission.arrived_us.value_or(now_us), now_us);
}

int64_t PublishedUs(const Submission& submission, int64_t now_us) {
  const std::optional<absl::Time>& at = submission.prepared->content.document.published_at;
  return at.has_value() ? absl::ToUnixMicros(*at) : ReceivedUs(submission, now_us);
}

DocumentEntry MakeEntry(const Submission& submission, const std::optional<Standing>& standing,
                        DocumentNumber number, int64_t now_us) {
  DocumentEntry entry{
      .number = number,
      .collection = submission.collection,
      .headline_key = static_cast<uint32_t>(submission.prepared->content.identity.headline),
      .version_mark = submission.prepared->profile.version_mark,
      .shingles = submission.fingerprint.shingles,
      .published_us = PublishedUs(submission, now_us),
      .received_us = ReceivedUs(submission, now_us),
      .url_key = submission.fingerprint.url_key,
      .publisher_key = submission.prepared->content.identity.publisher,
  };
  entry.first_published_us = entry.published_us;
  if (standing.has_value()) {
    entry.first_published_us = EarlierTime(entry.first_published_us,
                                           standing->entry.first_published_us, entry.received_us);
  }
  return entry;
}

// Submission::corrects.
DocumentNumber Corrected(const Submission& submission, const std::optional<Standing>& standing,
                         int64_t now_us) {
  if (!standing.has_value()) return DocumentNumber::kNone;
  const int64_t apart_us = PublishedUs(submission, now_us) - standing->entry.published_us;
  return std::abs(apart_us) <= kCorrectionTimeUs ? standing->entry.number : DocumentNumber::kNone;
}

// What is known of a submission before its place is.
struct Heard {
  std::optional<Standing> standing;
  Hearing hearing;
  bool url_known = false;  // another document has its article url
  uint8_t flags = 0;
};

// Finds and judges candidates.
absl::StatusOr<Heard> HearAll(const DecisionContext& context, Submission& submission,
                              std::optional<Standing> standing) {
  Heard heard{.standing = std::move(standing)};
  const DocumentNumber replaced =
      heard.standing.has_value() ? heard.standing->entry.number : DocumentNumber::kNone;
  Candidates found;
  const bool known = context.candidates != nullptr && context.candidates->except == replaced;
  if (!known) {
    found = FindCandidates(*context.view, submission.collection, submission.fingerprint, replaced);
  }
  const Candidates& candidates = known ? *context.candidates : found;
  absl::StatusOr<Hearing> hearing = Hear(candidates, submission, replaced, *context.fetch);
  if (!hearing.ok()) return hearing.status();
  heard.hearing = *std::move(hearing);
  heard.url_known = candidates.url_known;
  if (candidates.truncated) heard.flags |= kFlagTruncatedCandidates;
  if (submission.fingerprint.is_short()) heard.flags |= kFlagShortText;
  return heard;
}

// Where a family stays as it stands, a version follows what editors said of the one before it.
ClusterId FollowWords(const Draft& draft, ClusterId best) {
  for (const PairWord& said : draft.words()) {
    const ClusterId cluster = draft.ClusterOf(said.text);
    if (said.word == kBoundPair) return cluster;
    if (cluster == best) best = ClusterId::kNone;
  }
  return best;
}

// Which cluster or family the submission belongs to. An exact copy has its text's; another text
// those of all that it was judged the same article with, among them what its standing version
// leaves behind.
absl::StatusOr<Destination> FindDestination(const DecisionContext& context, Submission& submission,
                                            Draft& draft, Heard& heard) {
  Destination destination;
  destination.url_known = heard.url_known;
  const std::vector<Verdict>& verdicts = heard.hearing.verdicts;
  if (!verdicts.empty() && verdicts.front().exact) {
    destination.cluster = verdicts.front().cluster;
    return destination;
  }
  const DocumentFetcher& fetch = *context.fetch;
  std::vector<ClusterId> clusters = MayBeKin(verdicts);
  if (heard.standing.has_value()) {
    const DocumentEntry& standing = heard.standing->entry;
    const absl::StatusOr<const JudgedPair*> pair =
        submission.judgements.Of(submission.prepared->profile, standing.number, fetch);
    if (!pair.ok()) return pair.status();
    if ((*pair)->judgement.same_article() || submission.corrects == standing.number) {
      clusters.push_back(standing.cluster);
    }
  }
  absl::StatusOr<Kin> kin = FindKin(
      clusters, [&draft](ClusterId cluster) { return draft.FamilyLeft(cluster); }, submission,
      fetch, &heard.hearing.told);
  if (!kin.ok()) return kin.status();
  if (kin->truncated) heard.flags |= kFlagTruncatedCandidates;
  if (kin->too_large.has_value()) {
    const absl::StatusOr<ClusterId> best = BestBlock(*kin->too_large, submission, fetch);
    if (!best.ok()) return best.status();
    destination.cluster = FollowWords(draft, *best);
    if (*best != ClusterId::kNone) draft.LeaveAsItStands(*kin->too_large);
    return destination;
  }
  AddNamedKin(draft.words(), [&draft](DocumentNumber text) {
    return draft.FamilyLeft(draft.ClusterOf(text));
  }, &*kin);
  if (kin->families.empty()) {
    destination.cluster = FollowWords(draft, ClusterId::kNone);
    return destination;
  }
  absl::StatusOr<FamilyRecord> family = FamilyWith(
      *kin, draft.words(), static_cast<DocumentNumber>(draft.number()), submission, fetch);
  if (!family.ok()) return family.status();
  destination.family = *std::move(family);
  return destination;
}

// Fills in what the answer says. An update that stays in its cluster is a revision, whatever else
// it is a copy of, and whatever other id the cluster goes on under.
absl::StatusOr<Placement> PlaceSettled(const DecisionContext& context, Submission& submission,
                                       const Heard& heard, Draft& draft) {
  DocumentEntry& entry = draft.added().entry;
  absl::StatusOr<Placement> placement = Place(
      heard.hearing.told, submission, entry.cluster,
      [&draft](DocumentNumber number) { return draft.ClusterOf(number); }, *context.fetch);
  if (!placement.ok()) return placement;
  if (heard.standing.has_value() && draft.replaced_in() == entry.cluster) {
    const bool joins = placement->best != DocumentNumber::kNone;
    placement->relation = Relation::kRevision;
    if (!joins) {
      const absl::StatusOr<const JudgedPair*> pair = submission.judgements.Of(
          submission.prepared->profile, heard.standing->entry.number, *context.fetch);
      if (!pair.ok()) return pair.status();
      Match match = MatchOf(**pair, entry.cluster);
      match.relation = Relation::kRevision;
      placement->matches.insert(placement->matches.begin(), std::move(match));
      if (placement->matches.size() > kMaxMatches) placement->matches.pop_back();
    }
  } else if (placement->best == DocumentNumber::kNone && !placement->matches.empty()) {
    // Its cluster agrees with it on the whole, though none of those whom it agrees with is there.
    Match& nearest = placement->matches.front();
    placement->relation = nearest.relation = Relation::kNear;
  }
  entry.relation = placement->relation;
  entry.flags = heard.flags;
  return placement;
}

Decision MakeDecision(const Submission& submission, const Placement& placement, const Draft& draft,
                      std::vector<ClusterId> merged, Outcome outcome) {
  const DocumentEntry& entry = draft.added().entry;
  Decision decision{.document_id = submission.prepared->content.document.id,
                    .outcome = outcome,
                    .relation = entry.relation,
                    .cluster = entry.cluster,
                    .is_canonical = draft.RecordOf(entry.cluster).canonical == entry.number,
                    .matches = placement.matches,
                    .links = placement.links,
                    .merged = std::move(merged),
                    .moved_ids = {},
                    .moved_documents = draft.moved_documents(),
                    .cluster_size = static_cast<uint32_t>(draft.SizeOf(entry.cluster)),
                    .flags = entry.flags};
  for (const Draft::Moved& moved : draft.moved()) decision.moved_ids.push_back(moved.document_id);
  decision.best_match = BestMatch(placement.matches);
  return decision;
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

// Brings the submission into a new draft, and settles it.
absl::StatusOr<std::unique_ptr<Draft>> MakeDraft(const DecisionContext& context,
                                                 Submission& submission, Heard& heard) {
  auto draft = std::make_unique<Draft>(context.view, context.now_us);
  PreparedDocument& prepared = *submission.prepared;
  prepared.number = static_cast<DocumentNumber>(draft->number());
  DocumentEntry entry = MakeEntry(submission, heard.standing, prepared.number, context.now_us);
  absl::Status kept = RefuseExpired(context, entry, prepared.content.document.id);
  if (!kept.ok()) return kept;
  if (heard.standing.has_value()) {
    auto removed = MakeRemoval(context, heard.standing->entry, prepared.content.document.id);
    if (!removed.ok()) return removed.status();
    draft->Remove(heard.standing->entry, Draft::Removal::kReplaced, *std::move(removed));
  }
  absl::StatusOr<Destination> destination = FindDestination(context, submission, *draft, heard);
  if (!destination.ok()) return destination.status();
  draft->Add({.entry = entry,
              .content = prepared.content,
              .packed_body = "",  // when it is decided, for it may be tried again
              .fingerprint = submission.fingerprint,
              .counted_shingles = {}},
             *std::move(destination));
  if (absl::Status status = draft->Settle(); !status.ok()) return status;
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
  PreparedDocument& prepared = *submission.prepared;
  if (updates && (*standing)->content_key == prepared.content.identity.content) {
    absl::StatusOr<Decision> unchanged = Unchanged(context, **standing, submission);
    if (!unchanged.ok()) return unchanged.status();
    return Drafted{.decision = *std::move(unchanged), .draft = nullptr};
  }
  absl::Status expected =
      CheckExpected(submission.expected_sequence, updates ? (*standing)->entry.sequence : 0,
                    prepared.content.document.id);
  if (!expected.ok()) return expected;
  submission.corrects = Corrected(submission, *standing, context.now_us);
  absl::StatusOr<Heard> heard = HearAll(context, submission, *std::move(standing));
  if (!heard.ok()) return heard.status();
  absl::StatusOr<std::unique_ptr<Draft>> made = MakeDraft(context, submission, *heard);
  if (!made.ok()) return made.status();
  Draft& draft = **made;
  absl::StatusOr<Placement> placement = PlaceSettled(context, submission, *heard, draft);
  if (!placement.ok()) return placement.status();
  std::vector<ClusterId> merged;
  for (const Redirect& redirect : draft.redirects()) {
    if (redirect.to == draft.added().entry.cluster) merged.push_back(redirect.from);
  }
  prepared.content.answer = {
      .matches = EvidenceOf(placement->matches, heard->standing, prepared.number),
      .links = EvidenceOf(placement->links, heard->standing, prepared.number),
      .merged = merged,
      .moved = {},
      .moved_documents = draft.moved_documents()};
  for (const Draft::Moved& moved : draft.moved()) {
    prepared.content.answer.moved.push_back(moved.number);
  }
  NewDocument& added = draft.added();
  added.content.answer = prepared.content.answer;
  if (added.entry.is_counted_in_rarity()) {
    added.counted_shingles = Rarity::Counted(prepared.profile);
  }
  Decision decision = MakeDecision(submission, *placement, draft, std::move(merged),
                                   updates ? Outcome::kUpdated : Outcome::kCreated);
  absl::Status filled = FillCanonical(context, draft.RecordOf(decision.cluster), &decision);
  if (!filled.ok()) return filled;
  return Drafted{.decision = std::move(decision), .draft = *std::move(made)};
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
  if (drafted->draft == nullptr) return std::move(decision);
  // What the submission would found or split off has no id until it does.
  const auto first_drawn = static_cast<ClusterId>(drafted->draft->number());
  const auto forget = [first_drawn](ClusterId& id) {
    if (id >= first_drawn) id = ClusterId::kNone;
  };
  forget(decision.cluster);
  for (Match& match : decision.matches) forget(match.cluster);
  for (Match& link : decision.links) forget(link.cluster);
  if (decision.best_match.has_value()) forget(decision.best_match->cluster);
  return std::move(decision);
}

}  // namespace wonbon
