// Writes all that a server holds into a file: `wonbon dump`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/client.h"

namespace wonbon::client {

struct DumpTally {
  uint64_t collections = 0;
  uint64_t documents = 0;
  uint64_t blocked_ids = 0;
  uint64_t words = 0;  // of editors
};

// A server that takes writes is refused (FAILED_PRECONDITION), for the file is of one moment, and
// so is one that changed all the same (ABORTED); a key that is for some collections only is
// PERMISSION_DENIED. After an error there is no file. `progress` is told of documents.
absl::StatusOr<DumpTally> DumpServer(const Client& client, const std::string& path,
                                     const std::function<void(uint64_t)>& progress);

}  // namespace wonbon::client
