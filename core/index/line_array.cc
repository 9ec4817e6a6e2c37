#include "core/index/line_array.h"

#include <sys/mman.h>

namespace wonbon {
namespace {

constexpr size_t kHugePageBytes = 2 << 20;

}  // namespace

void* AllocateLines(size_t count) {
  const size_t bytes = count * kCacheLineBytes;
  const bool huge = bytes >= 2 * kHugePageBytes;  // below, rounding up would waste too much
  const size_t alignment = huge ? kHugePageBytes : kCacheLineBytes;
  const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void* const lines = std::aligned_alloc(alignment, rounded);
  if (lines == nullptr) std::abort();
  // Advice only: without huge pages everything works, slower.
  if (huge) madvise(lines, rounded, MADV_HUGEPAGE);
  return lines;
}

}  // namespace wonbon
