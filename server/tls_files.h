// The files that TLS needs, read and checked as gRPC will use them, so that it never sees a bad
// one: it would abort on an empty file, and serve nobody with the key of another certificate.
//
// Plain functions, safe from any thread. A file past kMaxTlsFileBytes is refused. The files that
// include OpenSSL are tls_files.cc and tls_greeting.cc.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

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

}  // namespace wonbon::server
