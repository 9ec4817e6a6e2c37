// Commands as the commit thread runs them: each is decided against the group so far, and what it
// changes is added to the group. On an error the group is as it was.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/cluster/submission.h"
#include "core/decision.h"
#include "core/state/group.h"

namespace wonbon {

struct CommitContext {
  Group* group = nullptr;
  const ArticleSource* source = nullptr;  // finds documents of the group too
  std::shared_ptr<const Rarity> rarity;
  int64_t now_us = 0;
};

// A Check decides as a submission does, but changes nothing.
enum class CommitMode { kSubmit, kCheck };

absl::StatusOr<Decision> CommitSubmission(const CommitContext& context, Submission& submission,
                                          CommitMode mode);

struct DeletionResult {
  Tombstone tombstone;
  bool deleted = false;
};
// NOT_FOUND for an id that never was.
absl::StatusOr<DeletionResult> CommitDeletion(const CommitContext& context,
                                              CollectionNumber collection, const std::string& id,
                                              const std::string& reason);

// Removes a document without a tombstone, if it is still there: its time is over, or its collection
// goes. Returns whether it was there.
absl::StatusOr<bool> CommitExpiry(const CommitContext& context, DocumentNumber number);

// A reply's canonical copy of a cluster, without the body.
CanonicalCopy MakeCanonicalCopy(const DocumentContent& head, uint8_t reason);

}  // namespace wonbon
