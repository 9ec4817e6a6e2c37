// Errors over HTTP, in the form of the Connect protocol (connectrpc.com/docs/protocol):
//
//   HTTP/1.1 400 Bad Request
//   {"code":"invalid_argument","message":"document.id: must not be empty","details":[
//     {"type":"google.rpc.BadRequest","value":"<base64>","debug":{"fieldViolations":[…]}}, …]}
//
// with Retry-After where there is a google.rpc.RetryInfo. Pure functions.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "server/http/message.h"

namespace wonbon::server {

// "invalid_argument", as Connect names it. REQUIRES: not OK.
HttpReply ErrorReply(const grpc::Status& error);
// An error that is made before there is a call; `http_status` instead of what the code stands for.
HttpReply ErrorReply(const absl::Status& error, int http_status);

}  // namespace wonbon::server
