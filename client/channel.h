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
  // Sent with every call as the metadata x-api-key. Empty: none. Without TLS whoever is on the way
  // can read it.
  std::string api_key;
  // PEM file of the authorities to trust. Empty: those of the system. Where it is given, TLS is
  // used to loopback as well.
  std::string ca_file;
  // PEM files of a certificate (chain) and its key, for servers that ask for one (mTLS). Both or
  // none; where they are given, TLS is used to loopback as well.
  std::string cert_file;
  std::string key_file;
  // No TLS, wherever the server is.
  bool insecure = false;
};

// True for localhost, 127.0.0.0/8, ::1 and unix sockets.
bool IsLoopback(std::string_view endpoint);

// Whether MakeChannel would: see there.
bool UsesTls(const ChannelOptions& options);

// Plaintext to loopback, TLS elsewhere unless `insecure`. Connects when first used. Each channel is
// a connection of its own.
// INVALID_ARGUMENT: no endpoint, or one without a port; a key that cannot be sent; one of cert_file
// and key_file, or both without TLS. NOT_FOUND: a file that cannot be read.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const ChannelOptions& options);

}  // namespace wonbon::client
