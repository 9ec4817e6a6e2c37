#include "core/engine/side_thread.h"

#include <utility>

namespace wonbon {

SideThread::SideThread() : thread_([this] { Loop(); }) {}

SideThread::~SideThread() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  thread_.join();
}

void SideThread::Post(std::function<void()> step) {
  absl::MutexLock lock(&mutex_);
  steps_.push_back(std::move(step));
}

std::function<void()> SideThread::Take() {
  absl::MutexLock lock(&mutex_);
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !steps_.empty() || ending_;
  };
  mutex_.Await(absl::Condition(&ready));
  if (steps_.empty()) return nullptr;
  std::function<void()> step = std::move(steps_.front());
  steps_.pop_front();
  return step;
}

void SideThread::Loop() {
  for (std::function<void()> step = Take(); step; step = Take()) step();
}

}  // namespace wonbon
