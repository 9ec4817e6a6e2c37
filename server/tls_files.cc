#include "server/tls_files.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>
#include <utility>

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

// Who shows no certificate that one of these signed has no connection.
absl::Status UseClientCa(SSL_CTX& context, const std::string& pem) {
  const Owned<BIO> text = Open(pem);
  Owned<X509> next = Next(*text);
  if (next == nullptr) return RefusedByOpenSsl("tls_client_ca", "not a certificate in PEM");
  for (; next != nullptr; next = Next(*text)) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(&context), next.get()) != 1 ||
        SSL_CTX_add_client_CA(&context, next.get()) != 1) {
      return RefusedByOpenSsl("tls_client_ca", "a certificate cannot be used");
    }
  }
  if (!AtEnd()) return Refused("tls_client_ca", "it is cut off or damaged");
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return absl::OkStatus();
}

absl::Time ExpiryOf(const X509& certificate) {
  std::tm parts{};
  ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &parts);
  return absl::FromTM(parts, absl::UTCTimeZone());
}

absl::StatusOr<Owned<SSL_CTX>> MakeContext(const TlsFiles& files) {
  ERR_clear_error();
  Owned<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) return RefusedByOpenSsl("tls_cert", "OpenSSL cannot be used");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  constexpr unsigned char kSessions[] = "wonbon";  // of clients with certificates need a name
  SSL_CTX_set_session_id_context(context.get(), kSessions, sizeof kSessions);
  const Owned<BIO> chain = Open(files.cert);
  const Owned<X509> leaf = Next(*chain);
  if (leaf == nullptr) return RefusedByOpenSsl("tls_cert", "not a certificate in PEM");
  absl::Status status = UseChain(*context, *chain, *leaf);
  if (status.ok()) status = UseKey(*context, files.key);
  if (status.ok() && !files.client_ca.empty()) status = UseClientCa(*context, files.client_ca);
  if (!status.ok()) return status;
  return context;
}

// Empty for text that has no such form.
std::string TextOf(const ASN1_STRING* text) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, text);
  if (size < 0) return {};
  std::string copy(reinterpret_cast<const char*>(utf8), static_cast<size_t>(size));
  OPENSSL_free(utf8);
  return copy;
}

std::string NameOf(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS: return TextOf(name.d.dNSName);
    case GEN_URI: return TextOf(name.d.uniformResourceIdentifier);
    case GEN_EMAIL: return TextOf(name.d.rfc822Name);
    case GEN_IPADD: break;
    default: return {};
  }
  const int size = ASN1_STRING_length(name.d.iPAddress);
  if (size != sizeof(in_addr) && size != sizeof(in6_addr)) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(size == sizeof(in_addr) ? AF_INET : AF_INET6, ASN1_STRING_get0_data(name.d.iPAddress),
            text.data(), text.size());
  return text.data();
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
  const absl::StatusOr<Owned<SSL_CTX>> context = MakeContext(files);
  if (!context.ok()) return context.status();
  return ExpiryOf(*SSL_CTX_get0_certificate(context->get()));
}

absl::StatusOr<SSL_CTX*> NewTlsContext(const TlsFiles& files) {
  absl::StatusOr<Owned<SSL_CTX>> context = MakeContext(files);
  if (!context.ok()) return context.status();
  return context->release();
}

std::vector<std::string> NamesOfPeer(SSL* connection) {
  const Owned<X509> certificate(SSL_get1_peer_certificate(connection));
  if (certificate == nullptr) return {};
  std::vector<std::string> names;
  auto* const found = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; found != nullptr && i < sk_GENERAL_NAME_num(found); ++i) {
    std::string name = NameOf(*sk_GENERAL_NAME_value(found, i));
    if (!name.empty()) names.push_back(std::move(name));
  }
  GENERAL_NAMES_free(found);
  if (!names.empty()) return names;
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  return {TextOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)))};
}

}  // namespace wonbon::server
