// Errors on the wire: the one mapping from absl::Status to gRPC's status with google.rpc details.
//
// Every error carries an ErrorInfo (domain "wonbon", a reason that stays the same between
// versions, what the error is about as metadata "subject"); one about a field also a BadRequest
// with the field's path, one that passes by itself a RetryInfo. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "core/error.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace wonbon::server {

// RESOURCE_EXHAUSTED: more of something than the server takes at once.
absl::Status Overloaded(ErrorReason reason, std::string_view message);
// RESOURCE_EXHAUSTED (kQueueFull): so much waits that the call would not be done in its time.
absl::Status WouldBeLate();
// UNAVAILABLE: what is answered to calls while the server stops.
absl::Status Draining();
// INVALID_ARGUMENT about "document..." as one about "documents[3]...": for items of a batch. Other
// errors are returned as they are.
absl::Status ForBatchItem(const absl::Status& status, size_t index);

// "NOT_FOUND"; "UNKNOWN" for what is no code of gRPC's.
std::string_view CodeName(absl::StatusCode code);
// The stable reason of an error: its ErrorReason, or the name of its code.
std::string_view Reason(const absl::Status& status);

// The whole error as google.rpc.Status: for items of a batch.
google::rpc::Status ToRpcStatus(const absl::Status& status);
// The whole error as gRPC sends it. OK becomes OK.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace wonbon::server
