// Limits of a look-up in the index. None is an error: what one key does not find any more is found
// through the others, or not at all.
#pragma once

#include <cstddef>

namespace wonbon {

// One key's postings in one band that a look-up finds: those of the newest documents. Older ones
// are kept aside, and come back when newer ones are removed.
inline constexpr int kMaxPostingsPerKey = 8;
// Holders of one exact or url key that a look-up returns: the oldest (they are one cluster nearly
// always).
inline constexpr size_t kMaxKeyHits = 8;
// A sampled shingle found in more canonical copies than this is a form, not evidence: passed over.
inline constexpr size_t kMaxSamplePostings = 64;

}  // namespace wonbon
