// The bytes of an input file, unpacked. Which packing it is, the first bytes say, never the name.
//
// Not thread-safe, except for consumed().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace wonbon::client {

class InputStream {
 public:
  virtual ~InputStream() = default;

  // Up to `size` bytes; fewer where no more are there yet; 0 at the end.
  // DATA_LOSS: damaged or cut-off packing. UNKNOWN: the file cannot be read.
  virtual absl::StatusOr<size_t> Read(char* out, size_t size) = 0;

  // Bytes of the file itself taken so far: against its size they tell how far the reading is.
  virtual uint64_t consumed() const = 0;
};

// Opens a file, "-" being the standard input.
// NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (a folder, or packed otherwise: what unpacks it).
absl::StatusOr<std::unique_ptr<InputStream>> OpenInput(const std::string& path);

}  // namespace wonbon::client
