// How RocksDB is set up for a store: measured choices, explained where they stand.
#pragma once

#include "core/store/tables.h"
#include "rocksdb/options.h"

namespace wonbon {

rocksdb::DBOptions DatabaseOptions(const Tables::Options& options);
// `cache` is shared by all tables.
rocksdb::ColumnFamilyOptions FamilyOptions(Table table, std::shared_ptr<rocksdb::Cache> cache);

}  // namespace wonbon
