// How much memory the process may take before it takes no more documents: what --memory-limit says.
//
// Counted is what the kernel counts against a limit and cannot take back: resident pages that are
// no file's. That includes free pages that the allocator keeps; it gives them back within seconds
// (main.cc). Thread-safe; one small file of /proc is read every kMemoryReadInterval at most.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/monotonic.h"

namespace wonbon::server {

// Resident pages of this process, in bytes.
struct ResidentMemory {
  uint64_t anonymous = 0;  // no file's
  uint64_t files = 0;      // of the program and its libraries
};
ResidentMemory ReadResidentMemory();
inline uint64_t AnonymousMemory() { return ReadResidentMemory().anonymous; }
// What the process may take at most: the machine's memory, or the limit of its control group
// (version 2 or 1) where that is less.
uint64_t GrantedMemory();

class MemoryCeiling {
 public:
  struct Options {
    uint64_t limit = 0;  // 0: none
    std::function<uint64_t()> used = AnonymousMemory;
  };
  explicit MemoryCeiling(Options options) : options_(std::move(options)) {}

  // RESOURCE_EXHAUSTED (kMemoryLimit) while more than the limit is taken: no further document is.
  absl::Status Admit();
  uint64_t used() const { return options_.used(); }
  uint64_t limit() const { return options_.limit; }

 private:
  const Options options_;
  absl::Mutex mutex_;
  MonotonicTime read_at_ ABSL_GUARDED_BY(mutex_){};
  bool passed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace wonbon::server
