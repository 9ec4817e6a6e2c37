#include "core/cluster/kinship.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "core/check.h"
#include "core/limits.h"

namespace wonbon {
namespace {

// Of the model's probability: below, hardly any text of the family is judged otherwise.
constexpr double kNearMissScore = 0.05;

void Note(DocumentNumber number, std::vector<DocumentNumber>* told) {
  if (std::find(told->begin(), told->end(), number) == told->end()) told->push_back(number);
}

// A pair that shares too little for one article, whatever shares more with both.
bool IsNearMiss(const Judgement& judgement) {
  return judgement.rule == Rule::kLittleShared ||
         (judgement.rule == Rule::kModel && judgement.score >= kNearMissScore);
}

absl::StatusOr<PairWeight> WeighWith(DocumentNumber text, Submission& submission,
                                     const DocumentFetcher& fetch) {
  const absl::StatusOr<const JudgedPair*> pair =
      submission.judgements.Of(submission.prepared->profile, text, fetch);
  if (!pair.ok()) return pair.status();
  PairWeight weight =
      WeighPair((*pair)->judgement, submission.prepared->profile.distinct_shingles);
  if (weight.score != kGuardedPair || submission.corrects == DocumentNumber::kNone) return weight;
  const absl::StatusOr<PairWeight> before =
      submission.judgements.Between(submission.corrects, text, fetch);
  if (!before.ok()) return before.status();
  if (Connects(before->score)) weight.score = before->score;
  return weight;
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
      if (!judgement.same_article() && !IsNearMiss(judgement)) continue;
      verdict.may_be_kin = true;
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

FamilyRecord FamilyOf(const State& state, ClusterId cluster) {
  if (const FamilyRecord* family = state.FindFamily(cluster)) return *family;
  FamilyRecord alone;
  const FoundCluster found = state.FindCluster(cluster);
  if (!found) return alone;
  alone.collection = found->record.collection;
  alone.texts.push_back({.number = found->members.front(), .cluster = cluster});
  return alone;
}

std::vector<ClusterId> MayBeKin(const std::vector<Verdict>& verdicts) {
  std::vector<ClusterId> clusters;
  for (const Verdict& verdict : verdicts) {
    if (verdict.may_be_kin) clusters.push_back(verdict.cluster);
  }
  return clusters;
}

absl::StatusOr<Kin> FindKin(const std::vector<ClusterId>& clusters,
                            const std::function<FamilyRecord(ClusterId)>& family_of,
                            Submission& submission, const DocumentFetcher& fetch,
                            std::vector<DocumentNumber>* told) {
  Kin kin;
  size_t texts = 1;
  std::vector<DocumentNumber> known;  // families, by their numbers
  for (const ClusterId cluster : clusters) {
    FamilyRecord family = family_of(cluster);
    if (family.texts.empty()) continue;
    if (std::find(known.begin(), known.end(), family.number()) != known.end()) continue;
    known.push_back(family.number());
    bool connects = false;
    for (const FamilyText& text : family.texts) {
      const absl::StatusOr<PairWeight> pair = WeighWith(text.number, submission, fetch);
      if (!pair.ok()) return pair.status();
      connects |= Connects(pair->score);
      Note(text.number, told);
    }
    if (!connects) continue;
    if (family.full || texts + family.texts.size() > kMaxFamilyTexts) {
      kin.truncated = true;
      if (!kin.families.empty()) continue;
      kin.too_large = std::move(family);
      return kin;
    }
    texts += family.texts.size();
    kin.families.push_back(std::move(family));
  }
  if (kin.families.size() < 2) return kin;
  const absl::StatusOr<FamilyRecord> judged =
      Unite(kin.families, [&](DocumentNumber text, DocumentNumber older) {
        return submission.judgements.Between(text, older, fetch);
      });
  if (!judged.ok()) return judged.status();
  return kin;
}

void AddNamedKin(absl::Span<const PairWord> words,
                 const std::function<FamilyRecord(DocumentNumber)>& family_of, Kin* kin) {
  size_t texts = 1;
  for (const FamilyRecord& family : kin->families) texts += family.texts.size();
  for (const PairWord& word : words) {
    FamilyRecord family = family_of(word.text);
    const bool known = std::any_of(
        kin->families.begin(), kin->families.end(),
        [&family](const FamilyRecord& other) { return other.number() == family.number(); });
    if (known || family.full || texts + family.texts.size() > kMaxFamilyTexts) continue;
    texts += family.texts.size();
    kin->families.push_back(std::move(family));
  }
}

absl::StatusOr<FamilyRecord> FamilyWith(const Kin& kin, absl::Span<const PairWord> words,
                                        DocumentNumber number, Submission& submission,
                                        const DocumentFetcher& fetch) {
  std::vector<FamilyRecord> families = kin.families;
  families.push_back({.collection = submission.collection,
                      .texts = {{.number = number, .cluster = ClusterId::kNone}},
                      .scores = {},
                      .shared = {}});
  const auto judge = [&](DocumentNumber text,
                         DocumentNumber older) -> absl::StatusOr<PairWeight> {
    if (text != number) return submission.judgements.Between(text, older, fetch);
    absl::StatusOr<PairWeight> weight = WeighWith(older, submission, fetch);
    for (const PairWord& word : words) {
      if (weight.ok() && word.text == older) weight->score = word.word;
    }
    return weight;
  };
  return Unite(families, judge);
}

absl::StatusOr<ClusterId> BestBlock(const FamilyRecord& family, Submission& submission,
                                    const DocumentFetcher& fetch) {
  struct Sum {
    int64_t scores = 0;
    int64_t texts = 0;
  };
  std::map<ClusterId, Sum> sums;
  for (const FamilyText& text : family.texts) {
    const absl::StatusOr<PairWeight> pair = WeighWith(text.number, submission, fetch);
    if (!pair.ok()) return pair.status();
    Sum& sum = sums[text.cluster];
    sum.scores += pair->score;
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
