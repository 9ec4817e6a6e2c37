#include "server/admission/pool.h"

#include <algorithm>
#include <utility>

namespace wonbon::server {

WorkerPool::WorkerPool(Options options) : max_queued_requests_(options.max_queued_requests) {
  const size_t count = std::max<size_t>(options.threads, 1);
  threads_.reserve(count);
  for (size_t i = 0; i < count; ++i) threads_.emplace_back([this] { Work(); });
}

WorkerPool::~WorkerPool() {
  {
    absl::MutexLock lock(&mutex_);
    closing_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::TryBegin(Task task) {
  absl::MutexLock lock(&mutex_);
  if (begun_.size() >= max_queued_requests_) return false;
  begun_.push_back(std::move(task));
  return true;
}

void WorkerPool::Continue(Task task) {
  absl::MutexLock lock(&mutex_);
  continued_.push_back(std::move(task));
}

size_t WorkerPool::queued_requests() const {
  absl::MutexLock lock(&mutex_);
  return begun_.size();
}

void WorkerPool::Work() {
  while (true) {
    Task task;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WorkerPool::HasWork));
      std::deque<Task>& queue = continued_.empty() ? begun_ : continued_;
      if (queue.empty()) return;  // closing, and nothing is left
      task = std::move(queue.front());
      queue.pop_front();
    }
    task();
  }
}

}  // namespace wonbon::server
