// Engine: a group of changes goes to the store, then to the published state, then to those who
// listen.
#include <algorithm>
#include <utility>

#include "core/engine/parts.h"

namespace wonbon {

int64_t Engine::Parts::Now(const View& view) const {
  return std::max(absl::ToUnixMicros(options.now()), view.last_time_us());
}

DecisionContext Engine::Parts::Context(const View& view, const DocumentFetcher& fetch) const {
  return {.view = &view,
          .fetch = &fetch,
          .rarity = rarity.current(),
          .now_us = Now(view),
          .counted_through = rarity.counted_through()};
}

Change Engine::Parts::NextChange(const View& view) const {
  Change change;
  change.previous = view.last_sequence();
  change.sequence = change.previous + 1;
  change.time_us = Now(view);
  return change;
}

void Engine::Parts::Apply(CommitGroup& group, Change change,
                          std::shared_ptr<const PreparedDocument> prepared) {
  for (const NewDocument& added : change.added) {
    if (added.entry.is_counted_in_rarity()) {
      rarity.Add(added.counted_shingles, added.entry.number);
    }
  }
  group.Apply(std::move(change), std::move(prepared));
}

absl::Status Engine::Parts::WriteGroup(CommitGroup& group) {
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
                 .time_us = store->last_time_us(),
                 .store = store->Snapshot(),
                 .rarity = rarity.current()});
  if (options.on_changes) options.on_changes(group.changes());
  // Not sooner: the numbers of a group that is given up are drawn again.
  for (std::shared_ptr<const PreparedDocument>& prepared : group.prepared())
    cache.Insert(std::move(prepared));
  rarity.Publish();
  commit_groups.fetch_add(1, std::memory_order_relaxed);
  // One that cannot be written now is due again with the next group; until then an open takes
  // longer, nothing else.
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
