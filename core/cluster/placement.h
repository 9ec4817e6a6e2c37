// What an answer tells of a document: how it is related to what it was judged against, the matches
// in its own cluster and its links to others.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/cluster/submission.h"
#include "core/decision.h"

namespace wonbon {

struct Placement {
  Relation relation = Relation::kUnique;
  DocumentNumber best = DocumentNumber::kNone;  // the strongest match that joins
  std::vector<Match> matches;                   // of its cluster, at most kMaxMatches
  std::vector<Match> links;                     // of others, one of each, at most kMaxLinks
};

Match MatchOf(const JudgedPair& pair, ClusterId cluster);

// What a match in a cluster that was not joined is reported as: where it is a copy, but its family
// was partitioned otherwise, passages in common are what can be said.
inline Relation RelationOfLink(Relation judged) {
  return Joins(judged) ? Relation::kOverlap : judged;
}

// `told`: whom the submission was judged against. Both lists strongest first, then by number.
// Documents that vanish meanwhile are passed over; other errors of `fetch` are returned.
absl::StatusOr<Placement> Place(const std::vector<DocumentNumber>& told, Submission& submission,
                                ClusterId own_cluster,
                                const std::function<ClusterId(DocumentNumber)>& cluster_of,
                                const DocumentFetcher& fetch);

}  // namespace wonbon
