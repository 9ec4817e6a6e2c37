#include "core/engine/pieces.h"

#include <utility>

#include "absl/synchronization/notification.h"
#include "core/limits.h"

namespace wonbon {

Pieces::Pieces(Committer* committer, Work work) : committer_(committer), work_(std::move(work)) {}

absl::Status Pieces::Enqueue(Committer* committer, Work work) {
  const std::shared_ptr<Pieces> pieces(new Pieces(committer, std::move(work)));
  return committer->thread().Enqueue(pieces->NextPiece());
}

absl::Status Pieces::Run(Committer* committer, Work work) {
  absl::Notification done;
  work.done = [&done] { done.Notify(); };
  if (absl::Status status = Enqueue(committer, std::move(work)); !status.ok()) return status;
  done.WaitForNotification();
  return absl::OkStatus();
}

CommitThread::Command Pieces::NextPiece() {
  const size_t left = work_.documents - next_;
  begin_ = next_;
  return {.documents = left,
          .piece = work_.whole ? left : kMaxPieceDocuments,
          .single = work_.waiting.single,
          // What was begun is finished.
          .wanted = next_ == 0 ? work_.waiting.wanted : nullptr,
          .run = [self = shared_from_this()](CommitGroup& group) { self->Decide(group); },
          .answer = [self = shared_from_this()](
                        const absl::Status& status) { self->Answer(status); }};
}

void Pieces::Decide(CommitGroup& group) {
  const auto began = std::chrono::steady_clock::now();
  while (next_ < work_.documents && (work_.whole || next_ - begin_ < kMaxPieceDocuments)) {
    work_.decide(group, next_++);
    if (!work_.whole && std::chrono::steady_clock::now() - began > kPieceTime) break;
  }
}

void Pieces::Answer(const absl::Status& status) {
  if (!status.ok()) next_ = work_.documents;
  if (next_ > begin_) work_.written(begin_, next_, status);
  if (next_ == work_.documents) return work_.done();
  committer_->thread().Expect();
  committer_->thread().Continue(NextPiece());
}

}  // namespace wonbon
