// One thread beside the commit thread, for what must not hold it up: runs what it is given, in
// order, and ends with the last of it.
//
// Thread-safe. What waits here is bounded by those who post: a command has one step here at a time.
#pragma once

#include <deque>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace wonbon {

class SideThread {
 public:
  SideThread();
  ~SideThread();

  void Post(std::function<void()> step);

 private:
  void Loop();
  std::function<void()> Take();  // empty at the end

  absl::Mutex mutex_;
  std::deque<std::function<void()>> steps_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace wonbon
