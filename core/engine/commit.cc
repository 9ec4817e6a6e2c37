// Engine: a group of changes goes to the store, then to the published state, then to those who listen.
#include <utility>

#include "core/engine/parts.h"

namespace wonbon {

CommitContext Engine::Parts::Context(Group& group, const ArticleSource& source) const {
  return {.group = &group,
          .source = &source,
          .rarity = rarity.current(),
          .now_us = absl::ToUnixMicros(options.now())};
}

absl::Status Engine::Parts::WriteGroup(Group& group) {
  const absl::Status status = store->Write(group.changes());
  if (!status.ok()) {
    group.Abandon();
    rarity.Abandon();
    if (!std::exchange(write_failed, true) && options.on_write_failed) {
      options.on_write_failed(status);
    }
    return status;
  }
  write_failed = false;
  for (const Change& change : group.changes()) {
    for (const ClusterEvent& event : change.events) touched.insert(event.collection);
  }
  if (options.before_publish) options.before_publish();
  group.Publish({.sequence = store->last_sequence(),
                 .store = store->Snapshot(),
                 .rarity = rarity.current()});
  // Not sooner: the numbers of a group that is given up are drawn again.
  for (std::shared_ptr<const Article>& article : group.articles()) cache.Insert(std::move(article));
  rarity.Publish();
  commit_groups.fetch_add(1, std::memory_order_relaxed);
  // A lost blob costs time at the next open, nothing else.
  rarity.Save(*store).IgnoreError();
  return absl::OkStatus();
}

void Engine::Parts::NotifyListeners() {
  const Commit commit{.sequence = published.latest_moment().sequence,
                      .collections = {touched.begin(), touched.end()}};
  touched.clear();
  absl::MutexLock lock(&listeners_mutex);
  for (const auto& [ticket, listener] : listeners) listener(commit);
}

uint64_t Engine::AddCommitListener(std::function<void(const Commit&)> listener) {
  absl::MutexLock lock(&parts_->listeners_mutex);
  const uint64_t ticket = parts_->next_ticket++;
  parts_->listeners[ticket] = std::move(listener);
  return ticket;
}

void Engine::RemoveCommitListener(uint64_t ticket) {
  absl::MutexLock lock(&parts_->listeners_mutex);
  parts_->listeners.erase(ticket);
}

}  // namespace wonbon
