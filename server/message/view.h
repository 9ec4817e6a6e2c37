// DecisionView of a request: whether the canonical copy comes with its body.
#pragma once

#include "absl/status/statusor.h"
#include "server/message/status.h"
#include "wonbon/v1/decision.pb.h"

namespace wonbon::server {

// True for FULL; INVALID_ARGUMENT on the field view for a value the contract does not have.
inline absl::StatusOr<bool> WantsBody(v1::DecisionView view) {
  if (!v1::DecisionView_IsValid(view)) return InvalidField("view", "not a DecisionView");
  return view == v1::DECISION_VIEW_FULL;
}

}  // namespace wonbon::server
