// Engine: what happened, and how things stand.
#include <algorithm>
#include <utility>

#include "core/engine/parts.h"

namespace wonbon {

absl::StatusOr<Engine::EventPage> Engine::ReadEvents(std::string_view collection, Sequence after,
                                                     size_t max_events) const {
  absl::StatusOr<CollectionNumber> number = parts_->FindCollection(collection);
  if (!number.ok()) return number.status();
  EventPage page;
  const Sequence last = parts_->publication.published();
  absl::StatusOr<std::vector<ClusterEvent>> events =
      parts_->store->ReadEvents(*number, after, max_events);
  if (!events.ok()) return events.status();
  page.events = *std::move(events);
  // Those of the group in flight wait until what they tell of can be read.
  while (!page.events.empty() && page.events.back().sequence > last) page.events.pop_back();
  page.sequence = page.events.size() >= max_events ? page.events.back().sequence
                                                   : std::max(after, last);
  if (!page.events.empty()) page.sequence = std::max(page.sequence, page.events.back().sequence);
  return page;
}

Engine::Stats Engine::GetStats() const {
  Stats stats{.store_id = parts_->store->store_id(),
              .durability = parts_->options.store.durability,
              .sequence = parts_->publication.published(),
              .store_bytes = parts_->store->BytesOnDisk(),
              .queued_commits = parts_->commits->queued_documents(),
              .commit_groups = parts_->commit_groups.load(std::memory_order_relaxed),
              .judged_pairs = parts_->judged_pairs.load(std::memory_order_relaxed),
              .article_cache_bytes = parts_->cache.bytes()};
  absl::ReaderMutexLock lock(&parts_->mutex);
  stats.collections = parts_->state.collection_names().size();
  stats.documents = parts_->state.documents();
  stats.clusters = parts_->state.clusters();
  stats.index_bytes = parts_->state.MemoryBytes();
  stats.evicted_postings = parts_->state.evicted_postings();
  return stats;
}

}  // namespace wonbon
