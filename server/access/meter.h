// How much of something a caller may have a second.
//
// Up to a second's worth may be had at once. Whoever asks while anything is left is given all he
// asks for, be it more: the next one waits until that is made up for. So a batch larger than a
// second's worth passes now and then, and the rate holds over time (the generic cell rate
// algorithm, ITU-T I.371). Thread-safe, without locks.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "server/monotonic.h"

namespace wonbon::server {

class Meter {
 public:
  // 0: no limit.
  explicit Meter(int64_t per_second) : per_second_(per_second) {}

  // Zero: taken. Otherwise how long it is until anything is left, and nothing was taken.
  absl::Duration Take(size_t amount, MonotonicTime now) {
    if (per_second_ == 0) return absl::ZeroDuration();
    const int64_t at = now.time_since_epoch().count();
    int64_t full = full_.load(std::memory_order_relaxed);
    while (full < at + kSecond) {
      const int64_t cost = static_cast<int64_t>(amount) * kSecond / per_second_;
      if (full_.compare_exchange_weak(full, std::max(full, at) + cost,
                                      std::memory_order_relaxed)) {
        return absl::ZeroDuration();
      }
    }
    return absl::Nanoseconds(full - at - kSecond + 1);
  }

 private:
  static_assert(MonotonicTime::period::den == 1'000'000'000, "counts nanoseconds");
  static constexpr int64_t kSecond = 1'000'000'000;

  const int64_t per_second_;
  // When a second's worth is there again, if nobody takes any.
  std::atomic<int64_t> full_{0};
};

}  // namespace wonbon::server
