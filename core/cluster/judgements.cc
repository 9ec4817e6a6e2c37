#include "core/cluster/judgements.h"

#include <utility>

namespace wonbon {

absl::StatusOr<Judgement> JudgeStored(DocumentNumber document, DocumentNumber earlier,
                                      const Rarity& rarity, const DocumentFetcher& fetch) {
  const absl::StatusOr<std::shared_ptr<const PreparedDocument>> first = fetch(document);
  if (!first.ok()) return first.status();
  const absl::StatusOr<std::shared_ptr<const PreparedDocument>> second = fetch(earlier);
  if (!second.ok()) return second.status();
  return Judge((*first)->profile, (*second)->profile, rarity);
}

void Judgements::UseRarity(std::shared_ptr<const Rarity> rarity) {
  if (rarity_ != rarity) pairs_.clear();
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

}  // namespace wonbon
