// How many submissions of the last 24 hours were duplicates, by the hour since the server started.
//
// Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/decision.h"
#include "server/monotonic.h"

namespace wonbon::server {

class RecentDecisions {
 public:
  explicit RecentDecisions(MonotonicTime started) : started_(started) {}

  // A decision that was answered. One that changed nothing does not count.
  void Count(const Decision& decision, MonotonicTime now);

  struct LastDay {
    uint64_t decisions = 0;
    uint64_t duplicates = 0;  // EXACT, NEAR and REVISION
    absl::Duration span;      // 23 hours and the one under way, or less since the start
  };
  LastDay Read(MonotonicTime now) const;

 private:
  static constexpr size_t kHours = 24;
  struct Hour {
    uint64_t number = 0;  // since the start
    uint64_t decisions = 0;
    uint64_t duplicates = 0;
  };
  absl::Duration Age(MonotonicTime now) const { return absl::FromChrono(now - started_); }
  static uint64_t HourOf(absl::Duration age) {
    return static_cast<uint64_t>(absl::ToInt64Hours(age));
  }

  const MonotonicTime started_;
  mutable absl::Mutex mutex_;
  std::array<Hour, kHours> hours_ ABSL_GUARDED_BY(mutex_);  // of hour n at n % kHours
};

}  // namespace wonbon::server
