#include "core/engine/errands.h"

#include <utility>

namespace wonbon {

Errands::Errands() : thread_([this] { Work(); }) {}

Errands::~Errands() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  thread_.join();
}

void Errands::Do(std::function<void()> errand) {
  absl::MutexLock lock(&mutex_);
  errands_.push_back(std::move(errand));
}

void Errands::Await() {
  absl::MutexLock lock(&mutex_);
  const auto done = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return errands_.empty(); };
  mutex_.Await(absl::Condition(&done));
}

void Errands::Work() {
  const auto wanted = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !errands_.empty() || ending_;
  };
  absl::MutexLock lock(&mutex_);
  while (true) {
    mutex_.Await(absl::Condition(&wanted));
    if (errands_.empty()) return;
    const std::function<void()>& errand = errands_.front();  // push_back moves none
    mutex_.Unlock();
    errand();
    mutex_.Lock();
    errands_.pop_front();
  }
}

}  // namespace wonbon
