// How a server is reached: its address, the encryption, and who asks.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace grpc {
class Channel;
}

namespace wonbon::client {

inline constexpr std::string_view kDefaultEndpoint = "127.0.0.1:7443";

struct ChannelOptions {
  // host:port, [v6]:port or unix:path.
  std::string endpoint{kDefaultEndpoint};
  // Sent with every call as the metadata x-api-key. Empty: none.
  std::string api_key;
  // PEM file of the authorities to trust. Empty: those of the system. Where it is given, TLS is
  // used to loopback as well.
  std::string ca_file;
  // No TLS, wherever the server is.
  bool insecure = false;
};

// True for localhost, 127.0.0.0/8, ::1 and unix sockets.
bool IsLoopback(std::string_view endpoint);

// Plaintext to loopback, TLS elsewhere unless `insecure`. Connects when first used. Each channel is
// a connection of its own.
// INVALID_ARGUMENT: no endpoint, or one without a port. NOT_FOUND: no such CA file.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const ChannelOptions& options);

}  // namespace wonbon::client
