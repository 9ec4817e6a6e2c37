// Small files that are an owner's alone: keys and certificates.
//
// Plain functions; thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace wonbon::keys {

enum class Secrecy {
  kOpen,     // anybody may read it
  // Refused where group or others have any right to it; but a file of root's that reaches a
  // process without its rights by the process' group, and that this group may read and no more, is
  // as private: so Kubernetes mounts secrets, and so Debian keeps keys for a service.
  kPrivate,
};

// The whole of `path`. FAILED_PRECONDITION, naming it, where it cannot be read, is no file, is
// larger than `max_bytes`, or is not as private as it should be.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path, size_t max_bytes,
                                          Secrecy secrecy);

// Writes what `edit` makes of the text of a private file ("" where there is none) in its place, at
// once: a reader sees the old or the new one, and a crash leaves either. It keeps its owner and is
// for that one alone. Edits of one folder wait for each other, in all processes.
// Errors of ReadSmallFile and of `edit`; FAILED_PRECONDITION where it cannot be written.
absl::Status EditPrivateFile(
    const std::string& path, size_t max_bytes,
    const std::function<absl::StatusOr<std::string>(const std::string& text)>& edit);

}  // namespace wonbon::keys
