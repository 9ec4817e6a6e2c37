#include "server/tls_greeting.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace wonbon::server {
namespace {

constexpr unsigned char kHttp2[] = {2, 'h', '2'};

}  // namespace

struct TlsGreeting::Parts {
  Parts() {
    SSL_set_alpn_protos(ssl, kHttp2, sizeof kHttp2);
    SSL_set_bio(ssl, in, out);  // which takes them
    SSL_set_connect_state(ssl);
  }
  ~Parts() {
    SSL_free(ssl);
    SSL_CTX_free(context);
  }

  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL* const ssl = SSL_new(context);
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
};

TlsGreeting::TlsGreeting() : parts_(std::make_unique<Parts>()) { Receive({}); }
TlsGreeting::~TlsGreeting() = default;

std::string TlsGreeting::Say() {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(parts_->out, &bytes);
  std::string words(bytes, static_cast<size_t>(size));
  BIO_reset(parts_->out);
  return words;
}

TlsGreeting::State TlsGreeting::Receive(std::string_view bytes) {
  if (!bytes.empty()) BIO_write(parts_->in, bytes.data(), static_cast<int>(bytes.size()));
  ERR_clear_error();
  const int done = SSL_do_handshake(parts_->ssl);
  if (done == 1) return State::kGreeted;
  const bool waits = SSL_get_error(parts_->ssl, done) == SSL_ERROR_WANT_READ;
  ERR_clear_error();
  return waits ? State::kWaiting : State::kRefused;
}

}  // namespace wonbon::server
