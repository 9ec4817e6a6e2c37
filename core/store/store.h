// Durable documents, clusters and events on RocksDB. The only seam to the disk; this folder alone
// includes RocksDB.
//
// Thread-safe for reads beside one writer. Errors: UNAVAILABLE or RESOURCE_EXHAUSTED (disk full)
// from a write that failed and from those after it (CheckWritable), DATA_LOSS naming file and place
// for damage, FAILED_PRECONDITION for a folder written with another seed, format, or index
// parameters (what was found, what was expected, what to do), with files of others in it, or locked
// by another process, NOT_FOUND where documented.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "core/limits.h"
#include "core/image.h"
#include "core/record.h"
#include "core/store/backup.h"
#include "core/store/snapshot.h"

namespace rocksdb {
class Env;
}

namespace wonbon {

enum class Durability : uint8_t {
  kSync,   // Write returns when the change is on disk (fsync)
  kAsync,  // Write returns when the operating system has it: a power cut may lose the last moments
};

// Compressed form of a body for NewDocument::packed_body (body.h; a first byte says how).
// Thread-safe; called off the commit thread.
std::string PackBody(std::string_view body);
// The same form, not compressed: of a body that will not be written.
std::string PlainBody(std::string_view body);

class Store {
 public:
  struct Options {
    std::string dir;  // made if missing
    Durability durability = Durability::kSync;
    // 16 raw bytes, readable by the owner alone. Empty: a seed is drawn at the first open and kept
    // in the folder (0600).
    std::string seed_file;
    size_t block_cache_bytes = 64 << 20;
    uint64_t max_kept_events = kMaxKeptEvents;
    // For tests that make the disk fail; null: the operating system. Must outlive the store.
    rocksdb::Env* env = nullptr;
    // What RocksDB warns of; called from any thread.
    std::function<void(std::string_view warning)> on_warning = {};
  };

  // DATA_LOSS, too, where the folder holds less than was answered (witness.h). On a full disk, and
  // on one that is read-only, a store is opened for reading: CheckWritable says so.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const Options& options);
  ~Store();  // flushes
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const Seed& seed() const;
  const std::string& store_id() const;  // 32 hex digits drawn at the first open
  // Of the last durable Change; 0 in a new store. After a power cut with asynchronous durability,
  // the last that may have been given out: none is used twice.
  Sequence last_sequence() const;
  int64_t last_time_us() const;         // its Change::time_us

  // Writes changes, in order, as one atomic batch with one fsync.
  absl::Status Write(absl::Span<const Change> changes);
  // What Write has spent in fsync so far.
  absl::Duration synced_for() const;
  // All that was written to disk, whatever the durability; and into tables, if the disk takes them:
  // the log is not needed then.
  absl::Status Flush();

  // OK, or why writes are refused (writer.h), or what Forbid was given.
  absl::Status CheckWritable() const;
  // Changes are refused with `why` from now on; OK: taken again, if the disk takes them.
  void Forbid(absl::Status why);
  // Called on a timer while they are: takes them again if the disk does, and says what
  // CheckWritable then does. Snapshots of before stay good.
  absl::Status Resume();

  // Everything that reads documents, clusters, events and blobs, as they are now. Never waits for a
  // write; one that is under way shows whole or not at all.
  std::shared_ptr<const StoreSnapshot> Snapshot() const;
  // About how many documents VisitAll will show: for progress.
  uint64_t EstimatedDocuments() const;

  // A named blob of the engine's (document frequencies); replaced whole, in a batch of its own.
  absl::Status WriteBlob(std::string_view name, std::string_view bytes);

  // Drops what is kept of removed founders with numbers up to `through`: a blob counts them.
  absl::Status ForgetRemovedFounders(DocumentNumber through);

  // What is in memory at the last change, as a file of the folder (image_file.h), where the disk
  // has `keep_free` bytes left then. REQUIRES: all changes that were written are in it.
  absl::Status WriteImage(uint64_t keep_free, absl::FunctionRef<void(ImageWriter&)> write);
  void RemoveImage();
  absl::StatusOr<std::unique_ptr<ImageReader>> OpenImage() const;

  // Without what a backup holds for a moment.
  uint64_t BytesOnDisk() const;
  // What RocksDB holds in memory, about, in bytes.
  struct Memory {
    uint64_t memtables = 0;
    uint64_t block_cache = 0;
    uint64_t table_readers = 0;  // indexes and filters of the tables on disk
  };
  Memory MemoryUse() const;

  // Copies the store as it is now, beside the writer, which waits for nothing (backup.h). One at a
  // time: another one waits.
  absl::StatusOr<Backup> MakeBackup(const BackupOptions& options) const;

 private:
  struct Database;
  explicit Store(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace wonbon
