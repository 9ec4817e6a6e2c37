#include "server/handlers/watch_hub.h"

#include <algorithm>
#include <utility>

#include "server/limits.h"

namespace wonbon::server {

WatchHub::WatchHub(Engine& engine) : engine_(engine), floor_(engine.GetStats().sequence) {
  ticket_ = engine_.AddCommitListener([this](const Engine::Commit& commit) { Heard(commit); });
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

void WatchHub::WaitFor(CollectionNumber collection, Waiting waiting) {
  absl::MutexLock lock(&mutex_);
  if (waiting.seen < LatestOf(collection)) work_ = true;
  waiting_[collection].push_back(std::move(waiting));
}

void WatchHub::WakeForHeartbeats() {
  absl::MutexLock lock(&mutex_);
  work_ = true;
}

// In the commit thread.
void WatchHub::Heard(const Engine::Commit& commit) {
  absl::MutexLock lock(&mutex_);
  for (const CollectionNumber collection : commit.collections) {
    latest_[collection] = commit.sequence;
    if (waiting_.contains(collection)) work_ = true;
  }
  // Of collections that are gone there is no end: all are forgotten together, and their watchers
  // look once in vain.
  if (latest_.size() > kMaxWatchedCollections) {
    latest_.clear();
    floor_ = commit.sequence;
  }
}

Sequence WatchHub::LatestOf(CollectionNumber collection) const {
  const auto found = latest_.find(collection);
  return found == latest_.end() ? floor_ : found->second;
}

std::vector<std::weak_ptr<Watcher>> WatchHub::TakeDue() {
  std::vector<std::weak_ptr<Watcher>> taken;
  const MonotonicTime now = MonotonicNow();
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    std::vector<Waiting>& waiting = it->second;
    const auto is_early = [now, latest = LatestOf(it->first)](const Waiting& one) {
      return one.seen >= latest && one.heartbeat_at > now;
    };
    const auto due = std::partition(waiting.begin(), waiting.end(), is_early);
    for (auto one = due; one != waiting.end(); ++one) taken.push_back(std::move(one->watcher));
    waiting.erase(due, waiting.end());
    it = waiting.empty() ? waiting_.erase(it) : std::next(it);
  }
  return taken;
}

void WatchHub::Work() {
  while (true) {
    std::vector<std::weak_ptr<Watcher>> due;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WatchHub::HasWork));
      if (closing_) return;
      work_ = false;
      due = TakeDue();
    }
    for (const std::weak_ptr<Watcher>& watcher : due) {
      if (const auto alive = watcher.lock()) alive->Wake();
    }
    absl::SleepFor(kWatchPause);
  }
}

}  // namespace wonbon::server
