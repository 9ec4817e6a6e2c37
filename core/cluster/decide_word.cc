#include "core/cluster/decide_word.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/cluster/family.h"
#include "core/cluster/kinship.h"
#include "core/error.h"
#include "core/limits.h"

namespace wonbon {
namespace {

std::string IdText(ClusterId id) { return absl::StrCat("c", static_cast<uint64_t>(id)); }

absl::StatusOr<FoundCluster> FindIn(const DecisionContext& context, CollectionNumber collection,
                                    ClusterId id) {
  FoundCluster cluster = context.view->FindCluster(id);
  if (!cluster || cluster->record.collection != collection) {
    return ClusterNotFound(IdText(id));
  }
  return cluster;
}

// The entry of a member of the cluster.
absl::StatusOr<DocumentEntry> MemberOf(const DecisionContext& context, const ClusterRecord& cluster,
                                       const std::string& document_id) {
  absl::StatusOr<StoreSnapshot::IdState> state =
      context.view->FindId(cluster.collection, document_id);
  if (!state.ok()) return state.status();
  const auto* number = std::get_if<DocumentNumber>(&*state);
  if (number == nullptr) return DocumentNotFound(document_id);
  const DocumentEntry entry = CheckNotNull(context.view->FindEntry(*number));
  if (entry.cluster == cluster.id) return entry;
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   {.reason = ErrorReason::kNotInCluster, .subject = document_id},
                   absl::StrCat("document \"", document_id, "\" is in cluster ",
                                IdText(entry.cluster), ", not in ", IdText(cluster.id)));
}

absl::Status FamilyTooLarge(const std::string& what) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   {.reason = ErrorReason::kFamilyTooLarge},
                   absl::StrCat(what, "; families of more than ", kMaxFamilyTexts,
                                " texts are left as they stand"));
}

// The families of the clusters made one, its pairs unjudged where they are of two families.
absl::StatusOr<FamilyRecord> UniteFamilies(const DecisionContext& context,
                                           const std::set<ClusterId>& clusters) {
  std::vector<FamilyRecord> families;
  size_t texts = 0;
  bool full = false;
  for (const ClusterId id : clusters) {
    FamilyRecord family = FamilyOf(*context.view, id);
    const auto same = [&family](const FamilyRecord& other) {
      return other.number() == family.number();
    };
    if (std::any_of(families.begin(), families.end(), same)) continue;
    texts += family.texts.size();
    full |= family.full;
    families.push_back(std::move(family));
  }
  if (families.size() == 1) return std::move(families.front());
  if (full || texts > kMaxFamilyTexts) {
    return FamilyTooLarge(absl::StrCat("the clusters and those like them have ", texts,
                                       " texts together"));
  }
  return Unite(families, [](DocumentNumber, DocumentNumber) {
    return PairWeight{.score = kNothingPair, .shared = 0};
  });
}

// A draft that follows what the family says by now.
absl::StatusOr<std::unique_ptr<Draft>> Settled(const DecisionContext& context,
                                               FamilyRecord family) {
  auto draft = std::make_unique<Draft>(context.view, context.now_us);
  draft->Follow(std::move(family));
  if (absl::Status status = draft->Settle(); !status.ok()) return status;
  return draft;
}

absl::StatusOr<Decided<WordResult>> Finish(Draft& draft, WordResult result) {
  absl::StatusOr<Change> change = draft.Take();
  if (!change.ok()) return change.status();
  return Decided<WordResult>{.answer = std::move(result), .change = *std::move(change)};
}

// The places in `family` of the texts that these documents of the cluster have.
absl::StatusOr<std::set<size_t>> PlacesOf(const DecisionContext& context,
                                          const FamilyRecord& family,
                                          const ClusterRecord& cluster,
                                          const std::vector<std::string>& document_ids) {
  std::set<size_t> places;
  for (const std::string& id : document_ids) {
    const absl::StatusOr<DocumentEntry> entry = MemberOf(context, cluster, id);
    if (!entry.ok()) return entry.status();
    const auto key = context.view->FindTextKey(entry->number);
    size_t place = 0;
    while (place < family.texts.size() &&
           (family.texts[place].cluster != cluster.id ||
            context.view->FindTextKey(family.texts[place].number) != key)) {
      ++place;
    }
    if (place == family.texts.size()) {
      return FamilyTooLarge(absl::StrCat("the text of document \"", id, "\" is in no family"));
    }
    places.insert(place);
  }
  return places;
}

int16_t& ScoreIn(FamilyRecord& family, size_t text, size_t other) {
  return family.scores[PairPlace(std::max(text, other), std::min(text, other))];
}

}  // namespace

absl::StatusOr<Decided<WordResult>> DecidePin(const DecisionContext& context,
                                              const PinCommand& command) {
  const auto cluster = FindIn(context, command.collection, command.cluster);
  if (!cluster.ok()) return cluster.status();
  const ClusterRecord& record = (*cluster)->record;
  DocumentNumber number = DocumentNumber::kNone;
  EditorWord word{.act = EditorialAct::kPin,
                  .actor = command.editor.actor,
                  .note = command.editor.note,
                  .document_id = command.document_id,
                  .clusters = {}};
  if (!command.document_id.empty()) {
    const auto entry = MemberOf(context, record, command.document_id);
    if (!entry.ok()) return entry.status();
    number = entry->number;
  }
  Decided<WordResult> unchanged{.answer = {.cluster = record.id}, .change = std::nullopt};
  if (record.pinned == number) return unchanged;
  if (number == DocumentNumber::kNone) {
    word.act = EditorialAct::kUnpin;
    absl::StatusOr<DocumentContent> head = context.view->ReadHead(record.pinned);
    if (!head.ok()) return head.status();
    word.document_id = std::move(head->document.id);
  }
  Draft draft(context.view, context.now_us);
  if (absl::Status status = draft.Pin(record.id, number); !status.ok()) return status;
  if (absl::Status status = draft.Settle(); !status.ok()) return status;
  draft.Sign(record.id, std::move(word));
  return Finish(draft, std::move(unchanged.answer));
}

absl::StatusOr<Decided<WordResult>> DecideMerge(const DecisionContext& context,
                                                const MergeCommand& command) {
  std::set<ClusterId> clusters;
  for (const ClusterId id : command.clusters) {
    const auto cluster = FindIn(context, command.collection, id);
    if (!cluster.ok()) return cluster.status();
    clusters.insert(id);
  }
  absl::StatusOr<FamilyRecord> family = UniteFamilies(context, clusters);
  if (!family.ok()) return family.status();
  std::vector<size_t> places;
  for (size_t i = 0; i < family->texts.size(); ++i) {
    if (clusters.contains(family->texts[i].cluster)) places.push_back(i);
  }
  const DocumentNumber first = family->texts[places.front()].number;
  bool said_before = true;
  for (const size_t place : places) {
    for (const size_t other : places) {
      if (other >= place) break;
      int16_t& score = ScoreIn(*family, place, other);
      said_before &= score == kBoundPair;
      score = kBoundPair;
    }
  }
  if (said_before) {
    return Decided<WordResult>{.answer = {.cluster = *clusters.begin()}, .change = std::nullopt};
  }
  auto draft = Settled(context, *std::move(family));
  if (!draft.ok()) return draft.status();
  WordResult result{.cluster = (*draft)->ClusterOf(first)};
  for (const Redirect& redirect : (*draft)->redirects()) {
    if (redirect.to == result.cluster) result.merged.push_back(redirect.from);
  }
  (*draft)->Sign(result.cluster, {.act = EditorialAct::kMerge,
                                  .actor = command.editor.actor,
                                  .note = command.editor.note,
                                  .document_id = "",
                                  .clusters = result.merged});
  return Finish(**draft, std::move(result));
}

absl::StatusOr<Decided<WordResult>> DecideSplit(const DecisionContext& context,
                                                const SplitCommand& command) {
  const auto cluster = FindIn(context, command.collection, command.cluster);
  if (!cluster.ok()) return cluster.status();
  const ClusterRecord& record = (*cluster)->record;
  FamilyRecord family = FamilyOf(*context.view, record.id);
  const auto off = PlacesOf(context, family, record, command.document_ids);
  if (!off.ok()) return off.status();
  std::set<size_t> rest;
  for (size_t i = 0; i < family.texts.size(); ++i) {
    if (family.texts[i].cluster == record.id && !off->contains(i)) rest.insert(i);
  }
  if (rest.empty()) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     {.reason = ErrorReason::kNothingStays, .subject = IdText(record.id)},
                     absl::StrCat("cluster ", IdText(record.id), " has no other text than those "
                                  "of the documents to be split off; copies of one text stay "
                                  "together"));
  }
  for (const size_t text : *off) {
    for (const size_t other : *off) {
      if (other < text) ScoreIn(family, text, other) = kBoundPair;
    }
    for (const size_t other : rest) ScoreIn(family, text, other) = kApartPair;
  }
  const DocumentNumber first_off = family.texts[*off->begin()].number;
  const DocumentNumber first_left = family.texts[*rest.begin()].number;
  auto draft = Settled(context, std::move(family));
  if (!draft.ok()) return draft.status();
  WordResult result{.cluster = (*draft)->ClusterOf(first_left),
                    .split_off = (*draft)->ClusterOf(first_off)};
  EditorWord word{.act = EditorialAct::kSplit,
                  .actor = command.editor.actor,
                  .note = command.editor.note,
                  .document_id = "",
                  .clusters = {result.split_off}};
  (*draft)->Sign(result.cluster, word);
  word.clusters = {result.cluster};
  (*draft)->Sign(result.split_off, std::move(word));
  return Finish(**draft, std::move(result));
}

}  // namespace wonbon
