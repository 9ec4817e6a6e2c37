// Deciding: documents that go, by id or because their time is over; ids that are kept out.
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "core/cluster/decide_steps.h"
#include "core/cluster/draft.h"
#include "core/document_time.h"
#include "core/error.h"

namespace wonbon {
namespace {

Tombstone TombstoneOf(const DecisionContext& context, const DeletionCommand& command) {
  return {.collection = command.collection,
          .id = command.id,
          .reason = command.reason,
          .deleted_at = absl::FromUnixMicros(context.now_us),
          .blocked = command.block};
}

// Changes a tombstone, or makes one of an id that never was.
Change PutTombstone(const DecisionContext& context, Tombstone& tombstone) {
  Change change = NextChange(*context.view, context.now_us);
  tombstone.sequence = change.sequence;
  change.tombstones.push_back(tombstone);
  return change;
}

// Of an id without a document; `standing`: null where it never was.
absl::StatusOr<Decided<DeletionResult>> DeleteNothing(const DecisionContext& context,
                                                      const DeletionCommand& command,
                                                      const Tombstone* standing) {
  if (standing == nullptr && !command.block) return DocumentNotFound(command.id);
  Decided<DeletionResult> decided;
  Tombstone& tombstone = decided.answer.tombstone;
  tombstone = standing != nullptr ? *standing : TombstoneOf(context, command);
  if (command.block && (standing == nullptr || !standing->blocked)) {
    tombstone.blocked = true;
    decided.change = PutTombstone(context, tombstone);
  }
  return decided;
}

// All that follows from one document's going.
absl::StatusOr<Change> RemoveOne(const DecisionContext& context, const DocumentEntry& entry,
                                 const std::string& id, Draft::Removal how,
                                 std::optional<Tombstone> tombstone) {
  absl::StatusOr<RemovedDocument> removed = MakeRemoval(context, entry, id);
  if (!removed.ok()) return removed.status();
  removed->tombstone = std::move(tombstone);
  Draft draft(context.view, context.now_us);
  draft.Remove(entry, how, *std::move(removed));
  if (absl::Status status = draft.Settle(); !status.ok()) return status;
  return draft.Take();
}

}  // namespace

Change NextChange(const View& view, int64_t now_us) {
  Change change;
  change.previous = view.last_sequence();
  change.sequence = change.previous + 1;
  change.time_us = now_us;
  return change;
}

absl::Status CheckExpected(const std::optional<Sequence>& expected, Sequence standing,
                           const std::string& id) {
  if (!expected.has_value() || *expected == standing) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      {.reason = ErrorReason::kSequenceMismatch, .subject = id},
      standing == 0 ? absl::StrCat("no document \"", id, "\" stands; sequence ", *expected,
                                   " was expected")
                    : absl::StrCat("document \"", id, "\" stands with sequence ", standing, "; ",
                                   *expected, " was expected"));
}

absl::StatusOr<RemovedDocument> MakeRemoval(const DecisionContext& context,
                                            const DocumentEntry& entry, std::string id) {
  RemovedDocument removed{.number = entry.number,
                          .collection = entry.collection,
                          .id = std::move(id),
                          .tombstone = {},
                          .counted_shingles = {}};
  if (entry.is_counted_in_rarity() && entry.number > context.counted_through) {
    absl::StatusOr<std::shared_ptr<const PreparedDocument>> prepared =
        (*context.fetch)(entry.number);
    if (!prepared.ok()) return prepared.status();
    removed.counted_shingles = Rarity::Counted((*prepared)->profile);
  }
  return removed;
}

absl::StatusOr<Decided<DeletionResult>> DecideDeletion(const DecisionContext& context,
                                                       const DeletionCommand& command) {
  absl::StatusOr<StoreSnapshot::IdState> state =
      context.view->FindId(command.collection, command.id);
  if (!state.ok()) return state.status();
  const auto* number = std::get_if<DocumentNumber>(&*state);
  if (number == nullptr) return DeleteNothing(context, command, std::get_if<Tombstone>(&*state));

  const DocumentEntry entry = CheckNotNull(context.view->FindEntry(*number));
  absl::Status expected = CheckExpected(command.expected_sequence, entry.sequence, command.id);
  if (!expected.ok()) return expected;
  absl::StatusOr<Change> change = RemoveOne(context, entry, command.id, Draft::Removal::kDeleted,
                                            TombstoneOf(context, command));
  if (!change.ok()) return change.status();
  Decided<DeletionResult> decided;
  decided.answer = {.tombstone = change->removed.front().tombstone.value(), .deleted = true};
  decided.change = *std::move(change);
  return decided;
}

absl::StatusOr<Decided<UnblockingResult>> DecideUnblocking(const DecisionContext& context,
                                                           CollectionNumber collection,
                                                           const std::string& id) {
  absl::StatusOr<StoreSnapshot::IdState> state = context.view->FindId(collection, id);
  if (!state.ok()) return state.status();
  Decided<UnblockingResult> decided;
  if (std::holds_alternative<DocumentNumber>(*state)) return decided;
  auto* tombstone = std::get_if<Tombstone>(&*state);
  if (tombstone == nullptr) return DocumentNotFound(id);
  decided.answer.unblocked = tombstone->blocked;
  if (tombstone->blocked) {
    tombstone->blocked = false;
    decided.change = PutTombstone(context, *tombstone);
  }
  decided.answer.tombstone = std::move(*tombstone);
  return decided;
}

absl::StatusOr<std::optional<Change>> DecideRemoval(const DecisionContext& context,
                                                    DocumentNumber number, Departure why) {
  const std::optional<DocumentEntry> entry = context.view->FindEntry(number);
  if (!entry.has_value()) return std::nullopt;
  // Settings may have changed since somebody looked.
  const CollectionRecord& collection =
      CheckNotNull(context.view->FindCollection(entry->collection));
  if (why == Departure::kExpiry && !IsExpired(*entry, collection.settings, context.now_us)) {
    return std::nullopt;
  }
  absl::StatusOr<DocumentContent> head = context.view->ReadHead(number);
  if (!head.ok()) return head.status();
  const auto how =
      why == Departure::kExpiry ? Draft::Removal::kExpired : Draft::Removal::kDeleted;
  absl::StatusOr<Change> change =
      RemoveOne(context, *entry, head->document.id, how, /*tombstone=*/std::nullopt);
  if (!change.ok()) return change.status();
  return std::optional<Change>(*std::move(change));
}

}  // namespace wonbon
