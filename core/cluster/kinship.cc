#include "core/cluster/kinship.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "core/check.h"
#include "core/cluster/family.h"
#include "core/cluster/partition.h"
#include "core/limits.h"

namespace wonbon {
namespace {

void Note(DocumentNumber number, std::vector<DocumentNumber>* told) {
  if (std::find(told->begin(), told->end(), number) == told->end()) told->push_back(number);
}

absl::StatusOr<int16_t> ScoreWith(DocumentNumber text, Submission& submission,
                                  const DocumentFetcher& fetch) {
  const absl::StatusOr<const JudgedPair*> pair =
      submission.judgements.Of(submission.prepared->profile, text, fetch);
  if (!pair.ok()) return pair.status();
  return PairScore((*pair)->judgement);
}

}  // namespace

absl::StatusOr<Hearing> Hear(const Candidates& candidates, Submission& submission,
                             DocumentNumber except, const DocumentFetcher& fetch) {
  Hearing hearing;
  for (const CandidateCluster& candidate : candidates.clusters) {
    Verdict verdict{.cluster = candidate.id};
    for (const DocumentNumber number : candidate.heard()) {
      if (number == DocumentNumber::kNone || number == except) continue;
      const absl::StatusOr<const JudgedPair*> pair =
          submission.judgements.Of(submission.prepared->profile, number, fetch);
      if (absl::IsNotFound(pair.status())) continue;
      if (!pair.ok()) return pair.status();
      Note(number, &hearing.told);
      const Judgement& judgement = (*pair)->judgement;
      if (!judgement.same_article()) continue;
      verdict.same_article = true;
      verdict.exact |= candidate.exact && number == candidate.closest &&
                       judgement.relation == Relation::kExact;
      verdict.score = std::max(verdict.score, judgement.score);
    }
    hearing.verdicts.push_back(verdict);
  }
  std::sort(hearing.verdicts.begin(), hearing.verdicts.end(),
            [](const Verdict& a, const Verdict& b) {
              return std::tuple(!a.exact, -a.score, a.cluster) <
                     std::tuple(!b.exact, -b.score, b.cluster);
            });
  return hearing;
}

FamilyRecord FamilyOf(const State& state, ClusterId cluster, DocumentNumber except) {
  if (const FamilyRecord* family = state.FindFamily(cluster)) return *family;
  FamilyRecord alone;
  const ClusterState* found = state.FindCluster(cluster);
  if (found == nullptr) return alone;
  alone.collection = found->record.collection;
  for (const DocumentNumber member : found->members) {
    if (member == except) continue;
    alone.texts.push_back({.number = member, .cluster = cluster});
    break;
  }
  return alone;
}

std::vector<ClusterId> SameArticle(const std::vector<Verdict>& verdicts) {
  std::vector<ClusterId> clusters;
  for (const Verdict& verdict : verdicts) {
    if (verdict.same_article) clusters.push_back(verdict.cluster);
  }
  return clusters;
}

Kin ChooseKin(const std::vector<ClusterId>& clusters,
              const std::function<FamilyRecord(ClusterId)>& family_of) {
  Kin kin;
  size_t texts = 1;
  for (const ClusterId cluster : clusters) {
    FamilyRecord family = family_of(cluster);
    if (family.texts.empty()) continue;
    const bool known = std::any_of(kin.families.begin(), kin.families.end(),
                                   [&family](const FamilyRecord& other) {
                                     return other.number() == family.number();
                                   });
    if (known) continue;
    if (family.full || texts + family.texts.size() > kMaxFamilyTexts) {
      kin.truncated = true;
      if (kin.families.empty()) {
        kin.too_large = std::move(family);
        return kin;
      }
      continue;
    }
    texts += family.texts.size();
    kin.families.push_back(std::move(family));
  }
  return kin;
}

absl::Status JudgeKin(const Kin& kin, Submission& submission, const DocumentFetcher& fetch,
                      std::vector<DocumentNumber>* told) {
  const auto judge_with = [&](const FamilyRecord& family) -> absl::Status {
    for (const FamilyText& text : family.texts) {
      const absl::StatusOr<int16_t> score = ScoreWith(text.number, submission, fetch);
      if (!score.ok()) return score.status();
      Note(text.number, told);
    }
    return absl::OkStatus();
  };
  if (kin.too_large.has_value()) return judge_with(*kin.too_large);
  for (const FamilyRecord& family : kin.families) {
    if (absl::Status status = judge_with(family); !status.ok()) return status;
  }
  if (kin.families.size() < 2) return absl::OkStatus();
  return Unite(kin.families,
               [&](DocumentNumber text, DocumentNumber older) {
                 return submission.judgements.Between(text, older, fetch);
               })
      .status();
}

absl::StatusOr<FamilyRecord> FamilyWith(const Kin& kin, DocumentNumber number,
                                        Submission& submission, const DocumentFetcher& fetch) {
  std::vector<FamilyRecord> families = kin.families;
  families.push_back({.collection = submission.collection,
                      .texts = {{.number = number, .cluster = ClusterId::kNone}},
                      .scores = {}});
  return Unite(families, [&](DocumentNumber text, DocumentNumber older) {
    return text == number ? ScoreWith(older, submission, fetch)
                          : submission.judgements.Between(text, older, fetch);
  });
}

absl::StatusOr<ClusterId> BestBlock(const FamilyRecord& family, Submission& submission,
                                    const DocumentFetcher& fetch) {
  struct Sum {
    int64_t scores = 0;
    int64_t texts = 0;
  };
  std::map<ClusterId, Sum> sums;
  for (const FamilyText& text : family.texts) {
    const absl::StatusOr<int16_t> score = ScoreWith(text.number, submission, fetch);
    if (!score.ok()) return score.status();
    Sum& sum = sums[text.cluster];
    sum.scores += *score;
    ++sum.texts;
  }
  ClusterId best = ClusterId::kNone;
  for (const auto& [cluster, sum] : sums) {
    if (sum.scores < kJoiningScore * sum.texts) continue;
    if (best != ClusterId::kNone &&
        sum.scores * sums[best].texts <= sums[best].scores * sum.texts) {
      continue;
    }
    best = cluster;
  }
  return best;
}

}  // namespace wonbon
