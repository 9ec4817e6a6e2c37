// One number for a whole state: two engines that applied the same changes have the same.
#pragma once

#include <string>

#include "core/state/memory_state.h"

namespace wonbon {

// 32 hex digits: XXH3-128 of the records, as the store writes them, of all collections by number,
// of each its clusters by id with their members by number, then of all families and of all
// redirects by number. Looks at every document: computed where somebody asks, never on the way.
std::string StateDigest(const MemoryState& state);

}  // namespace wonbon
