// A thread that does what it is given, one after the other: what the commit thread need not wait
// for. Thread-safe. Destruction does what is left.
#pragma once

#include <deque>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace wonbon {

class Errands {
 public:
  Errands();
  ~Errands();
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;

  void Do(std::function<void()> errand);
  // Until all that was given so far is done.
  void Await();

 private:
  void Work();

  absl::Mutex mutex_;
  // The first one is under way; kept until it is done.
  std::deque<std::function<void()>> errands_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace wonbon
