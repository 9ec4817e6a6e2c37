// The View of a request.
#pragma once

#include "absl/status/statusor.h"
#include "core/error.h"
#include "wonbon/v1/decision.pb.h"

namespace wonbon::server {

// True for FULL; `unspecified` where the request leaves it to us; INVALID_ARGUMENT on the field
// view for a value that the contract does not have.
inline absl::StatusOr<bool> WantsFull(v1::View view, bool unspecified) {
  if (!v1::View_IsValid(view)) return InvalidField("view", "not a View");
  return view == v1::VIEW_UNSPECIFIED ? unspecified : view == v1::VIEW_FULL;
}

}  // namespace wonbon::server
