// Limits of the comparison that shows two texts side by side. What is past them is shown as
// different though it is not; relation and score are judged without it.
#pragma once

#include <cstddef>

namespace wonbon {

// Places of one text with the same first letters that are tried for a passage of the other: the
// first ones.
inline constexpr size_t kMaxSpanPlaces = 16;
// Shared passages reported, from the beginning of the first text on.
inline constexpr size_t kMaxSharedSpans = 1'000;

}  // namespace wonbon
