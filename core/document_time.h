// What the times of a document are worth: clients send zero dates (1970, the year 1), dates of
// fields that were never set, and dates in the future.
//
// Pure functions; times in micro-seconds since 1970.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/limits.h"
#include "core/record.h"

namespace wonbon {

// Whether a document that arrived at `received_us` can have been published at `published_us`.
inline bool IsPlausible(int64_t published_us, int64_t received_us) {
  return published_us >= kMinPlausibleTimeUs && published_us - kMaxTimeAheadUs <= received_us;
}

// When a version was published, as far as it can be believed.
inline int64_t BelievedTime(const DocumentEntry& entry) {
  return IsPlausible(entry.published_us, entry.received_us) ? entry.published_us
                                                            : entry.received_us;
}

// Of two times of first publication the one to believe: the plausible one, then the earlier one.
inline int64_t EarlierTime(int64_t a_us, int64_t b_us, int64_t received_us) {
  const bool a_plausible = IsPlausible(a_us, received_us);
  if (a_plausible != IsPlausible(b_us, received_us)) return a_plausible ? a_us : b_us;
  return std::min(a_us, b_us);
}

// What retention counts from: publication, or arrival where that is earlier, so that no date in the
// future keeps a document.
inline int64_t RetainedSince(const DocumentEntry& entry) {
  return std::min(BelievedTime(entry), entry.received_us);
}

// Documents retained since before this are to go. REQUIRES: the collection has a retention.
inline int64_t ExpiryLimit(const CollectionSettings& settings, int64_t now_us) {
  return now_us - absl::ToInt64Microseconds(settings.retention);
}

inline bool HasRetention(const CollectionSettings& settings) {
  return settings.retention > absl::ZeroDuration();
}

// Whether the collection's retention is over.
inline bool IsExpired(const DocumentEntry& entry, const CollectionSettings& settings,
                      int64_t now_us) {
  return HasRetention(settings) && RetainedSince(entry) < ExpiryLimit(settings, now_us);
}

}  // namespace wonbon
