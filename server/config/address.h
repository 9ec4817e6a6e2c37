// "host:port", "[::1]:port" and ":port" (all interfaces), as --listen takes them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace wonbon::server {

struct HostPort {
  std::string host;
  uint16_t port = 0;
};

// INVALID_ARGUMENT for anything else.
absl::StatusOr<HostPort> ParseAddress(std::string_view text);
std::string FormatAddress(const HostPort& address);

// Whether only this machine can reach it, as far as its form says: a name other than "localhost"
// is taken for one that others can reach.
bool IsLoopback(const HostPort& address);

// Whether the host is an address and no name; without brackets.
bool IsIpAddress(const std::string& host);

// OK where a server could listen here now; UNAVAILABLE with the system's reason where it could not.
// Asked before the index is loaded, so that a taken port is known at once. Port 0 is always free.
absl::Status CheckFree(const HostPort& address);

}  // namespace wonbon::server
