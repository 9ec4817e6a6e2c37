#include "core/store/table_options.h"

#include <memory>
#include <utility>

#include "core/store/limits.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"

namespace wonbon {
namespace {

constexpr size_t kMiB = 1 << 20;

rocksdb::WALRecoveryMode RecoveryMode(Tables::Recovery recovery) {
  switch (recovery) {
    case Tables::Recovery::kWhole:
      return rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    case Tables::Recovery::kUpToDamage: return rocksdb::WALRecoveryMode::kPointInTimeRecovery;
    case Tables::Recovery::kSalvage: return rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  }
  return rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
}

size_t WriteBufferBytes(Table table) {
  switch (table) {
    case Table::kBodies: return 64 * kMiB;
    case Table::kContents:
    case Table::kFingerprints: return 32 * kMiB;
    default: return 16 * kMiB;
  }
}

// Large blocks where records are read in order, small ones where they are looked up.
size_t BlockBytes(Table table) {
  switch (table) {
    case Table::kEntries:
    case Table::kFingerprints: return 32 << 10;
    case Table::kIds: return 4 << 10;
    default: return 16 << 10;
  }
}

}  // namespace

rocksdb::DBOptions DatabaseOptions(const Tables::Options& options) {
  rocksdb::DBOptions db;
  if (options.env != nullptr) db.env = options.env;
  db.create_if_missing = options.create;
  db.create_missing_column_families = options.create;
  // One table that is missing keeps a database closed, unless what is left is to be saved.
  db.paranoid_checks = options.recovery != Tables::Recovery::kSalvage;
  db.wal_recovery_mode = RecoveryMode(options.recovery);
  // Store does, when it stops in order; what is in memory is in the log, but for a key that means
  // nothing (Tables::Write).
  db.avoid_flush_during_shutdown = true;
  db.max_total_wal_size = kMaxLogBytes;
  // One thread writes.
  db.allow_concurrent_memtable_write = false;
  db.enable_write_thread_adaptive_yield = false;
  // Two cores: one flush and one compaction at a time.
  db.max_background_jobs = 2;
  db.max_subcompactions = 1;
  // Written out as it comes, so that no fsync waits for the hundred megabytes of a flush.
  db.bytes_per_sync = kMiB;
  db.avoid_unnecessary_blocking_io = true;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  return db;
}

rocksdb::ColumnFamilyOptions FamilyOptions(Table table, std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = WriteBufferBytes(table);
  family.max_write_buffer_number = 3;
  // Bodies come packed; what else there is does not shrink enough to pay for it.
  family.compression = rocksdb::kNoCompression;

  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = std::move(cache);
  blocks.block_size = BlockBytes(table);
  // CRC32C, the older default, runs in software in Debian's build.
  blocks.checksum = rocksdb::kXXH3;
  blocks.format_version = 5;
  if (table == Table::kIds) {
    // Most ids that are looked up are new: no block is read to find that out.
    blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    family.memtable_prefix_bloom_size_ratio = 0.05;
    family.memtable_whole_key_filtering = true;
  }
  if (table == Table::kBodies) {
    // Each body is written twice in its life: to the log and to a blob file. What remains in the
    // table is a few bytes a body.
    family.enable_blob_files = true;
    family.min_blob_size = 0;
    family.blob_file_size = 256 * kMiB;
    family.enable_blob_garbage_collection = true;
    family.blob_garbage_collection_age_cutoff = 0.5;
    family.blob_garbage_collection_force_threshold = 0.5;
  }
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return family;
}

}  // namespace wonbon
