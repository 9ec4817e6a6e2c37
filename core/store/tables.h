// The RocksDB database of a store: its tables (column families), their options, and the few calls
// the rest of this folder makes.
//
// Thread-safe; one writer at a time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
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
    bool read_only = false;  // nothing in the folder changes
    Recovery recovery = Recovery::kWhole;
    size_t block_cache_bytes = 64 << 20;
    rocksdb::Env* env = nullptr;  // null: the operating system's
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
  // Applies the batch whole or not at all. After a failure (a full disk) the next call first asks
  // RocksDB to resume.
  absl::Status Write(rocksdb::WriteBatch* batch, bool sync);
  // Writes what is in memory into tables; the log is not needed then.
  absl::Status Flush();

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
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kTables> families_{};
  bool failed_ = false;  // the last Write did; written by the one writer
};

}  // namespace wonbon
