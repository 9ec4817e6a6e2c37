// Wakes WatchClusters calls when their collection has new events, or when it is time for a sign of
// life.
//
// Thread-safe. One thread of its own; the commit thread only leaves numbers here.
#pragma once

#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/engine.h"
#include "server/monotonic.h"

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

  struct Waiting {
    std::weak_ptr<Watcher> watcher;
    Sequence seen = 0;
    MonotonicTime heartbeat_at;
  };
  // Wakes the watcher once: when the collection has events past `seen`, or at `heartbeat_at`,
  // whichever comes first. A watcher that is gone by then is forgotten.
  void WaitFor(CollectionNumber collection, Waiting waiting);

  // Wakes those whose heartbeat is due; to be called every kWatchTick.
  void WakeForHeartbeats();

 private:
  void Heard(const Engine::Commit& commit);
  void Work();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return closing_ || work_; }
  Sequence LatestOf(CollectionNumber collection) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<std::weak_ptr<Watcher>> TakeDue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Engine& engine_;
  mutable absl::Mutex mutex_;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  bool work_ ABSL_GUARDED_BY(mutex_) = false;  // somebody may have to be woken
  // The newest commit with events, by collection; floor_ for those not in it.
  std::unordered_map<CollectionNumber, Sequence> latest_ ABSL_GUARDED_BY(mutex_);
  Sequence floor_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unordered_map<CollectionNumber, std::vector<Waiting>> waiting_ ABSL_GUARDED_BY(mutex_);
  uint64_t ticket_ = 0;
  std::thread thread_;
};

}  // namespace wonbon::server
