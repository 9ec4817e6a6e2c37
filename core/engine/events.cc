// Engine: what happened, and how things stand.
#include <algorithm>
#include <utility>

#include "core/engine/parts.h"
#include "core/engine/reads.h"

namespace wonbon {

absl::StatusOr<Engine::EventPage> Engine::ReadEvents(std::string_view collection, Sequence after,
                                                     size_t max_events) const {
  absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  absl::StatusOr<std::vector<ClusterEvent>> events =
      at->moment.store->ReadEvents(at->collection, after, max_events);
  if (!events.ok()) return events.status();
  EventPage page{.events = *std::move(events)};
  page.sequence = !page.events.empty() && page.events.size() >= max_events
                      ? page.events.back().sequence
                                                   : std::max(after, at->moment.sequence);
  return page;
}

Engine::Stats Engine::GetStats() const {
  Stats stats{.store_id = parts_->store->store_id(),
              .durability = parts_->options.store.durability,
              .store_bytes = parts_->store->BytesOnDisk(),
              .queued_commits = parts_->commits->queued_documents(),
              .commit_groups = parts_->commit_groups.load(std::memory_order_relaxed),
              .judged_pairs = parts_->judged_pairs.load(std::memory_order_relaxed),
              .article_cache_bytes = parts_->cache.bytes()};
  const Published::Reader reader(parts_->published);
  const MemoryState& state = reader.state();
  stats.sequence = reader.moment().sequence;
  stats.collections = state.collection_names().size();
  stats.documents = state.documents();
  stats.clusters = state.clusters();
  stats.index_bytes = state.MemoryBytes();
  stats.evicted_postings = state.evicted_postings();
  return stats;
}

}  // namespace wonbon
