#include "server/handlers/watch_hub.h"

#include <algorithm>
#include <utility>

#include "server/limits.h"

namespace wonbon::server {

WatchHub::WatchHub(Engine& engine) : engine_(engine), latest_(engine.GetStats().sequence) {
  ticket_ = engine_.AddCommitListener([this](Sequence sequence) {
    absl::MutexLock lock(&mutex_);
    latest_ = std::max(latest_, sequence);
  });
  thread_ = std::thread([this] { Work(); });
}

WatchHub::~WatchHub() {
  engine_.RemoveCommitListener(ticket_);
  {
    absl::MutexLock lock(&mutex_);
    closing_ = true;
  }
  thread_.join();
}

void WatchHub::WaitFor(std::weak_ptr<Watcher> watcher, Sequence seen, absl::Time heartbeat_at) {
  absl::MutexLock lock(&mutex_);
  oldest_seen_ = std::min(oldest_seen_, seen);
  waiting_.push_back({std::move(watcher), seen, heartbeat_at});
}

Sequence WatchHub::latest() const {
  absl::MutexLock lock(&mutex_);
  return latest_;
}

bool WatchHub::CommitToTell() const { return closing_ || latest_ > oldest_seen_; }

std::vector<std::weak_ptr<Watcher>> WatchHub::TakeDue() {
  const auto is_early = [now = absl::Now(), latest = latest_](const Waiting& waiting) {
    return waiting.seen >= latest && waiting.heartbeat_at > now;
  };
  const auto due = std::partition(waiting_.begin(), waiting_.end(), is_early);
  std::vector<std::weak_ptr<Watcher>> taken;
  for (auto it = due; it != waiting_.end(); ++it) taken.push_back(std::move(it->watcher));
  waiting_.erase(due, waiting_.end());
  oldest_seen_ = ~Sequence{0};
  for (const Waiting& waiting : waiting_) oldest_seen_ = std::min(oldest_seen_, waiting.seen);
  return taken;
}

void WatchHub::Work() {
  // Heartbeats need no precision: they are looked for once a second.
  while (true) {
    std::vector<std::weak_ptr<Watcher>> due;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(this, &WatchHub::CommitToTell), absl::Seconds(1));
      if (closing_) return;
      due = TakeDue();
    }
    for (const std::weak_ptr<Watcher>& watcher : due) {
      if (const auto alive = watcher.lock()) alive->Wake();
    }
    absl::SleepFor(kWatchPause);
  }
}

}  // namespace wonbon::server
