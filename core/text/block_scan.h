// Looks for a rare character, several at a time: a search that costs a fraction of a nanosecond a
// character, where one after the other costs one or two.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace wonbon {

// A vector of GCC and Clang: operators work lane by lane, comparisons give all bits or none.
using UnitLanes = uint16_t __attribute__((vector_size(16)));
inline constexpr size_t kUnitLanes = sizeof(UnitLanes) / sizeof(char16_t);

// What lanes are compared with. (Clang 14 ends with a fault where that is a char16_t.)
constexpr uint16_t Lane(char16_t c) { return c; }

// The first `count` lanes from memory, 0 in the others. REQUIRES: count <= kUnitLanes.
inline UnitLanes LoadUnits(const char16_t* from, size_t count = kUnitLanes) {
  UnitLanes lanes{};
  std::memcpy(&lanes, from, count * sizeof(char16_t));
  return lanes;
}

// Index of the first lane that a comparison holds for, kUnitLanes where there is none.
template <typename Comparison>
size_t FirstLane(const Comparison& comparison) {
  static_assert(std::endian::native == std::endian::little);
  constexpr int kBits = 16;
  uint64_t halves[2];
  static_assert(sizeof(halves) == sizeof(comparison));
  std::memcpy(halves, &comparison, sizeof(halves));
  if (halves[0] != 0) return static_cast<size_t>(std::countr_zero(halves[0]) / kBits);
  if (halves[1] == 0) return kUnitLanes;
  return kUnitLanes / 2 + static_cast<size_t>(std::countr_zero(halves[1]) / kBits);
}

// Index of the first character in [from, end) of `text` that `is_wanted`; `end` where there is
// none, `from` where that is past `end`. REQUIRES: end <= text.size(). `is_wanted` takes UnitLanes:
// comparisons with a Lane, joined by & and |.
template <typename IsWanted>
size_t FindWanted(std::u16string_view text, size_t from, size_t end, IsWanted is_wanted) {
  for (; from + kUnitLanes <= end; from += kUnitLanes) {
    const size_t lane = FirstLane(is_wanted(LoadUnits(text.data() + from)));
    if (lane < kUnitLanes) return from + lane;
  }
  if (from >= end) return from;
  const size_t lane = FirstLane(is_wanted(LoadUnits(text.data() + from, end - from)));
  return lane < end - from ? from + lane : end;
}

}  // namespace wonbon
