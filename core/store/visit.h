// Everything the memory state is rebuilt from, read in order.
#pragma once

#include "absl/status/status.h"
#include "core/store/snapshot.h"
#include "core/store/tables.h"

namespace wonbon {

// As StoreSnapshot::VisitAll. DATA_LOSS naming table and key for a malformed record, and for an
// entry without its fingerprint or the reverse.
absl::Status VisitTables(const Tables& tables, const rocksdb::Snapshot* snapshot,
                         const StoreSnapshot::Visitor& visitor);

}  // namespace wonbon
