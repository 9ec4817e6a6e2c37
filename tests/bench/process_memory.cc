#include "tests/bench/process_memory.h"

#include <malloc.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>

// Of jemalloc, where the program is linked with it.
extern "C" int mallctl(const char* name, void* old_value, size_t* old_size, void* new_value,
                       size_t new_size) __attribute__((weak));

namespace wonbon::bench {

ProcessMemory MeasureMemory() {
  ProcessMemory memory;
  uint64_t virtual_pages = 0;
  uint64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> virtual_pages >> resident_pages;
  memory.resident = resident_pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  if (mallctl != nullptr) {
    uint64_t epoch = 1;  // the numbers are those of the last time it was set
    mallctl("epoch", nullptr, nullptr, &epoch, sizeof(epoch));
    size_t size = sizeof(memory.allocated);
    mallctl("stats.allocated", &memory.allocated, &size, nullptr, 0);
  } else {
    const struct mallinfo2 info = mallinfo2();
    memory.allocated = info.uordblks + info.hblkhd;
  }
  return memory;
}

}  // namespace wonbon::bench
