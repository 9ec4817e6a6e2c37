// Does a change that was decided elsewhere fit this state? Applying takes that for granted.
#pragma once

#include "absl/status/status.h"
#include "core/state/state.h"

namespace wonbon {

// DATA_LOSS naming what is missing where the change names a document, cluster or collection that
// neither the state nor the change itself has, or adds a document that is there already.
absl::Status CheckFits(const State& state, const Change& change);

}  // namespace wonbon
