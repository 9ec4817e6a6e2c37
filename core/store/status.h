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

// What the message of damage to a data folder ends with: what to do.
inline constexpr char kDamageCure[] =
    "; restore the data folder from a backup, or copy what is whole into a new one: wonbond "
    "--salvage DIR NEW";

}  // namespace wonbon
