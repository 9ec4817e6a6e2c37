// Elects the canonical copy of a cluster.
//
// pinned > of each publisher the newest version, with the first one's time (versions.h) > complete,
// and of these what has no tail of its own (agreement.h) > preferred publisher, then the news
// agency the story comes from > earliest publication > fullest > smallest id. Times that cannot be
// (before 1990, over a day ahead of arrival) stand behind those that can.
#pragma once

#include <functional>
#include <string>

#include "absl/types/span.h"
#include "core/cluster/agreement.h"
#include "core/cluster/versions.h"
#include "core/decision.h"
#include "core/record.h"

namespace wonbon {

struct Election {
  DocumentNumber canonical = DocumentNumber::kNone;
  CanonicalReason reason = CanonicalReason::kOnlyDocument;
};

// REQUIRES: `members` is not empty. `id_of` is asked only where all else is equal.
Election Elect(absl::Span<const Contender> members, DocumentNumber pinned,
               const CollectionRecord& collection, const Agreement& agreement,
               const std::function<std::string(DocumentNumber)>& id_of);
// Where it is not known who has which text, and what the texts share.
Election Elect(absl::Span<const DocumentEntry> members, DocumentNumber pinned,
               const CollectionRecord& collection,
               const std::function<std::string(DocumentNumber)>& id_of);

// Whether an election in which `standing` won ends alike now that `joined` came, by which the
// agreement stays as it is, and which is no version of a member: it stands behind, and is not so
// full that `standing` is cut beside it.
bool StandsBehind(const Contender& joined, const Contender& standing,
                  const CollectionRecord& collection, const Agreement& agreement);

}  // namespace wonbon
