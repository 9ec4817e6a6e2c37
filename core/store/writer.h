// The one way to write to a store: opens its database, if it holds what the folder says
// (recovery.h), refuses at once while the disk takes no writes, and finds out when it does again.
// Reads go on all the while.
//
// A disk is found full by a write or a flush that fails. From then on writes are refused with the
// reason, and the reserve is given up for what RocksDB has under way. Resume, on a timer, looks
// whether the reserve can be made again and there is room for what is in memory; only then RocksDB
// is asked, so that nothing fails, and nothing is logged, again and again. A store that is opened
// on a full disk, or on one that is read-only, is opened for reading, and, looked at once more, for
// writing when Resume finds room. After any other error of the disk nobody knows what it left:
// writes are refused until the restart.
//
// Thread-safe for tables() and Check; all else by one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/store/recovery.h"
#include "core/store/reserve.h"
#include "core/store/tables.h"
#include "rocksdb/write_batch.h"

namespace wonbon {

class Writer {
 public:
  // Errors are those of Tables::Open and CheckRecovery. A new database needs a disk that takes
  // writes.
  static absl::StatusOr<std::unique_ptr<Writer>> Open(const Tables::Options& options,
                                                      const Expectation& expected,
                                                      std::string reserve_path);

  // The database as it is open now. Another one takes its place when one that was opened for
  // reading can be written; both show the same.
  std::shared_ptr<const Tables> tables() const;

  // OK, or why writes are refused: RESOURCE_EXHAUSTED (kDiskFull) or UNAVAILABLE
  // (kStoreUnavailable), in words that say what is missing and what cures it.
  absl::Status Check() const;
  // Applies the batch whole or not at all.
  absl::Status Write(rocksdb::WriteBatch* batch, bool sync);
  // What is in memory into tables.
  absl::Status Flush();
  // Refuses writes from now on, and returns why: a file that belongs to them, beside the database,
  // cannot be written (`error`, of files.h).
  absl::Status RefuseFor(const absl::Status& error);
  // Where writes are refused: takes them again if the disk does. Returns what Check then says.
  absl::Status Resume();

 private:
  Writer(const Tables::Options& options, const Expectation& expected, std::string reserve_path)
      : options_(options), expected_(expected), reserve_(std::move(reserve_path)) {}

  absl::Status OpenFirst();
  // Opens in the place of what is open, if anything.
  absl::Status OpenTables(Tables::Recovery recovery, bool read_only);
  // Opens for writing what was opened for reading.
  absl::Status OpenAgain();
  // Makes the reserve, and says whether there is room for `bytes` besides.
  absl::Status MakeRoom(uint64_t bytes);
  // The tables, if writes are taken, or why not.
  absl::StatusOr<std::shared_ptr<Tables>> Writable() const;
  // After a write that failed: gives the reserve up, if there was no room, and refuses.
  absl::Status Fail(absl::Status why);
  // Remembers why writes are refused, and returns it.
  absl::Status Refuse(absl::Status why);

  const Tables::Options options_;
  const Expectation expected_;
  Reserve reserve_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<Tables> tables_ ABSL_GUARDED_BY(mutex_);
  absl::Status why_ ABSL_GUARDED_BY(mutex_);  // what the last Write or Resume found
};

}  // namespace wonbon
