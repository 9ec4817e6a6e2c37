// Small files, read and replaced whole. Errors name the path: NOT_FOUND, RESOURCE_EXHAUSTED (disk
// full), FAILED_PRECONDITION (not permitted, or longer than allowed), UNAVAILABLE otherwise.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace wonbon {

struct SmallFile {
  std::string bytes;
  mode_t mode = 0;  // permission bits
};
absl::StatusOr<SmallFile> ReadSmallFile(const std::string& path, size_t max_bytes);

// After a crash at any moment the file is the old one or the new one, whole: written beside as
// path.new, fsynced, renamed, and the folder fsynced.
absl::Status ReplaceFile(const std::string& path, std::string_view bytes, mode_t mode);

// errno as a status: "doing path: No space left on device".
absl::Status ErrnoStatus(int error, std::string_view doing, std::string_view path);

}  // namespace wonbon
