#include "server/credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <cstdint>
#include <optional>
#include <string>

namespace wonbon::server {
namespace {

struct Taker {
  Certificates& certificates;
  uint64_t taken = 0;
};

// gRPC calls it at each handshake, one at a time, and keeps what it had last.
grpc_ssl_certificate_config_reload_status Fetch(void* given,
                                                grpc_ssl_server_certificate_config** config) {
  auto* const taker = static_cast<Taker*>(given);
  const std::optional<TlsFiles> files = taker->certificates.TakeNew(taker->taken);
  if (!files) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  const grpc_ssl_pem_key_cert_pair pair = {files->key.c_str(), files->cert.c_str()};
  // gRPC 1.51 insists on a CA even where clients are not asked for a certificate.
  const std::string& client_ca = files->client_ca.empty() ? files->cert : files->client_ca;
  *config = grpc_ssl_server_certificate_config_create(client_ca.c_str(), &pair, 1);
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

// gRPC's C++ classes know TLS from texts that stay and from files that it watches itself, and
// aborts on where they are empty. Its C interface has a third way: to be asked at each handshake.
class FetchedCredentials final : public grpc::ServerCredentials {
 public:
  explicit FetchedCredentials(Certificates& certificates)
      : taker_{certificates},
        credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(
                certificates.verifies_clients()
                    ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                    : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE,
                Fetch, &taker_))) {}
  ~FetchedCredentials() override { grpc_server_credentials_release(credentials_); }

  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  Taker taker_;
  grpc_server_credentials* const credentials_;
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> TlsCredentials(Certificates& certificates) {
  return std::make_shared<FetchedCredentials>(certificates);
}

}  // namespace wonbon::server
