// Engine: applying what another engine decided.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/engine/parts.h"
#include "core/limits.h"
#include "core/state/fits.h"

namespace wonbon {
namespace {

// Documents of a new collection are taken from the next group on.
bool ChangesCollections(const Change& change) {
  return !change.collections.empty() || !change.dropped_collections.empty();
}

absl::Status Follow(Committer& committer, CommitGroup& group, Change change) {
  if (change.sequence <= group.last_sequence()) return absl::OkStatus();  // applied before
  if (change.previous != group.last_sequence()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "change ", change.sequence, " follows change ", change.previous,
        ", but the last one applied is ", group.last_sequence(), ": changes are missing"));
  }
  if (change.time_us < group.last_time_us()) {
    return absl::DataLossError(
        absl::StrCat("change ", change.sequence, " was made before the one it follows"));
  }
  if (absl::Status status = CheckFits(group, change); !status.ok()) return status;
  committer.Apply(group, std::move(change));
  return absl::OkStatus();
}

}  // namespace

absl::Status Engine::ApplyChanges(std::vector<Change> changes) {
  Committer& committer = parts_->committer;
  auto next = changes.begin();
  // As much as one group takes, from `next` on.
  const auto follow_group = [&](CommitGroup& group) -> absl::Status {
    bool alone = false;
    for (size_t taken = 0; next != changes.end() && taken < kMaxGroupDocuments; ++taken, ++next) {
      const bool is_alone = ChangesCollections(*next);
      // A blob is written between groups: a removal that was decided after it was written does not
      // tell what it counts.
      if (taken > 0 && (alone || is_alone || committer.blob_due())) break;
      alone = is_alone;
      absl::Status status = Follow(committer, group, std::move(*next));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  };
  while (next != changes.end()) {
    absl::Status refused;
    const auto left = static_cast<size_t>(changes.end() - next);
    const absl::Status written =
        committer.thread().Run({.documents = std::min(left, kMaxGroupDocuments),
                               .alone = true,
                               .run = [&](CommitGroup& group) {
                                 committer.AwaitBlob();
                                 refused = follow_group(group);
                               }});
    if (!written.ok()) return written;
    if (!refused.ok()) return refused;
  }
  return absl::OkStatus();
}

}  // namespace wonbon
