// Engine: the decision that Submit would give.
#include "core/engine/parts.h"

namespace wonbon {

absl::StatusOr<Decision> Engine::Check(Submission& submission, SubmitOptions options) const {
  Prejudge(submission);
  absl::StatusOr<Decision> decision;
  {
    // The state is held still while it is decided; nearly all is judged already.
    const Published::Reader reader(parts_->published);
    Group group(&parts_->published);
    const ArticleSource source =
        parts_->SourceOf(reader.moment().store, &group, submission.article);
    decision = DecideCheck(parts_->Context(group, source), submission);
    // One that would stand for its cluster itself is not in the store.
    if (decision.ok() && options.canonical_body &&
        decision->canonical.number != submission.article->number) {
      decision->canonical_body = BodyPlace{.store = reader.moment().store, .packed = ""};
    }
  }
  if (!decision.ok()) return decision;
  if (absl::Status status = FillBody(&*decision); !status.ok()) return status;
  return decision;
}

}  // namespace wonbon
