// Brings what a dump holds into a server: `wonbon load`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/client.h"

namespace wonbon::client {

struct LoadTally {
  uint64_t collections = 0;
  uint64_t documents = 0;    // new ones, and those that stood already
  uint64_t expired = 0;      // not taken: their collection's retention is over for them
  uint64_t blocked_ids = 0;
  uint64_t words = 0;        // of editors
  uint64_t clusters = 0;     // of the collections of the dump, as they are now
  uint64_t clusters_before = 0;  // as they were in the dump
  std::vector<std::string> refused_words;
};

struct LoadOptions {
  // Also into a server that holds something, as after a load that broke off: what is there already
  // stays as it is.
  bool into_used = false;
  std::function<void(uint64_t documents)> progress;
};

// The dump is read twice: the first time to see that it is whole (CheckDump), before anything is
// sent. FAILED_PRECONDITION: the server is not empty. An error of one document ends it, naming file
// and line; the same again with `into_used` goes on.
absl::StatusOr<LoadTally> LoadServer(const Client& client, const std::string& path,
                                     const LoadOptions& options);

}  // namespace wonbon::client
