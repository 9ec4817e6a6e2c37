// Which calls are open: so that a drain can refuse new ones, end the streams that would stay for
// ever, and know when the last one is done.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
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
  // The place of one open call; it leaves when this is destroyed.
  class Entry {
   public:
    Entry() = default;
    Entry(Entry&& other) noexcept
        : registry_(std::exchange(other.registry_, nullptr)),
          stream_(std::exchange(other.stream_, nullptr)) {}
    Entry& operator=(Entry&& other) noexcept {
      std::swap(registry_, other.registry_);
      std::swap(stream_, other.stream_);
      return *this;
    }
    ~Entry() {
      if (registry_ != nullptr) registry_->Leave(stream_);
    }

   private:
    friend class CallRegistry;
    Entry(CallRegistry* registry, OpenStream* stream) : registry_(registry), stream_(stream) {}

    CallRegistry* registry_ = nullptr;
    OpenStream* stream_ = nullptr;
  };

  // A call begins; `stream` is null for one that ends by itself. UNAVAILABLE while draining,
  // RESOURCE_EXHAUSTED past kMaxOpenStreams.
  absl::StatusOr<Entry> Enter(const std::shared_ptr<OpenStream>& stream);

  // Refuses new calls from now on and asks the open streams to finish.
  void Drain();
  // True once no call is open; false where that took longer than `timeout`, by the monotonic clock.
  bool WaitUntilIdle(absl::Duration timeout) const;

  size_t streams() const;

 private:
  void Leave(OpenStream* stream);
  bool Idle() const;

  mutable absl::Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  size_t calls_ ABSL_GUARDED_BY(mutex_) = 0;  // streams included
  std::unordered_map<OpenStream*, std::weak_ptr<OpenStream>> streams_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace wonbon::server
