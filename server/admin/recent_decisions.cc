#include "server/admin/recent_decisions.h"

#include <algorithm>

#include "core/relation.h"

namespace wonbon::server {

void RecentDecisions::Count(const Decision& decision, MonotonicTime now) {
  if (decision.outcome == Outcome::kUnchanged) return;
  const uint64_t number = HourOf(Age(now));
  absl::MutexLock lock(&mutex_);
  Hour& hour = hours_[number % kHours];
  if (hour.number != number) hour = {.number = number};
  ++hour.decisions;
  hour.duplicates += Joins(decision.relation) ? 1 : 0;
}

RecentDecisions::LastDay RecentDecisions::Read(MonotonicTime now) const {
  const absl::Duration age = Age(now);
  const uint64_t current = HourOf(age);
  LastDay day;
  const absl::Duration under_way = age - absl::Hours(static_cast<int64_t>(current));
  day.span = std::min(age, under_way + absl::Hours(static_cast<int64_t>(kHours) - 1));
  absl::MutexLock lock(&mutex_);
  for (const Hour& hour : hours_) {
    if (hour.number + kHours <= current) continue;
    day.decisions += hour.decisions;
    day.duplicates += hour.duplicates;
  }
  return day;
}

}  // namespace wonbon::server
