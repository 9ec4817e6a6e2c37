// The server's own threads: everything that costs more than a microsecond runs here, so that gRPC's
// threads only move bytes and the commit thread only commits.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace wonbon::server {

// Thread-safe. Two queues: new requests, whose number is bounded, and the next steps of requests
// that were accepted before, which go first and are bounded by those.
class WorkerPool {
 public:
  using Task = std::function<void()>;
  struct Options {
    size_t threads = 1;
    size_t max_queued_requests = 1;
  };

  explicit WorkerPool(Options options);
  // Runs what is queued, then joins the threads. No task may be added any more.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Queues the first step of a request; false, and nothing happens, where the queue is full.
  bool TryBegin(Task task);
  // Queues a further step of an accepted request. Never refuses.
  void Continue(Task task);

  size_t queued_requests() const;

 private:
  void Work();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return closing_ || !continued_.empty() || !begun_.empty();
  }

  const size_t max_queued_requests_;
  mutable absl::Mutex mutex_;
  std::deque<Task> continued_ ABSL_GUARDED_BY(mutex_);
  std::deque<Task> begun_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace wonbon::server
