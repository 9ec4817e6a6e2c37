#include "core/engine/pieces.h"

#include <utility>

#include "absl/synchronization/notification.h"
#include "core/limits.h"

namespace wonbon {

Pieces::Pieces(Committer* committer, Work work)
    : committer_(committer),
      work_(std::move(work)),
      limit_(work_.whole ? RepairJudgements::kNoLimit : committer->max_repair_shingles()),
      judgements_(limit_) {}

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
  const uint64_t judged = judgements_.judged();
  put_off_ = false;
  while (next_ < work_.documents && (work_.whole || next_ - begin_ < kMaxPieceDocuments)) {
    work_.decide(group, next_, judgements_);
    put_off_ = judgements_.wants_more();
    if (put_off_) break;
    judgements_.Clear();
    judgements_.SetLimit(limit_);
    ++next_;
    if (!work_.whole && std::chrono::steady_clock::now() - began > kPieceTime) break;
  }
  work_.judged_pairs->fetch_add(judgements_.judged() - judged, std::memory_order_relaxed);
}

void Pieces::Answer(const absl::Status& status) {
  if (!status.ok()) next_ = work_.documents;
  if (next_ > begin_) work_.written(begin_, next_, status);
  if (next_ == work_.documents) return work_.done();
  committer_->thread().Expect();
  if (put_off_) return JudgeBeside();
  committer_->thread().Continue(NextPiece());
}

void Pieces::JudgeBeside() {
  committer_->side_thread().Post([self = shared_from_this()] {
    self->judgements_.UseRarity(self->committer_->newest_rarity());
    const size_t judged = self->judgements_.JudgeWanted(self->committer_->PublishedFetcher());
    self->work_.judged_pairs->fetch_add(judged, std::memory_order_relaxed);
    // Where nothing comes of it, the commit thread shall see why.
    if (judged == 0 || self->judgements_.exchanges() > kMostExchanges) {
      self->judgements_.SetLimit(RepairJudgements::kNoLimit);
    }
    self->committer_->thread().Continue(self->NextPiece());
  });
}

}  // namespace wonbon
