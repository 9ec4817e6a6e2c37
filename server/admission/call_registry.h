// Which calls are open: so that a drain can refuse new ones, end the streams that would stay for
// ever, and know when the last one is done.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace wonbon::server {

// A call that does not end by itself.
class OpenStream {
 public:
  virtual ~OpenStream() = default;
  // Asks the call to finish: what was read is answered, nothing more is read. Any thread.
  virtual void Drain() = 0;
};

// Thread-safe.
class CallRegistry {
 public:
  // A call begins: UNAVAILABLE while draining. Each OK is followed by one Leave.
  absl::Status Enter();
  void Leave();

  // The same for a stream; RESOURCE_EXHAUSTED past kMaxOpenStreams.
  absl::Status Enter(const std::shared_ptr<OpenStream>& stream);
  void Leave(OpenStream* stream);

  // Refuses new calls from now on and asks the open streams to finish.
  void Drain();
  // True once no call is open; false where that took longer than `timeout`.
  bool WaitUntilIdle(absl::Duration timeout);

  size_t streams() const;

 private:
  bool Idle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return calls_ == 0; }

  mutable absl::Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  size_t calls_ ABSL_GUARDED_BY(mutex_) = 0;  // streams included
  std::unordered_map<OpenStream*, std::weak_ptr<OpenStream>> streams_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace wonbon::server
