// Changes as one RocksDB batch.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/record.h"
#include "core/store/ledger_codec.h"
#include "core/store/tables.h"

namespace wonbon {

// Adds `changes`, in order, and the state after them to the batch, and brings `state` up to date:
// use a copy, for the batch may yet fail. Within a change a record that is removed, dropped or
// redirected wins over the same one changed. INTERNAL where the sequences do not ascend; DATA_LOSS
// where a removed document's id is damaged.
absl::Status AppendChanges(const Tables& tables, absl::Span<const Change> changes,
                           uint64_t kept_events, StoreState* state, rocksdb::WriteBatch* batch);

}  // namespace wonbon
