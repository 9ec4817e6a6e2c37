// RocksDB's list of its files, db/MANIFEST-<number>. RocksDB takes one that was cut at the end of a
// record for one that ended there, and opens the database as it was before, so that how far the
// list reached is told outside of it (witness.h).
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "rocksdb/db.h"

namespace wonbon {

struct ManifestExtent {
  uint64_t number = 0;  // 0: not known
  uint64_t bytes = 0;   // on disk

  friend bool operator==(const ManifestExtent&, const ManifestExtent&) = default;
};

// That of an open database; not known where it is open for reading alone.
ManifestExtent ManifestOf(rocksdb::DB& db);

// DATA_LOSS, naming the file, where the list that the database at `path` goes by is an older or a
// shorter one than `least`. OK where no list is named at all: RocksDB says so itself.
absl::Status CheckManifest(const std::string& path, const ManifestExtent& least);

}  // namespace wonbon
