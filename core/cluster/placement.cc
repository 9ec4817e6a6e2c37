#include "core/cluster/placement.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/limits.h"

namespace wonbon {
namespace {

// What the judgements say of one candidate cluster.
struct Verdict {
  ClusterId cluster = ClusterId::kNone;
  DocumentNumber canonical = DocumentNumber::kNone;
  DocumentNumber founder = DocumentNumber::kNone;
  DocumentNumber best = DocumentNumber::kNone;
  bool joins = false;
  bool exact = false;
  double score = 0;            // of the best match
  double canonical_score = 0;  // 0 where the canonical is not a copy
  std::vector<Match> matches;  // strongest first
};

// Passages, however long, tell less than one form or a whole article inside another.
double LinkStrength(const Match& match) {
  const bool passages = match.relation == Relation::kOverlap || match.relation == Relation::kUnique;
  return std::max({match.jaccard, match.containment, match.containment_in}) - (passages ? 1 : 0);
}

// Judges the members of one cluster that stand for it.
absl::StatusOr<Verdict> Hear(const CandidateCluster& candidate, Submission& submission,
                             DocumentNumber except, const DocumentFetcher& fetch) {
  Verdict verdict{.cluster = candidate.id,
                  .canonical = candidate.canonical,
                  .founder = candidate.founder};
  bool canonical_agrees = false;
  const auto heard = candidate.heard();
  bool founder_refuses = false;
  for (auto it = heard.begin(); it != heard.end(); ++it) {
    const DocumentNumber number = *it;
    if (number == DocumentNumber::kNone || number == except ||
        std::find(heard.begin(), it, number) != it) {
      continue;
    }
    const absl::StatusOr<const JudgedPair*> pair =
        submission.judgements.Of(submission.prepared->profile, number, fetch);
    if (absl::IsNotFound(pair.status())) continue;
    if (!pair.ok()) return pair.status();
    const Judgement& judgement = (*pair)->judgement;
    const bool is_canonical = number == candidate.canonical;
    if (is_canonical) {
      canonical_agrees = Agrees(judgement);
      if (judgement.same_article()) verdict.canonical_score = judgement.score;
    }
    if (number == candidate.founder) founder_refuses = !judgement.same_article();
    verdict.matches.push_back(MatchOf(**pair, candidate.id));
    const bool exact = judgement.relation == Relation::kExact;
    // A cut copy of the founder cannot drift away: all it says was there from the beginning.
    const bool cut = number == candidate.founder && judgement.rule == Rule::kCutCopy &&
                     judgement.containment >= judgement.containment_in;
    // The version being replaced cannot be asked: then the member's own word counts.
    const bool allowed =
        exact || cut || is_canonical || canonical_agrees || candidate.canonical == except;
    if (!judgement.same_article() || !allowed) continue;
    if (!verdict.joins || std::tuple(exact, judgement.score) >
                              std::tuple(verdict.exact, verdict.score)) {
      verdict.best = number;
      verdict.exact = exact;
      verdict.score = judgement.score;
    }
    verdict.joins = true;
  }
  // What the cluster is about since its beginning, whatever became canonical since.
  if (founder_refuses && !verdict.exact) verdict.joins = false;
  std::stable_sort(verdict.matches.begin(), verdict.matches.end(),
                   [](const Match& a, const Match& b) {
                     return std::tuple(a.relation == Relation::kExact, a.score) >
                            std::tuple(b.relation == Relation::kExact, b.score);
                   });
  return verdict;
}

// The link to a cluster that was not joined: its strongest match.
void AddLink(const Verdict& verdict, std::vector<Match>* links) {
  const auto strongest = std::max_element(
      verdict.matches.begin(), verdict.matches.end(),
      [](const Match& a, const Match& b) { return LinkStrength(a) < LinkStrength(b); });
  if (strongest == verdict.matches.end() || strongest->relation == Relation::kUnique) return;
  Match link = *strongest;
  link.relation = RelationOfLink(link.relation);
  links->push_back(std::move(link));
}

absl::StatusOr<bool> ProvedOne(const Verdict& joined, const Verdict& other,
                               const Submission& submission, DocumentNumber except,
                               const DocumentFetcher& fetch) {
  if (!other.joins || std::min(joined.canonical_score, other.canonical_score) < kMergeScore ||
      joined.canonical == except || other.canonical == except) {
    return false;
  }
  // What the clusters were founded on must be one article too: a round-up that became canonical
  // would otherwise pull its items together.
  const std::pair<DocumentNumber, DocumentNumber> witnesses[] = {
      {joined.canonical, other.canonical},
      {joined.founder, other.founder},
      {joined.founder, other.canonical},
      {joined.canonical, other.founder}};
  for (const auto& [a, b] : witnesses) {
    const absl::StatusOr<Judgement> judgement =
        JudgeStored(a, b, submission.judgements.rarity(), fetch);
    if (!judgement.ok()) return judgement.status();
    if (!judgement->same_article()) return false;
  }
  return true;
}

}  // namespace

bool Agrees(const Judgement& with_canonical) {
  return with_canonical.same_article() || (with_canonical.score >= kCanonicalAgreement &&
                                           with_canonical.relation != Relation::kTemplate);
}

Match MatchOf(const JudgedPair& pair, ClusterId cluster) {
  return {.number = pair.earlier->number,
          .document_id = pair.earlier->content.document.id,
          .cluster = cluster,
          .relation = pair.judgement.relation,
          .jaccard = pair.judgement.jaccard,
          .containment = pair.judgement.containment,
          .containment_in = pair.judgement.containment_in,
          .score = pair.judgement.score};
}

absl::StatusOr<Placement> Place(const Candidates& candidates, Submission& submission,
                                DocumentNumber except, const DocumentFetcher& fetch) {
  Placement placement;
  if (candidates.truncated) placement.flags |= kFlagTruncatedCandidates;
  if (submission.fingerprint.is_short()) placement.flags |= kFlagShortText;

  std::vector<Verdict> verdicts;
  const Verdict* joined = nullptr;
  verdicts.reserve(candidates.clusters.size());
  for (const CandidateCluster& candidate : candidates.clusters) {
    absl::StatusOr<Verdict> verdict = Hear(candidate, submission, except, fetch);
    if (!verdict.ok()) return verdict.status();
    verdicts.push_back(*std::move(verdict));
    const Verdict& last = verdicts.back();
    if (!last.joins) continue;
    if (joined == nullptr || std::tuple(last.exact, last.score, joined->cluster) >
                                 std::tuple(joined->exact, joined->score, last.cluster)) {
      joined = &last;
    }
  }
  for (const Verdict& verdict : verdicts) {
    if (&verdict == joined) continue;
    if (joined != nullptr) {
      absl::StatusOr<bool> one = ProvedOne(*joined, verdict, submission, except, fetch);
      if (!one.ok() && !absl::IsNotFound(one.status())) return one.status();
      if (one.ok() && *one) {
        placement.merges.push_back(verdict.cluster);
        continue;
      }
    }
    AddLink(verdict, &placement.links);
  }
  std::stable_sort(
      placement.links.begin(), placement.links.end(),
      [](const Match& a, const Match& b) { return LinkStrength(a) > LinkStrength(b); });
  if (placement.links.size() > kMaxLinks) placement.links.resize(kMaxLinks);
  if (joined != nullptr) {
    placement.cluster = joined->cluster;
    placement.best = joined->best;
    placement.matches = joined->matches;
    for (const Match& match : joined->matches) {
      if (Joins(match.relation)) {
        placement.relation = match.relation;
        break;
      }
    }
  } else if (!placement.links.empty()) {
    placement.relation = placement.links.front().relation;
  }
  return placement;
}

}  // namespace wonbon
