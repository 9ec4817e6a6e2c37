// Engine: the decision that Submit would give.
#include "core/engine/parts.h"

namespace wonbon {

absl::StatusOr<Decision> Engine::Check(Submission& submission, SubmitOptions options) const {
  Prejudge(submission);
  absl::StatusOr<Decision> decision;
  for (int look = 0; look < Parts::kMaxLooks; ++look) {
    bool settled = true;  // the store had what the state names, and nothing newer
    {
      // The state is held still while it is decided; nearly all is judged already.
      absl::ReaderMutexLock lock(&parts_->mutex);
      Group group(&parts_->state, nullptr, parts_->store.get());
      const ArticleSource published = parts_->Source(&group, submission.article);
      const ArticleSource source = [&](DocumentNumber number) {
        absl::StatusOr<std::shared_ptr<const Article>> article = published(number);
        if (absl::IsNotFound(article.status())) settled = false;
        return article;
      };
      decision = CommitSubmission(parts_->Context(group, source), submission, CommitMode::kCheck);
      if (absl::IsNotFound(decision.status())) settled = false;
      if (parts_->store->last_sequence() != parts_->publication.published()) settled = false;
    }
    if (settled || !parts_->publication.Await()) break;
  }
  if (decision.ok() && options.canonical_body) {
    if (absl::Status status = parts_->FillBody(&*decision); !status.ok()) return status;
  }
  return decision;
}

}  // namespace wonbon
