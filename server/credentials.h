// TLS for the gRPC port.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"
#include "server/config/config.h"

namespace wonbon::server {

// Plaintext for --insecure; otherwise TLS whose files are read again when they change, with clients
// verified where tls_client_ca is set. FAILED_PRECONDITION for files that cannot be read or are not
// PEM.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials(const Config& config);

}  // namespace wonbon::server
