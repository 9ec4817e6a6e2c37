// Which passages two texts share, and which only one of them has.
//
// Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "core/text/canonical.h"

namespace wonbon {

// Bytes of a submitted body: [begin, end).
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct SharedSpan {
  Span a;
  Span b;
};

struct Spans {
  std::vector<SharedSpan> shared;  // in the order of a
  std::vector<Span> only_a;        // in order; what lies between the shared passages
  std::vector<Span> only_b;
};

// Greedy maximal runs of equal letters and digits. REQUIRES: both texts were canonicalised with
// their source offsets.
Spans FindSpans(const CanonicalText& a, const CanonicalText& b);

}  // namespace wonbon
