// Time that only goes forward: for durations and deadlines. The wall clock, which an operator or
// NTP may set back, is only for what is shown or stored.
#pragma once

#include <chrono>

#include "absl/time/time.h"

namespace wonbon::server {

using MonotonicTime = std::chrono::steady_clock::time_point;

inline MonotonicTime MonotonicNow() { return std::chrono::steady_clock::now(); }
inline absl::Duration Since(MonotonicTime then) { return absl::FromChrono(MonotonicNow() - then); }

}  // namespace wonbon::server
