// What readers see: one published moment, in memory and in the store alike.
//
// The commit thread publishes a moment after each group of changes that is durable: the memory
// state takes the changes, and beside it lies a snapshot of the store that shows the same changes
// and no later ones. A reader copies what it needs of the state under a short lock, takes the
// snapshot along, lets go, and reads texts through the snapshot: what it answers is of that moment,
// whatever is written meanwhile. It never waits for a write, and nothing that it was told of can be
// gone.
//
// Thread-safe; one thread at a time changes it (the commit thread, or Open before there is one).
#pragma once

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/judge/rarity.h"
#include "core/state/memory_state.h"
#include "core/store/snapshot.h"

namespace wonbon {

// Kept for one call only: the snapshot keeps old versions on disk.
struct Moment {
  Sequence sequence = 0;                       // all changes up to it show
  int64_t time_us = 0;                         // of the last of them
  std::shared_ptr<const StoreSnapshot> store;  // shows the same changes
  std::shared_ptr<const Rarity> rarity;        // what a decision on this moment judges by
};

class Published {
 public:
  // Holds the state still as long as it lives. For work in memory alone: no disk, no text, no
  // judgement, for the commit thread waits to publish.
  class ABSL_SCOPED_LOCKABLE Reader {
   public:
    explicit Reader(const Published& published) ABSL_SHARED_LOCK_FUNCTION(published.mutex_)
        : published_(published) {
      published_.mutex_.ReaderLock();
    }
    ~Reader() ABSL_UNLOCK_FUNCTION() { published_.mutex_.ReaderUnlock(); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    // The analysis does not see that a Reader holds the lock all its life.
    const MemoryState& state() const ABSL_NO_THREAD_SAFETY_ANALYSIS { return published_.state_; }
    const Moment& moment() const ABSL_NO_THREAD_SAFETY_ANALYSIS { return published_.moment_; }

   private:
    const Published& published_;
  };

  // For reads that need no state.
  Moment moment() const {
    absl::ReaderMutexLock lock(&mutex_);
    return moment_;
  }

  // --- For the one thread that changes it -------------------------------------------------------
  // What this thread published last, without the lock: nobody else changes it.
  const MemoryState& latest() const ABSL_NO_THREAD_SAFETY_ANALYSIS { return state_; }
  const Moment& latest_moment() const ABSL_NO_THREAD_SAFETY_ANALYSIS { return moment_; }

  // Changes the state by `change`, the moment to `next`. To be quick: readers wait.
  template <typename Change>
  void Update(Change change) {
    absl::WriterMutexLock lock(&mutex_);
    change(state_);
  }
  template <typename Change>
  void Publish(Change change, Moment next) {
    {
      absl::WriterMutexLock lock(&mutex_);
      change(state_);
      std::swap(moment_, next);
    }
    // The moment before goes with `next`, when the readers who hold it are done.
  }

 private:
  mutable absl::Mutex mutex_;
  MemoryState state_ ABSL_GUARDED_BY(mutex_);
  Moment moment_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace wonbon
