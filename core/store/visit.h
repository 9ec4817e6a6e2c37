// Everything the memory state is rebuilt from, read in order.
#pragma once

#include "absl/status/status.h"
#include "core/store/store.h"
#include "core/store/tables.h"

namespace wonbon {

// As Store::VisitAll. What it shows is one moment of the store, whatever is written meanwhile.
// DATA_LOSS naming table and key for a malformed record, and for an entry without its fingerprint
// or the reverse.
absl::Status VisitTables(const Tables& tables, const Store::Visitor& visitor);

}  // namespace wonbon
