// Files of backups: copied and read through, with their checksums; made durable. Through RocksDB's
// Env, so that tests can make the disk fail.
//
// Thread-safe. Errors as those of RocksDB's files (status.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/store/backup_manifest.h"
#include "rocksdb/env.h"

namespace wonbon {

// Paths below `folder` of all files in it, ascending.
absl::StatusOr<std::vector<std::string>> FilesBelow(const std::string& folder);
// Size and checksum of a file.
absl::StatusOr<BackupFile> ReadThrough(const std::string& path);
// Copies a file, mode 0600, and syncs it piece by piece, so that no fsync of others waits for more
// than a few MiB.
absl::StatusOr<BackupFile> CopyFile(rocksdb::Env* env, const std::string& from,
                                    const std::string& to);
// A small file, synced.
absl::Status WriteWhole(rocksdb::Env* env, const std::string& path, std::string_view bytes);
// The names in a folder are on disk when it returns.
absl::Status SyncFolder(rocksdb::Env* env, const std::string& folder);

}  // namespace wonbon
