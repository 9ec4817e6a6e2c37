// The one mapping from what a call answered to absl::Status.
//
// Codes are the same numbers on both sides, but for CANCELLED: it means that this client cancelled
// the call, and nothing else. gRPC also answers it where nobody here asked for it (a server that
// stops, a proxy that gives up, a stream that was reset): that is UNAVAILABLE, worth another
// attempt. The message names each field violation; every google.rpc detail stays attached as a
// payload under its type URL, so that nothing is lost.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace grpc {
class ClientContext;
class Status;
}  // namespace grpc
namespace google::rpc {
class Status;
}

namespace wonbon::client {

class Cancellation;

// The outcome of the call made with `context`. `cancellation`, which may be null, is what cancels
// calls on this side. A call that was ended after its deadline is DEADLINE_EXCEEDED, whatever the
// other side called it. A code that gRPC does not know becomes UNKNOWN.
absl::Status OutcomeOf(const grpc::Status& status, const grpc::ClientContext& context,
                       const Cancellation* cancellation);

// The outcome of one document of a batch or a stream. Never CANCELLED.
absl::Status FromRpc(const google::rpc::Status& status);

// The error with all its details under another code and message.
absl::Status Reworded(const absl::Status& error, absl::StatusCode code, const std::string& message);

// How long the server asked to wait before the next attempt (google.rpc.RetryInfo), if it did.
std::optional<absl::Duration> RetryDelay(const absl::Status& status);

// The stable reason of a wonbon error (google.rpc.ErrorInfo), such as DOCUMENT_DELETED. Empty where
// the error did not come from a wonbon server: the connection failed, a proxy answered.
std::string ErrorReason(const absl::Status& status);

}  // namespace wonbon::client
