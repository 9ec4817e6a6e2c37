#include "core/cluster/judgements.h"

#include <utility>

namespace wonbon {

absl::StatusOr<Judgement> JudgeStored(DocumentNumber document, DocumentNumber earlier,
                                      const Rarity& rarity, const ArticleSource& source) {
  const absl::StatusOr<std::shared_ptr<const Article>> first = source(document);
  if (!first.ok()) return first.status();
  const absl::StatusOr<std::shared_ptr<const Article>> second = source(earlier);
  if (!second.ok()) return second.status();
  return Judge((*first)->profile, (*second)->profile, rarity);
}

void Judgements::UseRarity(std::shared_ptr<const Rarity> rarity) {
  if (rarity_ != rarity) pairs_.clear();
  rarity_ = std::move(rarity);
}

absl::StatusOr<const JudgedPair*> Judgements::Of(const Profile& submitted, DocumentNumber earlier,
                                                 const ArticleSource& source) {
  const auto found = pairs_.find(earlier);
  if (found != pairs_.end()) return &found->second;
  absl::StatusOr<std::shared_ptr<const Article>> article = source(earlier);
  if (!article.ok()) return article.status();
  Judgement judgement = Judge(submitted, (*article)->profile, *rarity_);
  ++judged_;
  return &pairs_.insert_or_assign(earlier, JudgedPair{*std::move(article), std::move(judgement)})
              .first->second;
}

}  // namespace wonbon
