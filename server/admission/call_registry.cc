#include "server/admission/call_registry.h"

#include <thread>
#include <vector>

#include "server/limits.h"
#include "server/message/status.h"
#include "server/monotonic.h"

namespace wonbon::server {

absl::StatusOr<CallRegistry::Entry> CallRegistry::Enter(
    const std::string& peer, const std::shared_ptr<OpenStream>& stream) {
  absl::MutexLock lock(&mutex_);
  if (draining_) return Draining();
  const auto [found, is_new] = connections_.try_emplace(peer);
  if (is_new) {
    found->second = std::make_shared<Connection>(peer, ++last_connection_, kMaxBytesPerConnection,
                                                 &bytes_);
  }
  const std::shared_ptr<Connection>& connection = found->second;
  if (stream != nullptr) {
    const bool no_share = connection->streams >= kMaxStreamsPerConnection;
    if (no_share || streams_.size() >= kMaxOpenStreams) {
      if (is_new) connections_.erase(found);
      return Overloaded(ErrorReason::kTooManyStreams,
                        no_share ? "too many open streams on one connection"
                                 : "too many open streams");
    }
    streams_.emplace(stream.get(), stream);
    ++connection->streams;
  }
  ++connection->calls;
  ++calls_;
  return Entry(this, connection, stream.get());
}

void CallRegistry::Leave(Connection& connection, OpenStream* stream) {
  absl::MutexLock lock(&mutex_);
  --calls_;
  if (stream != nullptr) {
    streams_.erase(stream);
    --connection.streams;
  }
  if (--connection.calls == 0) connections_.erase(connection.peer);
}

std::vector<std::shared_ptr<OpenStream>> CallRegistry::OpenStreams() const {
  std::vector<std::shared_ptr<OpenStream>> open;
  for (const auto& [key, stream] : streams_) {
    if (auto alive = stream.lock()) open.push_back(std::move(alive));
  }
  return open;
}

void CallRegistry::Drain() {
  std::vector<std::shared_ptr<OpenStream>> open;
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
    open = OpenStreams();
  }
  for (const auto& stream : open) stream->Drain();
}

void CallRegistry::Look(MonotonicTime now) const {
  std::vector<std::shared_ptr<OpenStream>> open;
  {
    absl::MutexLock lock(&mutex_);
    open = OpenStreams();
  }
  for (const auto& stream : open) stream->Look(now);
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
