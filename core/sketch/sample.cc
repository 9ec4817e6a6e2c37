#include "core/sketch/sample.h"

#include <algorithm>
#include <array>
#include <utility>

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

constexpr uint64_t kAll = uint64_t{1} << (64 - kValueShift);

// Of `count` 8-unit shingles: those at the rate, or the kMinSampleSize first.
std::vector<uint64_t> SampleAtRate(const uint64_t* hashes, size_t count) {
  // Short texts get their floor from a limit that about 4 * kMinSampleSize shingles pass.
  uint64_t limit = std::max(kRateLimit, kAll / count * (4 * kMinSampleSize));
  std::vector<uint64_t> smallest = SmallestBelow(hashes, count, limit);
  if (smallest.size() < kMinSampleSize && limit < kAll) {
    smallest = SmallestBelow(hashes, count, kAll);
  }
  const size_t at_rate =
      std::lower_bound(smallest.begin(), smallest.end(), kRateLimit) - smallest.begin();
  const size_t size = std::clamp(at_rate, kMinSampleSize, kMaxSampleSize);
  smallest.resize(std::min(size, smallest.size()));
  return smallest;
}

// Calls visit(shingles, first values) for every sentence: kAskedOfSentence of them, ascending.
template <typename Visit>
void ForEachSentence(const ShingleList& shingles, Visit visit) {
  size_t begin = 0;
  for (const size_t end : shingles.sentence_ends) {
    const size_t first = std::exchange(begin, end);
    if (end < first + kSampleShingleUnits + kAskedSentenceShingles - 1) continue;
    std::array<uint64_t, kAskedOfSentence> smallest;
    smallest.fill(kAll);
    for (size_t i = first; i + kSampleShingleUnits <= end; ++i) {
      uint64_t value = SampleHash(&shingles.hashes[i]) >> kValueShift;
      if (value >= smallest.back()) continue;
      for (uint64_t& smaller : smallest) {
        if (value < smaller) std::swap(value, smaller);
      }
    }
    visit(end - first - kSampleShingleUnits + 1, smallest);
  }
}

// The 32 bits that are kept. Values past the rate lose their first bits, and with them the order.
std::vector<uint32_t> Kept(const std::vector<uint64_t>& values) {
  std::vector<uint32_t> kept(values.begin(), values.end());
  std::sort(kept.begin(), kept.end());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  return kept;
}

}  // namespace

Sample TakeSample(const ShingleList& shingles) {
  constexpr size_t kOverlap = kSampleShingleUnits - kShingleUnits;
  if (shingles.hashes.size() <= kOverlap) return {};
  const uint64_t* const hashes = shingles.hashes.data();
  const size_t count = shingles.hashes.size() - kOverlap;
  const std::vector<uint64_t> at_rate = SampleAtRate(hashes, count);
  std::vector<uint64_t> posted = at_rate, asked = at_rate;
  ForEachSentence(shingles, [&](size_t size, const auto& smallest) {
    if (size >= kPostedSentenceShingles && smallest[0] >= kRateLimit) posted.push_back(smallest[0]);
    for (const uint64_t value : smallest) {
      if (value >= kRateLimit && value < kAll) asked.push_back(value);
    }
  });
  Sample sample;
  sample.posted = Kept(posted.size() <= kMaxSampleSize ? posted : at_rate);
  sample.asks_all = shingles.hashes.size() < kItemShingles;
  if (sample.asks_all) asked = SmallestBelow(hashes, count, kAll);
  sample.asked = asked.size() <= kMaxSampleSize ? Kept(asked) : sample.posted;
  return sample;
}

}  // namespace wonbon
