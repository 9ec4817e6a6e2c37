// The server's own threads: everything that costs more than a microsecond runs here, so that gRPC's
// threads only move bytes and the commit thread only commits.
#pragma once

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/admission/fair_queue.h"
#include "server/admission/lane.h"
#include "server/monotonic.h"

namespace wonbon::server {

// Thread-safe. What waits is a FairQueue; one thread more than asked for takes no bulk work, so
// that a read never waits for a batch's chunk to end. First steps of requests are refused where
// they would wait too long, further steps never are: they are bounded by the requests.
class WorkerPool {
 public:
  using Task = FairQueue::Task;
  struct Options {
    size_t threads = 1;
    size_t max_queued_requests = 1;
  };
  enum class Place {
    kQueued,
    kNoRoom,   // too many wait, of all connections or of this one, or they wait too long
    kTooLate,  // its deadline would pass before its turn
  };

  explicit WorkerPool(Options options);
  // Runs what is queued, then joins the threads. No task may be added any more.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Queues the first step of a request, or refuses it at once, and nothing happens.
  Place TryBegin(Lane lane, MonotonicTime deadline, Task task);
  // Queues a further step of an accepted request.
  void Continue(Lane lane, Task task);
  // Queues the last one, or what must not wait.
  void Answer(Task task) { Continue({}, std::move(task)); }

  // Whether so many further steps would have their turn before the deadline.
  bool CanFinish(Lane lane, size_t steps, MonotonicTime deadline) const;

  size_t queued_requests() const;

 private:
  void Work();
  Place PlaceFor(Lane lane, MonotonicTime deadline) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool BulkMayRun() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return running_bulk_ < max_running_bulk_;
  }
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return closing_ || queue_.Has(BulkMayRun());
  }

  const size_t max_queued_requests_;
  const size_t max_running_bulk_;
  mutable absl::Mutex mutex_;
  FairQueue queue_ ABSL_GUARDED_BY(mutex_);
  size_t running_bulk_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace wonbon::server
