// The change feed in the store: events by collection and sequence, the oldest dropped past a limit.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/record.h"
#include "core/store/ledger_codec.h"
#include "core/store/tables.h"

namespace wonbon {

// Adds the events of a change to the batch and counts them in `state`. Marks every `kept` / 16
// events where they may be cut off.
void AppendEvents(const Tables& tables, absl::Span<const ClusterEvent> events, uint64_t kept,
                  StoreState* state, rocksdb::WriteBatch* batch);

// Adds to the batch what drops the oldest events, where at least `kept` younger ones remain; at
// most kept/16 and one batch more than `kept` stay. Only looks at what is written already.
absl::Status DropOldEvents(const Tables& tables, uint64_t kept, StoreState* state,
                           rocksdb::WriteBatch* batch);

// As StoreSnapshot::ReadEvents.
absl::StatusOr<std::vector<ClusterEvent>> ReadEvents(const Tables& tables,
                                                     const rocksdb::Snapshot* snapshot,
                                                     CollectionNumber collection, Sequence after,
                                                     size_t max_events);

}  // namespace wonbon
