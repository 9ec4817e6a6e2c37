// Backups: copies of an open store, each in a folder of its own below the folder of backups.
//
//   20261128T022000.123Z/     when it was made (UTC); .new behind it until it is done
//     BACKUP                  what is in it, written last (backup_manifest.h)
//     FORMAT, seed            as in the data folder (no seed where --seed-file brings it)
//     db/                     RocksDB
//
// A checkpoint of RocksDB (links to files that never change, and the end of its log) fixes the
// moment without holding up a write; what it holds is copied from there, so that no backup shares a
// byte with the store. A whole one opens with restore.h.
//
// Errors: FAILED_PRECONDITION (kBackupFolderUnusable) where the folder of backups is missing, not
// writable or holds files of others, and (kBackupRunning) where another process makes one there,
// which holds a lock (flock) on the folder; RESOURCE_EXHAUSTED (kBackupFolderFull) where it has no
// room; NOT_FOUND (kBackupNotFound); else those of the store. After an error nothing new is there.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/store/backup_manifest.h"

namespace rocksdb {
class Env;
}

namespace wonbon {

class DataFolder;
struct StoreFormat;
class Tables;

struct BackupOptions {
  std::string folder;   // of backups; must be there
  std::string program;  // its version
  absl::Time now;
  // Bytes that must be free below `folder` besides what the backup takes.
  uint64_t keep_free = 0;
  // Asked between files, if given: an error is the answer, and nothing is left.
  std::function<absl::Status()> wanted = {};
};

struct Backup {
  std::string name;
  BackupManifest manifest;
  absl::Status status;  // of one that is not whole, as far as its manifest says: why
};

// Removes what a process that ended while it made a backup left there, unless another makes one.
absl::Status SweepBackups(const std::string& folder);

// Of the store whose open database `tables` is. Beside a writer; one at a time. `env`: null for the
// operating system.
absl::StatusOr<Backup> MakeBackup(const Tables& tables, const DataFolder& data,
                                  const StoreFormat& format, const BackupOptions& options,
                                  rocksdb::Env* env);

// Oldest first; those that are not done are left out.
absl::StatusOr<std::vector<Backup>> ListBackups(const std::string& folder);

struct BackupReport {
  BackupManifest manifest;
  // A line for each file that is damaged, missing, or not one of the backup's; at most
  // kMaxBackupDamage, then how many more there are. Empty: all is as it was written.
  std::vector<std::string> damage;
};
// Reads all of a backup. FAILED_PRECONDITION where it is none, or of another version. `wanted` as
// in BackupOptions.
absl::StatusOr<BackupReport> VerifyBackup(const std::string& path,
                                          const std::function<absl::Status()>& wanted = {});

// The path of a backup; INVALID_ARGUMENT ("backup") for what is no name of one, NOT_FOUND.
absl::StatusOr<std::string> FindBackup(const std::string& folder, const std::string& name);

// Removes the oldest whole backups of a store until `keep` are left. Returns their names.
absl::StatusOr<std::vector<std::string>> PruneBackups(const std::string& folder,
                                                      const std::string& store_id, size_t keep);

}  // namespace wonbon
