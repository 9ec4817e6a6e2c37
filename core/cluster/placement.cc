#include "core/cluster/placement.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "core/limits.h"

namespace wonbon {
namespace {

// Passages, however long, tell less than one form or a whole article inside another.
double LinkStrength(const Match& match) {
  const bool passages = match.relation == Relation::kOverlap || match.relation == Relation::kUnique;
  return std::max({match.jaccard, match.containment, match.containment_in}) - (passages ? 1 : 0);
}

bool IsStrongerMatch(const Match& a, const Match& b) {
  return std::tuple(a.relation != Relation::kExact, -a.score, a.number) <
         std::tuple(b.relation != Relation::kExact, -b.score, b.number);
}

bool IsStrongerLink(const Match& a, const Match& b) {
  return std::tuple(-LinkStrength(a), a.number) < std::tuple(-LinkStrength(b), b.number);
}

}  // namespace

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

absl::StatusOr<Placement> Place(const std::vector<DocumentNumber>& told, Submission& submission,
                                ClusterId own_cluster,
                                const std::function<ClusterId(DocumentNumber)>& cluster_of,
                                const DocumentFetcher& fetch) {
  Placement placement;
  std::map<ClusterId, Match> strongest;  // of other clusters
  for (const DocumentNumber number : told) {
    const absl::StatusOr<const JudgedPair*> pair =
        submission.judgements.Of(submission.prepared->profile, number, fetch);
    if (absl::IsNotFound(pair.status())) continue;
    if (!pair.ok()) return pair.status();
    Match match = MatchOf(**pair, cluster_of(number));
    if (match.cluster == own_cluster) {
      placement.matches.push_back(std::move(match));
      continue;
    }
    const auto [link, is_new] = strongest.try_emplace(match.cluster, match);
    if (!is_new && IsStrongerLink(match, link->second)) link->second = std::move(match);
  }
  for (auto& [cluster, link] : strongest) {
    if (link.relation == Relation::kUnique) continue;
    link.relation = RelationOfLink(link.relation);
    placement.links.push_back(std::move(link));
  }
  std::sort(placement.matches.begin(), placement.matches.end(), IsStrongerMatch);
  std::sort(placement.links.begin(), placement.links.end(), IsStrongerLink);
  const auto joining =
      std::find_if(placement.matches.begin(), placement.matches.end(),
                   [](const Match& match) { return Joins(match.relation); });
  if (joining != placement.matches.end()) {
    placement.relation = joining->relation;
    placement.best = joining->number;
  } else if (!placement.links.empty()) {
    placement.relation = placement.links.front().relation;
  }
  if (placement.matches.size() > kMaxMatches) placement.matches.resize(kMaxMatches);
  if (placement.links.size() > kMaxLinks) placement.links.resize(kMaxLinks);
  return placement;
}

}  // namespace wonbon
