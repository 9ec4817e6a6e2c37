#include "core/cluster/judgements.h"

#include <utility>

namespace wonbon {

void Judgements::UseRarity(std::shared_ptr<const Rarity> rarity) {
  if (rarity_ != rarity) {
    pairs_.clear();
    between_.clear();
  }
  rarity_ = std::move(rarity);
}

absl::StatusOr<const JudgedPair*> Judgements::Of(const Profile& submitted, DocumentNumber earlier,
                                                 const DocumentFetcher& fetch) {
  const auto found = pairs_.find(earlier);
  if (found != pairs_.end()) return &found->second;
  absl::StatusOr<std::shared_ptr<const PreparedDocument>> prepared = fetch(earlier);
  if (!prepared.ok()) return prepared.status();
  Judgement judgement = Judge(submitted, (*prepared)->profile, *rarity_);
  ++judged_;
  return &pairs_.insert_or_assign(earlier, JudgedPair{*std::move(prepared), judgement})
              .first->second;
}

absl::StatusOr<PairWeight> Judgements::Between(DocumentNumber document, DocumentNumber earlier,
                                               const DocumentFetcher& fetch) {
  const auto found = between_.find(std::pair(document, earlier));
  if (found != between_.end()) return found->second;
  const absl::StatusOr<std::shared_ptr<const PreparedDocument>> first = fetch(document);
  if (!first.ok()) return first.status();
  const absl::StatusOr<std::shared_ptr<const PreparedDocument>> second = fetch(earlier);
  if (!second.ok()) return second.status();
  const PairWeight weight =
      WeighPair(Judge((*first)->profile, (*second)->profile, *rarity_),
                (*first)->profile.distinct_shingles);
  ++judged_;
  between_[std::pair(document, earlier)] = weight;
  return weight;
}

}  // namespace wonbon
