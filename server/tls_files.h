// The files that TLS needs, read and checked as gRPC will use them, so that it never sees a bad
// one: it would abort on an empty file, and serve nobody with the key of another certificate.
//
// Plain functions, safe from any thread. A file past kMaxTlsFileBytes is refused. The files that
// include OpenSSL are tls_files.cc, tls_greeting.cc and http/stream.h.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

struct ssl_ctx_st;
struct ssl_st;

namespace wonbon::server {

// Where they are. No client_ca: clients need no certificate.
struct TlsPaths {
  std::string cert;
  std::string key;
  std::string client_ca;
};

// What stood in them, in PEM.
struct TlsFiles {
  std::string cert;
  std::string key;
  std::string client_ca;

  bool operator==(const TlsFiles&) const = default;
};

// FAILED_PRECONDITION, naming setting and file, for one that cannot be read, is no file or is too
// large, and for a key that group or others have any right to.
absl::StatusOr<TlsFiles> ReadTlsFiles(const TlsPaths& paths);

// When the certificate expires. FAILED_PRECONDITION, naming the setting, where the certificate or
// one of its chain, the key or a client CA cannot be parsed or is weaker than OpenSSL takes, and
// where the key is another certificate's.
absl::StatusOr<absl::Time> CheckTlsFiles(const TlsFiles& files);

// A context for servers, of TLS 1.2 and 1.3, that asks for a client's certificate where there is a
// client CA. The caller frees it. The same errors.
absl::StatusOr<ssl_ctx_st*> NewTlsContext(const TlsFiles& files);
// Whose certificate the other end of a connection has shown, as gRPC names him: the subject's
// alternative names, or its common name where there are none. Empty without a certificate.
std::vector<std::string> NamesOfPeer(ssl_st* connection);

}  // namespace wonbon::server
