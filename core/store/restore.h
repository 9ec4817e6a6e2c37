// wonbond --restore: makes a data folder of a backup. The backup is read only.
//
// The new folder keeps the seed, and draws a store id of its own: what the store did after the
// backup is not there, and who goes by the old id (an import that resumes, a watch) must not take
// its sequences for those of before.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "core/store/backup_manifest.h"

namespace wonbon {

struct RestoreOptions {
  std::string from;       // a backup
  std::string to;         // missing, or an empty folder
  std::string seed_file;  // where the store was made with one
};

// Verifies the backup, copies it beside `to` (`to`.restoring), opens it, and puts it in its place.
// FAILED_PRECONDITION where `from` is no backup or of another version, or `to` is there and not
// empty; DATA_LOSS, naming the files, for a damaged one. After an error `to` is as it was.
absl::StatusOr<BackupManifest> RestoreBackup(const RestoreOptions& options);

}  // namespace wonbon
