// Errors on the wire: the one mapping from absl::Status to gRPC's status with google.rpc details.
//
// Every error carries an ErrorInfo (domain "wonbon", a reason that stays the same between
// versions); INVALID_ARGUMENT also a BadRequest with the field's path where it is known,
// RESOURCE_EXHAUSTED and UNAVAILABLE a RetryInfo. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace wonbon::server {

// Reasons that the server itself gives; Reason() lists those derived from the engine's errors.
inline constexpr std::string_view kNotBuiltYet = "NOT_BUILT_YET";
inline constexpr std::string_view kQueueFull = "QUEUE_FULL";
inline constexpr std::string_view kTooManyBytesInFlight = "TOO_MANY_BYTES_IN_FLIGHT";
inline constexpr std::string_view kTooManyStreams = "TOO_MANY_STREAMS";
inline constexpr std::string_view kResponseTooLarge = "RESPONSE_TOO_LARGE";
inline constexpr std::string_view kMalformedMessage = "MALFORMED_MESSAGE";
inline constexpr std::string_view kDraining = "DRAINING";

// INVALID_ARGUMENT in the engine's form, "field: description".
absl::Status InvalidField(std::string_view field, std::string_view description);
// `status` with a reason of its own.
absl::Status WithReason(absl::Status status, std::string_view reason);
// An INVALID_ARGUMENT about "document..." as one about "documents[3]...": for items of a batch.
// Other errors are returned as they are.
absl::Status ForBatchItem(const absl::Status& status, size_t index);

// The stable reason of an error.
std::string Reason(const absl::Status& status);

// The whole error as google.rpc.Status: for items of a batch.
google::rpc::Status ToRpcStatus(const absl::Status& status);
// The whole error as gRPC sends it. OK becomes OK.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace wonbon::server
