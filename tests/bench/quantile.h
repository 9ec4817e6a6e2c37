// Quantiles of what was measured.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace wonbon::bench {

// Of a list that is sorted here; 0 of an empty one.
inline double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace wonbon::bench
