#include "server/admin/memory_parts.h"

#include <algorithm>
#include <cstddef>

#include "server/admission/memory_ceiling.h"

// Of jemalloc, where the program is linked to it.
extern "C" __attribute__((weak)) int mallctl(const char* name, void* old, size_t* old_bytes,
                                             void* next, size_t next_bytes);

namespace wonbon::server {
namespace {

uint64_t Statistic(const char* name) {
  size_t value = 0;
  size_t bytes = sizeof value;
  return mallctl(name, &value, &bytes, nullptr, 0) == 0 ? value : 0;
}

// What the allocator keeps beside what it was asked for: free pages, gaps, its own records. 0 for
// an allocator that does not tell.
uint64_t AllocatorOverhead() {
  if (mallctl == nullptr) return 0;
  uint64_t epoch = 1;  // the numbers below are of the moment of this call
  mallctl("epoch", nullptr, nullptr, &epoch, sizeof epoch);
  const uint64_t resident = Statistic("stats.resident");
  return resident - std::min(resident, Statistic("stats.allocated"));
}

}  // namespace

MemoryParts::MemoryParts() {
  const uint64_t taken = ReadResidentMemory().anonymous;
  program_bytes_ = taken - std::min(taken, AllocatorOverhead());
}

std::vector<MemoryPart> MemoryParts::Read(const Engine::Stats& stats,
                                          uint64_t request_bytes) const {
  const ResidentMemory resident = ReadResidentMemory();
  std::vector<MemoryPart> parts = stats.index_memory;
  parts.insert(parts.end(), {{"article_cache", stats.article_cache_bytes},
                             {"document_frequencies", stats.rarity_bytes},
                             {"memtables", stats.store_memory.memtables},
                             {"block_cache", stats.store_memory.block_cache},
                             {"table_readers", stats.store_memory.table_readers},
                             {"requests", request_bytes},
                             {"program", resident.files + program_bytes_},
                             {"allocator", AllocatorOverhead()}});
  uint64_t named = 0;
  for (const MemoryPart& part : parts) named += part.bytes;
  const uint64_t all = resident.anonymous + resident.files;
  parts.push_back({"unaccounted", all - std::min(all, named)});
  return parts;
}

}  // namespace wonbon::server
