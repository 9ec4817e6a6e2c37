// The resident memory of the process by what takes it: together all of it.
//
// The index, the cache and RocksDB say about what they hold, the allocator (jemalloc, in wonbond)
// what it keeps beside what it was asked for. What is left when all of them have spoken is called
// "unaccounted": memory of gRPC, of requests in work, of threads' stacks.
//
// Thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "core/engine.h"

namespace wonbon::server {

class MemoryParts {
 public:
  // To be made before the engine is opened: what the process takes then is the program's.
  MemoryParts();
  // `request_bytes`: of the requests being worked on.
  std::vector<MemoryPart> Read(const Engine::Stats& stats, uint64_t request_bytes) const;

 private:
  uint64_t program_bytes_ = 0;  // no file's
};

}  // namespace wonbon::server
