// Tells readers how far the published state is behind the store.
//
// A group of changes is in the store a moment before it is published, and in that moment the
// published state may name documents whose records are gone. Nothing stops that: no lock is held
// while the disk works. A reader that finds such a record missing waits here until the group is
// published, then looks again.
//
// Thread-safe. Begin and End belong to the commit thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/record.h"

namespace wonbon {

class Publication {
 public:
  // The fsync is over before a record can be found missing: what is waited for is short.
  static constexpr absl::Duration kMaxWait = absl::Seconds(2);

  // Before a group is written, and after it was published or given up. `published`: the last
  // sequence that the published state contains.
  void Begin() {
    absl::MutexLock lock(&mutex_);
    turn_.fetch_add(1);
  }
  void End(Sequence published) {
    published_ = published;
    absl::MutexLock lock(&mutex_);
    turn_.fetch_add(1);
  }

  // Whoever reads this and then the state finds all changes up to it.
  Sequence published() const { return published_; }
  void set_published(Sequence sequence) { published_ = sequence; }

  // Odd while a group is between Begin and End; never the same again.
  uint64_t turn() const { return turn_; }

  // Returns when the group that is being written now, if there is one, has ended; false where that
  // takes longer than kMaxWait.
  bool Await() const {
    absl::MutexLock lock(&mutex_);
    const uint64_t begun = turn_;
    if (begun % 2 == 0) return true;
    const auto ended = [this, begun] { return turn_ != begun; };
    return mutex_.AwaitWithTimeout(absl::Condition(&ended), kMaxWait);
  }

 private:
  mutable absl::Mutex mutex_;  // held to change turn_, so that those who wait are woken
  std::atomic<uint64_t> turn_{0};
  std::atomic<Sequence> published_{0};
};

}  // namespace wonbon
