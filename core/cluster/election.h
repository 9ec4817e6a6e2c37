// Elects the canonical copy of a cluster.
//
// pinned > complete (at least kCompleteShare of the fullest member: a cut copy never stands for a
// full one) > preferred publisher, then the news agency the story comes from > earliest publication
// > smallest id. Of several versions of one article (same publisher and url) the newest stands,
// with the first one's time. Times that cannot be (before 1990, over a day ahead of arrival) stand
// behind those that can.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "core/decision.h"
#include "core/record.h"

namespace wonbon {

inline constexpr double kCompleteShare = 0.8;

struct Election {
  DocumentNumber canonical = DocumentNumber::kNone;
  CanonicalReason reason = CanonicalReason::kOnlyDocument;
};

// REQUIRES: `members` is not empty. `id_of` is asked only where all else is equal.
Election Elect(absl::Span<const DocumentEntry> members, DocumentNumber pinned,
               const CollectionRecord& collection,
               const std::function<std::string(DocumentNumber)>& id_of);

// Whether an election in which `standing` won ends alike now that `joined` came, which is no
// version of a member: it stands behind, and is not so full that `standing` is cut beside it.
bool StandsBehind(const DocumentEntry& joined, const DocumentEntry& standing,
                  const CollectionRecord& collection);

}  // namespace wonbon
