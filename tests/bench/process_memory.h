// What memory this process holds, as the kernel and as the allocator count it.
#pragma once

#include <cstdint>

namespace wonbon::bench {

struct ProcessMemory {
  uint64_t resident = 0;   // pages in memory, in bytes
  uint64_t allocated = 0;  // bytes that were asked for and not given back, rounded to size classes
};
ProcessMemory MeasureMemory();

}  // namespace wonbon::bench
