#include "core/judge/spans.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/judge/limits.h"

namespace wonbon {
namespace {

// A shorter run is chance: "했다고 밝혔다" has six letters.
constexpr size_t kMinRunUnits = 8;

struct Run {
  size_t a = 0, b = 0, length = 0;  // units
};

using Positions = std::unordered_map<std::u16string_view, std::vector<size_t>>;

Positions IndexBeginnings(std::u16string_view units) {
  Positions positions;
  for (size_t i = 0; i + kMinRunUnits <= units.size(); ++i) {
    std::vector<size_t>& at = positions[units.substr(i, kMinRunUnits)];
    if (at.size() < kMaxSpanPlaces) at.push_back(i);
  }
  return positions;
}

// Units from `a` and `b` on that are equal and not yet `taken` in b.
size_t Extend(std::u16string_view a, std::u16string_view b, const std::vector<bool>& taken) {
  const size_t begin = taken.size() - b.size();
  size_t length = 0;
  while (length < a.size() && length < b.size() && a[length] == b[length] &&
         !taken[begin + length]) {
    ++length;
  }
  return length;
}

// From left to right in `a`, always the longest run that b has left.
std::vector<Run> FindRuns(std::u16string_view a, std::u16string_view b) {
  const Positions positions = IndexBeginnings(b);
  std::vector<bool> taken(b.size());
  std::vector<Run> runs;
  for (size_t i = 0; i + kMinRunUnits <= a.size() && runs.size() < kMaxSharedSpans;) {
    Run best;
    const auto at = positions.find(a.substr(i, kMinRunUnits));
    if (at != positions.end()) {
      for (size_t position : at->second) {
        const size_t length = Extend(a.substr(i), b.substr(position), taken);
        if (length > best.length) best = {i, position, length};
      }
    }
    if (best.length < kMinRunUnits) {
      ++i;
      continue;
    }
    std::fill_n(taken.begin() + static_cast<std::ptrdiff_t>(best.b), best.length, true);
    runs.push_back(best);
    i += best.length;
  }
  return runs;
}

Span Bytes(const CanonicalText& text, size_t begin, size_t end) {
  return {text.unit_source[begin], text.unit_source_end[end - 1]};
}

// What lies between the stretches [first, second) of units, which are in order.
std::vector<Span> Between(const CanonicalText& text,
                          const std::vector<std::pair<size_t, size_t>>& stretches) {
  std::vector<Span> out;
  size_t end = 0;
  for (const auto& [first, second] : stretches) {
    if (first > end) out.push_back(Bytes(text, end, first));
    end = second;
  }
  if (end < text.units.size()) out.push_back(Bytes(text, end, text.units.size()));
  return out;
}

}  // namespace

Spans FindSpans(const CanonicalText& a, const CanonicalText& b) {
  Spans out;
  std::vector<std::pair<size_t, size_t>> in_a, in_b;
  for (const Run& run : FindRuns(a.units, b.units)) {
    out.shared.push_back(
        {Bytes(a, run.a, run.a + run.length), Bytes(b, run.b, run.b + run.length)});
    in_a.emplace_back(run.a, run.a + run.length);
    in_b.emplace_back(run.b, run.b + run.length);
  }
  std::sort(in_b.begin(), in_b.end());
  out.only_a = Between(a, in_a);
  out.only_b = Between(b, in_b);
  return out;
}

}  // namespace wonbon
