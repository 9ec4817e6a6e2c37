// How many bytes of whole messages came by each connection: what else it sent, gRPC still holds, as
// messages that are not whole (connections.h).
//
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace wonbon::server {

class Arrivals {
 public:
  // By the connection's name, as gRPC has it.
  using Bytes = absl::flat_hash_map<std::string, uint64_t>;

  // A message of so many bytes is whole. More is counted than that: what its headers and frames,
  // and those of TLS, take at most.
  void Add(const std::string& peer, size_t bytes) {
    absl::MutexLock lock(&mutex_);
    bytes_[peer] += bytes + bytes / kFramesShare + kHeaderBytes;
  }
  // What came since this was called last.
  Bytes Take() {
    Bytes taken;
    absl::MutexLock lock(&mutex_);
    taken.swap(bytes_);
    return taken;
  }

 private:
  // A frame of 16 KiB has 9 bytes of its own, and 22 where it is a record of TLS.
  static constexpr size_t kFramesShare = 256;
  static constexpr size_t kHeaderBytes = 8 << 10;  // gRPC takes no more

  absl::Mutex mutex_;
  Bytes bytes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace wonbon::server
