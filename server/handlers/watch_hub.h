// Wakes WatchClusters calls when something was committed, or when it is time for a sign of life.
//
// Thread-safe. One thread of its own; the commit thread only leaves a number here.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/engine.h"

namespace wonbon::server {

// Somebody who waits. Wake() must be quick.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void Wake() = 0;
};

class WatchHub {
 public:
  // `engine` must outlive the hub.
  explicit WatchHub(Engine& engine);
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // Wakes the watcher once: when a commit past `seen` is there, or at `heartbeat_at`, whichever
  // comes first. A watcher that is gone by then is forgotten.
  void WaitFor(std::weak_ptr<Watcher> watcher, Sequence seen, absl::Time heartbeat_at);

  // The newest commit this has heard of.
  Sequence latest() const;

 private:
  struct Waiting {
    std::weak_ptr<Watcher> watcher;
    Sequence seen = 0;
    absl::Time heartbeat_at;
  };

  void Work();
  bool CommitToTell() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<std::weak_ptr<Watcher>> TakeDue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Engine& engine_;
  mutable absl::Mutex mutex_;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  Sequence latest_ ABSL_GUARDED_BY(mutex_) = 0;
  Sequence oldest_seen_ ABSL_GUARDED_BY(mutex_) = ~Sequence{0};  // of those that wait
  std::vector<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  uint64_t ticket_ = 0;
  std::thread thread_;
};

}  // namespace wonbon::server
