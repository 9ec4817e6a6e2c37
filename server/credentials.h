// TLS for the gRPC port.
#pragma once

#include <memory>

#include "grpcpp/security/server_credentials.h"
#include "server/certificates.h"

namespace wonbon::server {

// Asks `certificates`, which must outlive the server, at each handshake, and verifies clients where
// there is a CA to verify them with.
std::shared_ptr<grpc::ServerCredentials> TlsCredentials(Certificates& certificates);

}  // namespace wonbon::server
