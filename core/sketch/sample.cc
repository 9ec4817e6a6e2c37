#include "core/sketch/sample.h"

#include <algorithm>

#include "absl/container/fixed_array.h"
#include "core/limits.h"

namespace wonbon {
namespace {

constexpr int kValueShift = 27;  // 64 = 5 bits of rate, 32 of value, 27 unused
static_assert(kSampleRate == 1u << (64 - 32 - kValueShift));
constexpr uint64_t kRateLimit = uint64_t{1} << 32;  // of the upper 37 bits

// Upper 37 bits of the hashes below `limit`, ascending and distinct.
std::vector<uint64_t> SmallestBelow(const uint64_t* hashes, size_t count, uint64_t limit) {
  absl::FixedArray<uint64_t, 2048> found(count + 1);
  size_t size = 0;
  for (size_t i = 0; i < count; ++i) {
    found[size] = SampleHash(hashes + i) >> kValueShift;
    size += found[size] < limit;
  }
  std::vector<uint64_t> smallest(found.begin(), found.begin() + size);
  std::sort(smallest.begin(), smallest.end());
  smallest.erase(std::unique(smallest.begin(), smallest.end()), smallest.end());
  return smallest;
}

}  // namespace

std::vector<uint32_t> TakeSample(const uint64_t* hashes, size_t count) {
  constexpr size_t kOverlap = kSampleShingleUnits - kShingleUnits;
  if (count <= kOverlap) return {};
  count -= kOverlap;
  // Short texts get their floor from a limit that about 4 * kMinSampleSize shingles pass.
  constexpr uint64_t kAll = uint64_t{1} << (64 - kValueShift);
  uint64_t limit = std::max(kRateLimit, kAll / count * (4 * kMinSampleSize));
  std::vector<uint64_t> smallest = SmallestBelow(hashes, count, limit);
  if (smallest.size() < kMinSampleSize && limit < kAll) {
    smallest = SmallestBelow(hashes, count, kAll);
  }
  const size_t at_rate =
      std::lower_bound(smallest.begin(), smallest.end(), kRateLimit) - smallest.begin();
  const size_t size =
      std::min(std::clamp(at_rate, kMinSampleSize, kMaxSampleSize), smallest.size());
  std::vector<uint32_t> sample(smallest.begin(), smallest.begin() + size);
  if (size > at_rate) {  // values past the rate have lost their first bits, and with them the order
    std::sort(sample.begin(), sample.end());
    sample.erase(std::unique(sample.begin(), sample.end()), sample.end());
  }
  return sample;
}

}  // namespace wonbon
