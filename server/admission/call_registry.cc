#include "server/admission/call_registry.h"

#include <vector>

#include "server/limits.h"
#include "server/message/status.h"

namespace wonbon::server {

absl::Status CallRegistry::Enter() {
  absl::MutexLock lock(&mutex_);
  if (draining_) return Draining();
  ++calls_;
  return absl::OkStatus();
}

void CallRegistry::Leave() {
  absl::MutexLock lock(&mutex_);
  --calls_;
}

absl::Status CallRegistry::Enter(const std::shared_ptr<OpenStream>& stream) {
  absl::MutexLock lock(&mutex_);
  if (draining_) return Draining();
  if (streams_.size() >= kMaxOpenStreams) {
    return Overloaded(ErrorReason::kTooManyStreams, "too many open streams");
  }
  ++calls_;
  streams_.emplace(stream.get(), stream);
  return absl::OkStatus();
}

void CallRegistry::Leave(OpenStream* stream) {
  absl::MutexLock lock(&mutex_);
  --calls_;
  streams_.erase(stream);
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

bool CallRegistry::WaitUntilIdle(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(this, &CallRegistry::Idle), timeout);
}

size_t CallRegistry::streams() const {
  absl::MutexLock lock(&mutex_);
  return streams_.size();
}

}  // namespace wonbon::server
