#include "client/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "client/limits.h"

namespace wonbon::client {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError("cannot read the file " + path);
  }
  return text.str();
}

grpc::ChannelArguments Arguments(std::string_view endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  arguments.SetMaxReceiveMessageSize(kMaxResponseBytes);
  // gRPC's own waits between connection attempts go up to two minutes: a server that has just
  // restarted would look dead for as long.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS,
                   static_cast<int>(absl::ToInt64Milliseconds(kKeepaliveTime)));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                   static_cast<int>(absl::ToInt64Milliseconds(kKeepaliveTimeout)));
  // A watch sends nothing of its own, for as long as it lasts.
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // Otherwise all channels to one address share one connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // A proxy of the environment never leads to this machine.
  if (IsLoopback(endpoint)) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetUserAgentPrefix("wonbon-client/" WONBON_VERSION);
  return arguments;
}

}  // namespace

bool IsLoopback(std::string_view endpoint) {
  if (endpoint.starts_with("unix:") || endpoint.starts_with("unix-abstract:")) return true;
  if (endpoint.starts_with("[")) return endpoint.starts_with("[::1]:");
  const std::string_view host = endpoint.substr(0, endpoint.rfind(':'));
  if (host == "localhost" || host == "::1") return true;
  // Digits and dots only: 127.evil.example is not loopback.
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
}

namespace {

absl::Status CheckOptions(const ChannelOptions& options) {
  const std::string_view endpoint = options.endpoint;
  if (!endpoint.starts_with("unix")) {
    const size_t colon = endpoint.rfind(':');
    if (colon == endpoint.npos || colon == 0 || colon + 1 == endpoint.size() ||
        endpoint.find("//") != endpoint.npos) {
      return absl::InvalidArgumentError("endpoint \"" + options.endpoint +
                                        "\" is not of the form host:port");
    }
  }
  // It is not repeated: what is wrong with it may be a line end.
  const auto cannot_be_sent = [](unsigned char c) { return c <= ' ' || c > '~'; };
  if (std::any_of(options.api_key.begin(), options.api_key.end(), cannot_be_sent)) {
    return absl::InvalidArgumentError("the API key has spaces or characters that no key has");
  }
  if (options.cert_file.empty() != options.key_file.empty()) {
    return absl::InvalidArgumentError("a client's certificate and its key belong together");
  }
  if (options.insecure && !options.cert_file.empty()) {
    return absl::InvalidArgumentError("a client's certificate needs TLS: not to be insecure");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> TlsCredentials(
    const ChannelOptions& options) {
  grpc::SslCredentialsOptions tls;
  const std::pair<const std::string&, std::string&> files[] = {
      {options.ca_file, tls.pem_root_certs},
      {options.cert_file, tls.pem_cert_chain},
      {options.key_file, tls.pem_private_key}};
  for (const auto& [path, text] : files) {
    if (path.empty()) continue;
    absl::StatusOr<std::string> read = ReadFile(path);
    if (!read.ok()) return read.status();
    text = *std::move(read);
  }
  return grpc::SslCredentials(tls);
}

}  // namespace

bool UsesTls(const ChannelOptions& options) {
  if (options.insecure) return false;
  return !IsLoopback(options.endpoint) || !options.ca_file.empty() || !options.cert_file.empty();
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const ChannelOptions& options) {
  absl::Status status = CheckOptions(options);
  if (!status.ok()) return status;
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (UsesTls(options)) {
    absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> tls = TlsCredentials(options);
    if (!tls.ok()) return tls.status();
    credentials = *std::move(tls);
  }
  return grpc::CreateCustomChannel(options.endpoint, credentials, Arguments(options.endpoint));
}

}  // namespace wonbon::client
