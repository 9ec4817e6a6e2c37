#include "server/admission/call_registry.h"

#include <thread>
#include <vector>

#include "server/limits.h"
#include "server/message/status.h"
#include "server/monotonic.h"

namespace wonbon::server {

absl::StatusOr<CallRegistry::Entry> CallRegistry::Enter(const std::shared_ptr<OpenStream>& stream) {
  absl::MutexLock lock(&mutex_);
  if (draining_) return Draining();
  if (stream != nullptr) {
    if (streams_.size() >= kMaxOpenStreams) {
      return Overloaded(ErrorReason::kTooManyStreams, "too many open streams");
    }
    streams_.emplace(stream.get(), stream);
  }
  ++calls_;
  return Entry(this, stream.get());
}

void CallRegistry::Leave(OpenStream* stream) {
  absl::MutexLock lock(&mutex_);
  --calls_;
  if (stream != nullptr) streams_.erase(stream);
}

void CallRegistry::Drain() {
  std::vector<std::shared_ptr<OpenStream>> open;
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
    for (const auto& [key, stream] : streams_) {
      if (auto alive = stream.lock()) open.push_back(std::move(alive));
    }
  }
  for (const auto& stream : open) stream->Drain();
}

// Looks again and again: absl::Mutex waits with a timeout by the wall clock, which may be set while
// it waits; a sleep goes by the monotonic one.
bool CallRegistry::WaitUntilIdle(absl::Duration timeout) const {
  const MonotonicTime began = MonotonicNow();
  while (!Idle()) {
    if (Since(began) >= timeout) return false;
    std::this_thread::sleep_for(absl::ToChronoMicroseconds(kDrainPoll));
  }
  return true;
}

bool CallRegistry::Idle() const {
  absl::MutexLock lock(&mutex_);
  return calls_ == 0;
}

size_t CallRegistry::streams() const {
  absl::MutexLock lock(&mutex_);
  return streams_.size();
}

}  // namespace wonbon::server
