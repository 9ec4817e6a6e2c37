// Answers in words, so that two can be compared and a difference read. Pure functions.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "core/decision.h"

namespace wonbon::oracle {

// All that an answer says; two answers are the same if this is. Of an error its code alone.
std::string Tell(const absl::StatusOr<Decision>& decision);

}  // namespace wonbon::oracle
