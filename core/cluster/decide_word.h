// An editor's word -> the change that follows it: who stands for a cluster, which clusters are one,
// which documents are another article. Judgements, updates and restarts do not undo it; its
// opposite does.
//
// Thread-safe as functions, as decide.h.
#pragma once

#include <string>
#include <vector>

#include "core/cluster/decide.h"
#include "core/record.h"

namespace wonbon {

struct PinCommand {
  CollectionNumber collection{};
  ClusterId cluster = ClusterId::kNone;
  std::string document_id;  // a member; empty: nobody is pinned any more
  Editor editor;
};
struct MergeCommand {
  CollectionNumber collection{};
  std::vector<ClusterId> clusters;
  Editor editor;
};
struct SplitCommand {
  CollectionNumber collection{};
  ClusterId cluster = ClusterId::kNone;
  std::vector<std::string> document_ids;
  Editor editor;
};

struct WordResult {
  ClusterId cluster = ClusterId::kNone;    // of whom it was said; of a merge the one that stays
  ClusterId split_off = ClusterId::kNone;  // a split's other one
  std::vector<ClusterId> merged;           // a merge's others: they redirect from now on
};

// Clusters are named as merges left them; NOT_FOUND for one that is not there.
//
// The document stands for its cluster until it is gone, another is pinned or none is: its next
// versions in its place, and in the cluster that it moves to. NOT_FOUND for an unknown id,
// FAILED_PRECONDITION (kNotInCluster) for one of another cluster.
absl::StatusOr<Decided<WordResult>> DecidePin(const DecisionContext& context,
                                              const PinCommand& command);
// The texts of the clusters are one article. FAILED_PRECONDITION (kFamilyTooLarge) where the
// families they are of have more than kMaxFamilyTexts texts together.
absl::StatusOr<Decided<WordResult>> DecideMerge(const DecisionContext& context,
                                                const MergeCommand& command);
// The texts of these documents are one article, and another one than the rest of their cluster.
// Copies of one text stay together: those of the documents go along. FAILED_PRECONDITION:
// kNotInCluster for a document of another cluster, kNothingStays where the cluster has no other
// text, kFamilyTooLarge for a text that its family, left as it stands, does not know.
absl::StatusOr<Decided<WordResult>> DecideSplit(const DecisionContext& context,
                                                const SplitCommand& command);

}  // namespace wonbon
