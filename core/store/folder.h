// The data folder: made, locked, and looked over before anything in it is touched.
//
//   LOCK    held (flock) by the process that uses the folder
//   seed    the secret seed, unless --seed-file brings it (seed.h)
//   FORMAT  what the folder was written with (format.h); the last file made: without it the folder
//           was never in use
//   WITNESS what was answered last (witness.h)
//   db/     RocksDB (tables.h)
//   reserve room for the day the disk is full (reserve.h)
//   checkpoint/ while a backup is made (backup.h)
//   index   memory as it was at the last clean stop (image_file.h)
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace wonbon {

class DataFolder {
 public:
  // Makes the folder (0700) where it is missing. FAILED_PRECONDITION where another process uses it
  // or, if it has no FORMAT yet, where it holds files of others.
  static absl::StatusOr<DataFolder> Open(const std::string& dir);
  ~DataFolder();
  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;

  const std::string& dir() const { return dir_; }
  std::string format_path() const { return dir_ + "/FORMAT"; }
  std::string seed_path() const { return dir_ + "/seed"; }
  std::string witness_path() const { return dir_ + "/WITNESS"; }
  std::string database_path() const { return dir_ + "/db"; }
  std::string reserve_path() const { return dir_ + "/reserve"; }
  std::string image_path() const { return dir_ + "/index"; }
  std::string checkpoint_path() const { return dir_ + "/checkpoint"; }

 private:
  DataFolder(std::string dir, int lock_fd) : dir_(std::move(dir)), lock_fd_(lock_fd) {}

  std::string dir_;
  int lock_fd_;
};

}  // namespace wonbon
