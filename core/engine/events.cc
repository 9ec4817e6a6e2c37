// Engine: what happened, and how things stand.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/engine/parts.h"
#include "core/error.h"
#include "core/state/digest.h"

namespace wonbon {

namespace {

// Whose events to read, and up to where they go.
struct Feed {
  CollectionNumber collection{};
  Sequence last = 0;
};

absl::StatusOr<Feed> FindFeed(const MemoryState& state, Sequence published, std::string_view name,
                              Sequence after) {
  if (after > published) {
    return MakeError(absl::StatusCode::kOutOfRange, {.reason = ErrorReason::kSequenceNotReached},
                     absl::StrCat("sequence ", after, " lies ahead of this store, which is at ",
                                  published, "; read the clusters anew, then go on from there"));
  }
  name = CollectionOrDefault(name);
  const MemoryState::Collection* live = state.FindCollectionByName(name);
  if (live == nullptr) {
    // Those who watched it are told of its end.
    const MemoryState::DeletedCollection* deleted = state.FindDeletedCollection(name);
    if (deleted == nullptr || after >= deleted->sequence) return CollectionNotFound(name);
    return Feed{.collection = deleted->number, .last = deleted->sequence};
  }
  // A collection's number is the sequence of its creation. 0 asks for all there is.
  const auto created = static_cast<Sequence>(live->record.number);
  if (after > 0 && after < created) {
    return MakeError(
        absl::StatusCode::kOutOfRange,
        {.reason = ErrorReason::kEventsDropped, .subject = std::string(name)},
        absl::StrCat("the collection was made at sequence ", created, ", after sequence ", after,
                     "; read its clusters anew, then go on from there"));
  }
  return Feed{.collection = live->record.number, .last = published};
}

}  // namespace

absl::StatusOr<Engine::EventPage> Engine::ReadEvents(std::string_view collection, Sequence after,
                                                     size_t max_events) const {
  absl::StatusOr<Feed> feed;
  Moment moment;
  {
    const Published::Reader reader(parts_->published);
    moment = reader.moment();
    feed = FindFeed(reader.state(), moment.sequence, collection, after);
  }
  if (!feed.ok()) return feed.status();
  absl::StatusOr<std::vector<ClusterEvent>> events =
      moment.store->ReadEvents(feed->collection, after, max_events);
  if (!events.ok()) return events.status();
  EventPage page{.events = *std::move(events)};
  page.sequence = !page.events.empty() && page.events.size() >= max_events
                      ? page.events.back().sequence
                      : std::max(after, feed->last);
  return page;
}

uint64_t Engine::AddCommitListener(std::function<void(const Commit&)> listener) {
  return parts_->committer.AddListener(std::move(listener));
}

void Engine::RemoveCommitListener(uint64_t ticket) { parts_->committer.RemoveListener(ticket); }

Engine::Stats Engine::GetStats(bool with_state_digest) const {
  Stats stats{.store_id = parts_->store->store_id(),
              .durability = parts_->options.store.durability,
              .store_bytes = parts_->store->BytesOnDisk(),
              .queued_commits = parts_->committer.thread().queued_documents(),
              .commit_groups = parts_->committer.groups(),
              .judged_pairs = parts_->judged_pairs.load(std::memory_order_relaxed),
              .article_cache_bytes = parts_->preparer.cache_bytes(),
              .rarity_bytes = 3 * parts_->committer.newest_rarity()->MemoryBytes(),
              .store_memory = parts_->store->MemoryUse()};
  const Published::Reader reader(parts_->published);
  const MemoryState& state = reader.state();
  stats.sequence = reader.moment().sequence;
  stats.collections = state.collection_names().size();
  stats.documents = state.documents();
  stats.clusters = state.clusters();
  const MemoryState::Memory memory = state.memory();
  stats.index_bytes = memory.total();
  stats.index_memory = {{"entries", memory.entries},   {"keys", memory.keys},
                        {"samples", memory.samples},   {"clusters", memory.clusters},
                        {"families", memory.families}, {"versions", memory.versions}};
  stats.evicted_postings = state.evicted_postings();
  if (with_state_digest) stats.state_digest = StateDigest(state);
  return stats;
}

}  // namespace wonbon
