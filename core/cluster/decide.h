// Commands -> answers and changes. Deciding reads one view of the state and writes nothing: what a
// command does is the Change that it yields, and applying that needs neither texts nor the judge.
//
// Thread-safe as functions: whoever calls holds the view still.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/cluster/candidates.h"
#include "core/cluster/draft.h"
#include "core/cluster/submission.h"
#include "core/decision.h"
#include "core/state/state.h"

namespace wonbon {

struct DecisionContext {
  const View* view = nullptr;
  const DocumentFetcher* fetch = nullptr;  // finds every document of the view
  // What FindCandidates said of the submission, on this view or where nothing else was: used unless
  // another document was left out than its standing version. Null: it is asked.
  const Candidates* candidates = nullptr;
  std::shared_ptr<const Rarity> rarity;
  int64_t now_us = 0;  // the command's time: not before view->last_time_us()
  // The last founder that a saved table of document frequencies counts.
  DocumentNumber counted_through = DocumentNumber::kNone;
};

template <typename Answer>
struct Decided {
  Answer answer;
  std::optional<Change> change;  // nothing where the command changes nothing
};

// Numbers the submission's document, and notes in it what is answered. FAILED_PRECONDITION
// (kDocumentBlocked) where the id is blocked, (kSequenceMismatch) where another version stands than
// the one expected, (kDocumentExpired) where the document's time is past the collection's retention
// already: it would have to go before anybody could read it. NOT_FOUND where the collection is
// gone.
absl::StatusOr<Decided<Decision>> DecideSubmission(const DecisionContext& context,
                                                   Submission& submission);
// What DecideSubmission would answer, without sequence or the id of a new cluster.
absl::StatusOr<Decision> DecideCheck(const DecisionContext& context, Submission& submission);

struct DeletionResult {
  Tombstone tombstone;
  bool deleted = false;
};
struct DeletionCommand {
  CollectionNumber collection{};
  std::string id;
  std::string reason;
  bool block = false;  // also of an id that is deleted, or never was
  std::optional<Sequence> expected_sequence = {};  // as Submission::expected_sequence
};
// NOT_FOUND for an id that never was, unless it is to be blocked. FAILED_PRECONDITION
// (kSequenceMismatch) where another version stands than the one expected.
absl::StatusOr<Decided<DeletionResult>> DecideDeletion(const DecisionContext& context,
                                                       const DeletionCommand& command);

struct UnblockingResult {
  std::optional<Tombstone> tombstone;  // unset where a document stands
  bool unblocked = false;
};
// NOT_FOUND for an id that never was.
absl::StatusOr<Decided<UnblockingResult>> DecideUnblocking(const DecisionContext& context,
                                                           CollectionNumber collection,
                                                           const std::string& id);

// The number and the time of a change that needs no draft.
Change NextChange(const View& view, int64_t now_us);

// Why a document goes without a tombstone.
enum class Departure { kExpiry, kCollectionDeleted };
// Nothing where the document is gone already, or does not expire yet.
absl::StatusOr<std::optional<Change>> DecideRemoval(const DecisionContext& context,
                                                    DocumentNumber number, Departure why);

// A reply's canonical copy of a cluster, without the body.
CanonicalCopy MakeCanonicalCopy(const DocumentContent& head, uint8_t reason);

}  // namespace wonbon
