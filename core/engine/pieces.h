// A command on documents, run in pieces where they are many: each has a group of changes to itself
// and to those who came meanwhile, and the next piece queues behind all of them. A document whose
// going needs more judgements than the commit thread may make (core/cluster/repair_judgements.h)
// waits until they were made beside it, and nobody else does.
//
// Belongs to the commit thread, once it is enqueued.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "core/cluster/repair_judgements.h"
#include "core/engine/committer.h"

namespace wonbon {

// A piece ends with the document that brings it past this, or with kMaxPieceDocuments.
inline constexpr std::chrono::milliseconds kPieceTime{10};
// Times that frequencies are exchanged before what was judged beside the commit thread is used:
// from then on it judges itself, however long that takes, so that every command has an end.
inline constexpr int kMostExchanges = 8;

class Pieces : public std::enable_shared_from_this<Pieces> {
 public:
  struct Work {
    size_t documents = 0;
    bool whole = false;  // in one piece
    Waiting waiting = {};
    // Decides on a document, the `i`th, and applies that; once for each. But where the repairs
    // want_more it does nothing, and is called for this one again when they were judged.
    std::function<void(CommitGroup&, size_t i, RepairJudgements&)> decide;
    // Documents from `begin` on to `end` are written, or were given up: then those behind them are
    // not tried, and `end` is the last.
    std::function<void(size_t begin, size_t end, const absl::Status&)> written;
    std::function<void()> done;  // once, after the last
    std::atomic<uint64_t>* judged_pairs = nullptr;
  };

  // Errors as CommitThread::Enqueue; nothing is called then.
  static absl::Status Enqueue(Committer* committer, Work work);
  // Enqueue, then waits for the end.
  static absl::Status Run(Committer* committer, Work work);

 private:
  Pieces(Committer* committer, Work work);
  CommitThread::Command NextPiece();
  void Decide(CommitGroup& group);
  void Answer(const absl::Status& status);
  void JudgeBeside();

  Committer* const committer_;
  const Work work_;
  const uint64_t limit_;  // of judgements_, unless it is lifted
  RepairJudgements judgements_;
  size_t begin_ = 0;  // of the piece
  size_t next_ = 0;   // decided: those before it
  bool put_off_ = false;  // the next one wants judgements
};

}  // namespace wonbon
