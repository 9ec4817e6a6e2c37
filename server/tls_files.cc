#include "server/tls_files.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <ctime>
#include <memory>

#include "absl/strings/str_cat.h"
#include "core/keys/private_file.h"
#include "server/limits.h"

namespace wonbon::server {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

absl::Status Refused(const char* setting, const std::string& why) {
  return absl::FailedPreconditionError(absl::StrCat(setting, ": ", why));
}

// What OpenSSL has to say; forgets it.
absl::Status RefusedByOpenSsl(const char* setting, const char* what) {
  const unsigned long error = ERR_get_error();
  ERR_clear_error();
  const char* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  return Refused(setting, reason == nullptr ? what : absl::StrCat(what, " (", reason, ")"));
}

absl::StatusOr<std::string> ReadFile(const char* setting, const std::string& path,
                                     keys::Secrecy secrecy) {
  absl::StatusOr<std::string> text = keys::ReadSmallFile(path, kMaxTlsFileBytes, secrecy);
  if (!text.ok()) return Refused(setting, std::string(text.status().message()));
  return text;
}

Owned<BIO> Open(const std::string& pem) {
  return Owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// The next certificate; null at the end and where there is something else.
Owned<X509> Next(BIO& pem) {
  return Owned<X509>(PEM_read_bio_X509(&pem, nullptr, nullptr, nullptr));
}

// After the last certificate: whether the text ended there, and not in the middle of one.
bool AtEnd() {
  const unsigned long error = ERR_peek_last_error();
  const bool end =
      ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  return end;
}

// A key that is protected by a password is none that can be used.
int NoPassword(char*, int, int, void*) { return -1; }

absl::Status UseChain(SSL_CTX& context, BIO& pem, X509& leaf) {
  if (SSL_CTX_use_certificate(&context, &leaf) != 1) {
    return RefusedByOpenSsl("tls_cert", "the certificate cannot be used");
  }
  while (Owned<X509> next = Next(pem)) {
    if (SSL_CTX_add1_chain_cert(&context, next.get()) != 1) {
      return RefusedByOpenSsl("tls_cert", "a certificate of the chain cannot be used");
    }
  }
  if (!AtEnd()) return Refused("tls_cert", "the chain is cut off or damaged");
  return absl::OkStatus();
}

absl::Status UseKey(SSL_CTX& context, const std::string& pem) {
  const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(Open(pem).get(), nullptr, NoPassword, nullptr));
  if (key == nullptr) return RefusedByOpenSsl("tls_key", "not a private key in PEM");
  if (SSL_CTX_use_PrivateKey(&context, key.get()) != 1 ||
      SSL_CTX_check_private_key(&context) != 1) {
    return RefusedByOpenSsl("tls_key", "not the key of the certificate in tls_cert");
  }
  return absl::OkStatus();
}

absl::Status CheckClientCa(const std::string& pem) {
  const Owned<BIO> text = Open(pem);
  if (Next(*text) == nullptr) {
    return RefusedByOpenSsl("tls_client_ca", "not a certificate in PEM");
  }
  while (Next(*text) != nullptr) continue;
  if (!AtEnd()) return Refused("tls_client_ca", "it is cut off or damaged");
  return absl::OkStatus();
}

absl::Time ExpiryOf(const X509& certificate) {
  std::tm parts{};
  ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &parts);
  return absl::FromTM(parts, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<TlsFiles> ReadTlsFiles(const TlsPaths& paths) {
  absl::StatusOr<std::string> cert = ReadFile("tls_cert", paths.cert, keys::Secrecy::kOpen);
  if (!cert.ok()) return cert.status();
  absl::StatusOr<std::string> key = ReadFile("tls_key", paths.key, keys::Secrecy::kPrivate);
  if (!key.ok()) return key.status();
  absl::StatusOr<std::string> client_ca = std::string();
  if (!paths.client_ca.empty()) {
    client_ca = ReadFile("tls_client_ca", paths.client_ca, keys::Secrecy::kOpen);
  }
  if (!client_ca.ok()) return client_ca.status();
  if (!paths.client_ca.empty() && client_ca->empty()) {
    return Refused("tls_client_ca", absl::StrCat(paths.client_ca, " is empty"));
  }
  return TlsFiles{*std::move(cert), *std::move(key), *std::move(client_ca)};
}

absl::StatusOr<absl::Time> CheckTlsFiles(const TlsFiles& files) {
  ERR_clear_error();
  const Owned<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) return RefusedByOpenSsl("tls_cert", "OpenSSL cannot be used");
  const Owned<BIO> chain = Open(files.cert);
  const Owned<X509> leaf = Next(*chain);
  if (leaf == nullptr) return RefusedByOpenSsl("tls_cert", "not a certificate in PEM");
  absl::Status status = UseChain(*context, *chain, *leaf);
  if (status.ok()) status = UseKey(*context, files.key);
  if (status.ok() && !files.client_ca.empty()) status = CheckClientCa(files.client_ca);
  if (!status.ok()) return status;
  return ExpiryOf(*leaf);
}

}  // namespace wonbon::server
