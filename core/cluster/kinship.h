// Judged candidates -> the families that a text belongs to, and where one that is too large leaves
// it. What the commit thread asks for here was mostly judged ahead (Prejudge), for both take the
// same steps.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/cluster/candidates.h"
#include "core/cluster/family.h"
#include "core/cluster/submission.h"
#include "core/record.h"
#include "core/state/state.h"

namespace wonbon {

// What the members of a candidate cluster that were judged say of it.
struct Verdict {
  ClusterId cluster = ClusterId::kNone;
  // One of them is the same article, or too little is shared with it for that: what else the
  // family has may share more.
  bool may_be_kin = false;
  bool exact = false;  // one of them is a copy of the same text
  double score = 0;    // the best
};

struct Hearing {
  std::vector<Verdict> verdicts;     // the strongest first
  std::vector<DocumentNumber> told;  // who was judged, each once
};

// Judges the members that stand for each candidate cluster, but for `except`, the version that an
// update replaces. Documents that vanish meanwhile are passed over; other errors of `fetch` are
// returned.
absl::StatusOr<Hearing> Hear(const Candidates& candidates, Submission& submission,
                             DocumentNumber except, const DocumentFetcher& fetch);

// The family of a cluster as it stands, or that of its one text. Without texts where the cluster
// is gone.
FamilyRecord FamilyOf(const State& state, ClusterId cluster);

// The families that a text belongs to.
struct Kin {
  std::vector<FamilyRecord> families;     // together at most kMaxFamilyTexts with the text itself
  std::optional<FamilyRecord> too_large;  // in place of them: the strongest one
  bool truncated = false;                 // others did not fit
};

// The clusters of the verdicts "may be kin", in their order.
std::vector<ClusterId> MayBeKin(const std::vector<Verdict>& verdicts);

// Of the families of those clusters, the strongest first, the ones with a text that the submission
// was judged the same article with, as far as they fit. Judges it with all their texts, and these
// with each other; notes the former in `told`.
absl::StatusOr<Kin> FindKin(const std::vector<ClusterId>& clusters,
                            const std::function<FamilyRecord(ClusterId)>& family_of,
                            Submission& submission, const DocumentFetcher& fetch,
                            std::vector<DocumentNumber>* told);

// What editors said of the version that the submission replaces holds for the submission: the
// families of those whom they named are kin, too, as far as they fit.
void AddNamedKin(absl::Span<const PairWord> words,
                 const std::function<FamilyRecord(DocumentNumber)>& family_of, Kin* kin);

// The family of a text, numbered `number`, with its kin, and what was said of it.
// REQUIRES: FindKin.
absl::StatusOr<FamilyRecord> FamilyWith(const Kin& kin, absl::Span<const PairWord> words,
                                        DocumentNumber number, Submission& submission,
                                        const DocumentFetcher& fetch);

// The cluster of a family that is left as it stands with whose texts the submission agrees best,
// if it does so enough; else kNone. REQUIRES: FindKin.
absl::StatusOr<ClusterId> BestBlock(const FamilyRecord& family, Submission& submission,
                                    const DocumentFetcher& fetch);

}  // namespace wonbon
