// A few MiB of real blocks in the data folder, given up when the disk is full, so that what RocksDB
// has under way then still finds room; made again when there is room, which is how the store learns
// that there is.
//
// One thread at a time.
#pragma once

#include <string>
#include <utility>

#include "absl/status/status.h"

namespace wonbon {

class Reserve {
 public:
  explicit Reserve(std::string path) : path_(std::move(path)) {}

  // Makes the file, kReserveBytes long, where it is not. RESOURCE_EXHAUSTED where there is no room
  // for it, FAILED_PRECONDITION where the file system is read-only.
  absl::Status Make();
  void GiveUp();

 private:
  const std::string path_;
};

}  // namespace wonbon
