// BACKUP: what a backup holds, and the last file written into it: without it the backup is not
// done. Lines of text in this order:
//
//   wonbon backup                        magic
//   format 1                             version of this file
//   program 0.1.0                        that wrote it
//   store_id 0123...                     32 hex digits: of the store it was made of
//   created_at 2026-11-28T02:20:00.123Z
//   sequence 4711                        of the last change in it
//   file 4096 0123456789abcdef db/CURRENT    bytes, XXH3-64, path; one line for each, ascending
//   checksum 0123456789abcdef            XXH3-64 of all bytes before this line
//
// Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/record.h"

namespace wonbon {

struct BackupFile {
  std::string path;  // below the backup, "db/000012.sst"
  uint64_t bytes = 0;
  uint64_t checksum = 0;

  friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct BackupManifest {
  std::string program;
  std::string store_id;
  absl::Time created_at;  // in milliseconds
  Sequence sequence = 0;
  std::vector<BackupFile> files;

  uint64_t bytes() const;  // of all files
  friend bool operator==(const BackupManifest&, const BackupManifest&) = default;
};

std::string ManifestText(const BackupManifest& manifest);
// `path` is for messages. DATA_LOSS for a damaged one, FAILED_PRECONDITION for one of another
// version. No path in it leads out of the backup.
absl::StatusOr<BackupManifest> ParseManifest(std::string_view text, const std::string& path);

}  // namespace wonbon
