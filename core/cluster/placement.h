// Judged candidates -> where a document belongs: the cluster it joins, the clusters it proves to be
// one, and its links to others.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "core/cluster/candidates.h"
#include "core/cluster/submission.h"
#include "core/decision.h"
#include "core/state/state.h"

namespace wonbon {

// A document joins the cluster of a member it is a copy of only if the canonical copy agrees too
// (is itself judged the same article, or comes at least this near to it and is not a template) and
// so does the founder. Without them copies of copies drift away from what the cluster is about.
inline constexpr double kCanonicalAgreement = 0.45;
// Two clusters become one on the word of a document that is a copy of both canonical copies with at
// least this score, if these and the founders are judged the same article too, each with each.
inline constexpr double kMergeScore = 0.8;

struct Placement {
  ClusterId cluster = ClusterId::kNone;  // joined; kNone: none
  Relation relation = Relation::kUnique;
  DocumentNumber best = DocumentNumber::kNone;  // the match that decided
  std::vector<Match> matches;                   // of the joined cluster, strongest first
  std::vector<Match> links;                     // of others, strongest first
  std::vector<ClusterId> merges;                // proved to be one with `cluster`
  ClusterId emptied = ClusterId::kNone;         // left by an update that was alone in it
  uint8_t flags = 0;
};

// Whether a member may stay with a canonical copy that it was judged against.
bool Agrees(const Judgement& with_canonical);

Match MatchOf(const JudgedPair& pair, ClusterId cluster);

// What a match in a cluster that was not joined is reported as: where it is a copy, but the
// canonical copy disagrees, passages in common are what can be said.
inline Relation RelationOfLink(Relation judged) {
  return Joins(judged) ? Relation::kOverlap : judged;
}

// `candidates`: of the submission. `except`: the version that an update replaces. Documents that
// vanish meanwhile are passed over; other errors of `fetch` are returned.
absl::StatusOr<Placement> Place(const Candidates& candidates, Submission& submission,
                                DocumentNumber except, const DocumentFetcher& fetch);

}  // namespace wonbon
