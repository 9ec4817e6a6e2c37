#include "core/engine/committer.h"

#include <algorithm>
#include <utility>

namespace wonbon {

int64_t Committer::Now(const View& view) const {
  return std::max(absl::ToUnixMicros(options_.now()), view.last_time_us());
}

DecisionContext Committer::Context(const CommitGroup& group, const DocumentFetcher& fetch) const {
  return {.view = &group,
          .fetch = &fetch,
          .rarity = rarity_.current(),
          .now_us = Now(group),
          .counted_through = rarity_.counted_through()};
}

void Committer::Apply(CommitGroup& group, Change change,
                      std::shared_ptr<const PreparedDocument> prepared) {
  for (const NewDocument& added : change.added) {
    if (added.entry.is_counted_in_rarity()) {
      rarity_.Add(added.counted_shingles, added.entry.number);
    }
  }
  group.Apply(std::move(change), std::move(prepared));
}

std::unique_ptr<CommitGroup> Committer::NewGroup() {
  group_began_ = std::chrono::steady_clock::now();
  return std::make_unique<CommitGroup>(&published_);
}

absl::Status Committer::Write(CommitGroup& group) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point decided = Clock::now();
  const absl::Duration synced_before = store_.synced_for();
  absl::Status status = store_.Write(group.changes());
  const Clock::time_point written = Clock::now();
  if (!status.ok()) {
    group.Abandon();
    rarity_.Abandon();
    return status;
  }
  if (image_stands_) {
    store_.RemoveImage();  // one of the past from now on
    image_stands_ = false;
  }
  for (const Change& change : group.changes()) {
    for (const ClusterEvent& event : change.events) touched_.insert(event.collection);
  }
  if (options_.before_publish) options_.before_publish();
  group.Publish({.sequence = store_.last_sequence(),
                 .time_us = store_.last_time_us(),
                 .store = store_.Snapshot(),
                 .rarity = rarity_.current()});
  if (options_.on_changes) options_.on_changes(group.changes());
  // Not sooner: the numbers of a group that is given up are drawn again.
  for (std::shared_ptr<const PreparedDocument>& prepared : group.prepared()) {
    preparer_.Keep(std::move(prepared));
  }
  rarity_.Publish();
  groups_.fetch_add(1, std::memory_order_relaxed);
  const Clock::time_point published = Clock::now();
  // One that cannot be written now is due again with the next group; until then an open takes
  // longer, nothing else.
  rarity_.Save(store_);
  if (options_.on_commit) {
    options_.on_commit({.changes = group.changes().size(),
                        .deciding = absl::FromChrono(decided - group_began_),
                        .writing = absl::FromChrono(written - decided + Clock::now() - published),
                        .syncing = std::max(store_.synced_for() - synced_before,
                                            absl::ZeroDuration()),
                        .publishing = absl::FromChrono(published - written)});
  }
  return absl::OkStatus();
}

void Committer::Resume(CommitGroup& group) {
  if (!store_.Resume().ok()) return;  // Store::CheckWritable says why
  // The same moment, read from what is open now.
  Moment moment = published_.latest_moment();
  moment.store = store_.Snapshot();
  group.Publish(std::move(moment));
}

void Committer::Tell() {
  const Engine::Commit commit{.sequence = published_.latest_moment().sequence,
                              .collections = {touched_.begin(), touched_.end()}};
  touched_.clear();
  absl::MutexLock lock(&mutex_);
  for (const auto& [ticket, listener] : listeners_) listener(commit);
}

uint64_t Committer::AddListener(std::function<void(const Engine::Commit&)> listener) {
  absl::MutexLock lock(&mutex_);
  const uint64_t ticket = next_ticket_++;
  listeners_[ticket] = std::move(listener);
  return ticket;
}

void Committer::RemoveListener(uint64_t ticket) {
  absl::MutexLock lock(&mutex_);
  listeners_.erase(ticket);
}

}  // namespace wonbon
