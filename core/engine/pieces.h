// A command on documents, run in pieces where they are many: each has a group of changes to itself
// and to those who came meanwhile, and the next piece queues behind all of them.
//
// Belongs to the commit thread, once it is enqueued.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "core/engine/committer.h"

namespace wonbon {

// A piece ends with the document that brings it past this, or with kMaxPieceDocuments.
inline constexpr std::chrono::milliseconds kPieceTime{10};

class Pieces : public std::enable_shared_from_this<Pieces> {
 public:
  struct Work {
    size_t documents = 0;
    bool whole = false;  // in one piece
    Waiting waiting = {};
    // Decides on a document, the `i`th, and applies that; once for each.
    std::function<void(CommitGroup&, size_t i)> decide;
    // Documents from `begin` on to `end` are written, or were given up: then those behind them are
    // not tried, and `end` is the last.
    std::function<void(size_t begin, size_t end, const absl::Status&)> written;
    std::function<void()> done;  // once, after the last
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

  Committer* const committer_;
  const Work work_;
  size_t begin_ = 0;  // of the piece
  size_t next_ = 0;   // decided: those before it
};

}  // namespace wonbon
