// The RocksDB database of a store, as it is open: its tables (column families), their options, and
// the few calls the rest of this folder makes. Writes go through writer.h.
//
// Thread-safe; one writer at a time.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/store/error_watch.h"
#include "core/store/info_log.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/slice.h"
#include "rocksdb/write_batch.h"

namespace wonbon {

// Keys and values: document_codec.h, ledger_codec.h. What changes lies apart from what never does,
// and bodies, three quarters of all bytes, apart from everything that is compacted.
enum class Table : uint8_t {
  kLedger,        // the default column family: state, collections, dropped events, blobs
  kEntries,       // document number -> entry
  kContents,      // document number -> content without body
  kBodies,        // document number -> packed body, in blob files
  kFingerprints,  // document number -> fingerprint
  kIds,           // collection and id -> document number or tombstone
  kClusters,      // cluster id -> cluster or redirect
  kEvents,        // collection and sequence -> events
};
inline constexpr size_t kTables = 8;
std::string_view Name(Table table);  // also that of the column family, but for kLedger

inline rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
inline std::string_view ToView(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

class Tables {
 public:
  // What becomes of a log that is damaged.
  enum class Recovery : uint8_t {
    kWhole,       // refused, but for an end that is cut short
    kUpToDamage,  // what comes before the damage is there
    kSalvage,     // all that is whole is there, tables that are damaged or missing notwithstanding
  };
  struct Options {
    std::string path;
    bool create = false;  // false: a missing database is DATA_LOSS
    // Nothing is written, not even by opening: what a log holds stays in memory.
    bool read_only = false;
    Recovery recovery = Recovery::kWhole;
    size_t block_cache_bytes = 64 << 20;
    rocksdb::Env* env = nullptr;  // null: the operating system's
    InfoLog::Listener on_warning = {};
  };
  // DATA_LOSS for damage, naming the file; FAILED_PRECONDITION where another process holds it.
  static absl::StatusOr<std::unique_ptr<Tables>> Open(const Options& options);
  ~Tables();
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  rocksdb::ColumnFamilyHandle* family(Table table) const {
    return families_[static_cast<size_t>(table)];
  }

  // False where the key leads to nothing. `snapshot`: the moment to look at; null: now.
  absl::StatusOr<bool> Find(Table table, std::string_view key, rocksdb::PinnableSlice* value,
                            const rocksdb::Snapshot* snapshot = nullptr) const;
  std::unique_ptr<rocksdb::Iterator> Scan(Table table, const rocksdb::ReadOptions& options) const;
  // Applies the batch whole or not at all. After a failure nothing is written until Resume
  // succeeded. REQUIRES: not read-only (these three).
  absl::Status Write(rocksdb::WriteBatch* batch, bool sync);
  // What Write has spent in fsync since the database was opened.
  absl::Duration synced_for() const { return absl::Nanoseconds(synced_ns_.load()); }
  // Writes what is in memory into tables; the log is not needed then.
  absl::Status Flush();
  // After a failure: flushes, and starts a new log: a batch that failed never comes back.
  absl::Status Resume();
  // OK, or the error that RocksDB stopped for, found in writing or behind the scenes.
  absl::Status Stopped() const;
  // Whether that ends only with the process.
  bool IsBroken() const;
  // Memory that Resume, or opening for writing, has to write out.
  uint64_t UnflushedBytes() const;
  uint64_t BlockCacheBytes() const;
  // Indexes and filters of the tables, outside the block cache.
  uint64_t TableReaderBytes() const;
  bool read_only() const { return read_only_; }

  rocksdb::DB& db() const { return *db_; }
  // Number of the first log that the tables need: what older ones hold is in tables.
  uint64_t first_needed_log() const;
  // Number of the log that is written.
  uint64_t current_log() const;
  // "db/ table entries, number 42: <status>" for a record that is damaged or has gone.
  absl::Status Damaged(Table table, std::string_view key, const absl::Status& status) const;

 private:
  Tables() = default;

  std::string path_;
  bool read_only_ = false;
  std::shared_ptr<InfoLog> log_;
  std::shared_ptr<ErrorWatch> errors_;
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kTables> families_{};
  std::atomic<uint64_t> synced_ns_{0};
};

}  // namespace wonbon
