// Looks for a rare character, several at a time: a search that costs a fraction of a nanosecond a
// character, where one after the other costs one or two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace wonbon {

// A vector of GCC and Clang: operators work lane by lane, comparisons give all bits or none.
using UnitLanes = uint16_t __attribute__((vector_size(16)));
inline constexpr size_t kUnitLanes = sizeof(UnitLanes) / sizeof(char16_t);

inline UnitLanes LoadUnits(const char16_t* from) {
  UnitLanes lanes;
  std::memcpy(&lanes, from, sizeof(lanes));
  return lanes;
}

// Index of the first character in [from, end) of `text` that `is_wanted`; `end` where there is
// none, `from` where that is past `end`. REQUIRES: end <= text.size(). `is_wanted` takes a
// character or UnitLanes alike: comparisons, joined by & and |.
template <typename IsWanted>
size_t FindWanted(std::u16string_view text, size_t from, size_t end, IsWanted is_wanted) {
  for (; from + kUnitLanes <= end; from += kUnitLanes) {
    const auto found = is_wanted(LoadUnits(text.data() + from));
    uint64_t halves[2];
    static_assert(sizeof(halves) == sizeof(found));
    std::memcpy(halves, &found, sizeof(halves));
    if ((halves[0] | halves[1]) != 0) break;
  }
  while (from < end && !is_wanted(text[from])) ++from;
  return from;
}

}  // namespace wonbon
