// What answers at an address, whatever a gRPC channel makes of it: for hints where a call fails,
// and for what only the admin endpoint tells. Blocking, for 2 s at most for each step.
//
// Plain functions; thread-safe.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/command/options.h"

namespace wonbon::client {

enum class Speech {
  kNothing,  // nobody takes a connection there
  kUnknown,  // nothing that is known here
  kHttp1,    // the admin endpoint, or rpcs over HTTP
  kHttp2,    // gRPC without TLS
  kTls,
};

struct PortLook {
  Speech speech = Speech::kNothing;
  // Of the certificate that was shown (kTls): until when it is valid.
  std::optional<absl::Time> certificate_end;
};

// Of "host:port" or "[v6]:port". A server that wants a certificate is shown that of `options`.
PortLook LookAtPort(const GlobalOptions& options);

// What the port speaks is not what the options lead to: what it is, and which option cures that.
// Empty where nothing is known to be wrong.
std::string PortHint(const GlobalOptions& options);

// The body of GET at a port that speaks HTTP/1 without TLS. UNAVAILABLE: nobody answers in time, or
// otherwise than with 200. RESOURCE_EXHAUSTED: more than kMaxMetricsBytes.
absl::StatusOr<std::string> HttpGet(const std::string& endpoint, const std::string& path);

}  // namespace wonbon::client
