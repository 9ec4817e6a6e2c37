// The one mapping of rocksdb::Status to absl::Status.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "rocksdb/status.h"

namespace wonbon {

// DATA_LOSS for damage and missing files, RESOURCE_EXHAUSTED for a full disk, UNAVAILABLE for a
// disk that fails, INTERNAL for what only a mistake of ours brings about. The message is `doing`, a
// colon, and what RocksDB said (it names the file).
absl::Status ToStatus(const rocksdb::Status& status, std::string_view doing);

}  // namespace wonbon
