// The one mapping from what a call answered to absl::Status.
//
// Codes are the same numbers on both sides. The message names each field violation; every
// google.rpc detail stays attached as a payload under its type URL, so that nothing is lost.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace grpc {
class Status;
}
namespace google::rpc {
class Status;
}

namespace wonbon::client {

// The outcome of a call. A code that gRPC does not know becomes UNKNOWN.
absl::Status FromGrpc(const grpc::Status& status);

// The outcome of one document of a batch.
absl::Status FromRpc(const google::rpc::Status& status);

// How long the server asked to wait before the next attempt (google.rpc.RetryInfo), if it did.
std::optional<absl::Duration> RetryDelay(const absl::Status& status);

// The stable reason of a wonbon error (google.rpc.ErrorInfo), such as DOCUMENT_DELETED. Empty where
// the error did not come from a wonbon server: the connection failed, a proxy answered.
std::string ErrorReason(const absl::Status& status);

}  // namespace wonbon::client
