#include "server/admission/pool.h"

#include <algorithm>
#include <utility>

#include "server/limits.h"

namespace wonbon::server {
namespace {

std::chrono::nanoseconds MaxDelay(WorkKind kind) {
  return absl::ToChronoNanoseconds(kind == WorkKind::kBulk ? kMaxBulkQueueDelay : kMaxQueueDelay);
}

}  // namespace

WorkerPool::WorkerPool(Options options)
    : max_queued_requests_(options.max_queued_requests),
      max_running_bulk_(std::max<size_t>(options.threads, 1)) {
  const size_t count = max_running_bulk_ + 1;
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

WorkerPool::Place WorkerPool::PlaceFor(Lane lane, MonotonicTime deadline) const {
  if (queue_.requests() >= max_queued_requests_ ||
      queue_.requests_of(lane) >= std::max<size_t>(max_queued_requests_ / kQueueShares, 1)) {
    return Place::kNoRoom;
  }
  const MonotonicTime now = MonotonicNow();
  const auto wait = queue_.ExpectedWait(lane, 1, now);
  if (wait > deadline - now) return Place::kTooLate;
  return wait > MaxDelay(lane.kind) ? Place::kNoRoom : Place::kQueued;
}

WorkerPool::Place WorkerPool::TryBegin(Lane lane, MonotonicTime deadline, Task task) {
  absl::MutexLock lock(&mutex_);
  const Place place = PlaceFor(lane, deadline);
  if (place == Place::kQueued) queue_.Push(lane, std::move(task), /*request=*/true);
  return place;
}

void WorkerPool::Continue(Lane lane, Task task) {
  absl::MutexLock lock(&mutex_);
  queue_.Push(lane, std::move(task), /*request=*/false);
}

bool WorkerPool::CanFinish(Lane lane, size_t steps, MonotonicTime deadline) const {
  if (deadline == MonotonicTime::max() || steps == 0) return true;
  absl::MutexLock lock(&mutex_);
  const MonotonicTime now = MonotonicNow();
  return queue_.ExpectedWait(lane, steps, now) <= deadline - now;
}

size_t WorkerPool::queued_requests() const {
  absl::MutexLock lock(&mutex_);
  return queue_.requests();
}

void WorkerPool::Work() {
  mutex_.Lock();
  while (true) {
    mutex_.Await(absl::Condition(this, &WorkerPool::HasWork));
    if (!queue_.Has(BulkMayRun())) break;  // closing; what bulk is left another thread takes
    MonotonicTime now = MonotonicNow();
    FairQueue::Taken taken = queue_.Pop(BulkMayRun(), now);
    const bool bulk = taken.lane.kind == WorkKind::kBulk;
    if (bulk) ++running_bulk_;
    mutex_.Unlock();
    taken.task();
    taken.task = nullptr;  // what it holds may take long to go
    const auto took = MonotonicNow() - now;
    mutex_.Lock();
    if (bulk) --running_bulk_;
    queue_.Finished(taken, took);
  }
  mutex_.Unlock();
}

}  // namespace wonbon::server
