// What deciding on a submission and deciding on a removal have in common. For decide.cc and
// decide_removal.cc alone. Pure functions of what they are given.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/cluster/decide.h"

namespace wonbon {

// Whether the version that a writer knows still stands; `standing`: 0 where none does.
// FAILED_PRECONDITION (kSequenceMismatch).
absl::Status CheckExpected(const std::optional<Sequence>& expected, Sequence standing,
                           const std::string& id);
// The record of a document's removal, with what document frequencies must not forget of it.
absl::StatusOr<RemovedDocument> MakeRemoval(const DecisionContext& context,
                                            const DocumentEntry& entry, std::string id);

}  // namespace wonbon
