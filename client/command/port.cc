#include "client/command/port.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <signal.h>

#include <ctime>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "client/channel.h"
#include "client/limits.h"

namespace wonbon::client {
namespace {

constexpr absl::Duration kPortWait = absl::Seconds(2);
constexpr int kNapMs = 20;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

// OpenSSL writes to sockets in a way that may raise SIGPIPE, which would end the process.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~WithoutSigpipe() {
    const timespec at_once{};
    while (sigtimedwait(&set_, nullptr, &at_once) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t set_;
  sigset_t before_;
};

// Waits until something can be read or written; false where it never will.
bool Wait(BIO* bio) {
  return BIO_should_retry(bio) && BIO_wait(bio, std::time(nullptr) + 1, kNapMs) >= 0;
}

// With the greeting where it is one of TLS. Null where that fails or takes too long: unlike
// BIO_do_connect_retry it does not go on trying where nobody listens.
Bio Connect(Bio bio) {
  if (!bio) return nullptr;
  BIO_set_nbio(bio.get(), 1);
  const absl::Time until = absl::Now() + kPortWait;
  while (BIO_do_handshake(bio.get()) != 1) {
    if (absl::Now() >= until || !Wait(bio.get())) return nullptr;
  }
  return bio;
}

Bio ConnectPlainly(const std::string& endpoint) {
  return Connect(Bio(BIO_new_connect(endpoint.c_str())));
}

// What comes, up to `bytes`, until the other side has no more to say or `until`.
std::string Read(BIO* bio, size_t bytes, absl::Time until) {
  std::string text;
  char piece[16 << 10];
  while (text.size() < bytes && absl::Now() < until) {
    const int n = BIO_read(bio, piece, sizeof piece);
    if (n > 0) {
      text.append(piece, static_cast<size_t>(n));
    } else if (!Wait(bio)) {
      break;
    }
  }
  return text;
}

std::string Get(const std::string& endpoint, const std::string& path) {
  return "GET " + path + " HTTP/1.0\r\nHost: " + endpoint + "\r\n\r\n";
}

std::string HostOf(const std::string& endpoint) { return endpoint.substr(0, endpoint.rfind(':')); }

PortLook LookForTls(const GlobalOptions& options) {
  PortLook look{.speech = Speech::kUnknown, .certificate_end = std::nullopt};
  const Context context(SSL_CTX_new(TLS_client_method()));
  if (!options.cert_file.empty()) {
    SSL_CTX_use_certificate_chain_file(context.get(), options.cert_file.c_str());
    SSL_CTX_use_PrivateKey_file(context.get(), options.key_file.c_str(), SSL_FILETYPE_PEM);
  }
  static constexpr unsigned char kProtocols[] = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context.get(), kProtocols, sizeof kProtocols);
  Bio bio(BIO_new_ssl_connect(context.get()));
  if (!bio) return look;
  BIO_set_conn_hostname(bio.get(), options.endpoint.c_str());
  SSL* ssl = nullptr;
  BIO_get_ssl(bio.get(), &ssl);
  SSL_set_tlsext_host_name(ssl, HostOf(options.endpoint).c_str());
  bio = Connect(std::move(bio));
  if (!bio) return look;
  look.speech = Speech::kTls;
  std::tm end{};
  const X509* certificate = SSL_get0_peer_certificate(ssl);
  if (certificate != nullptr && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1) {
    look.certificate_end = absl::FromTimeT(::timegm(&end));
  }
  return look;
}

}  // namespace

PortLook LookAtPort(const GlobalOptions& options) {
  const WithoutSigpipe quiet;
  const Bio bio = ConnectPlainly(options.endpoint);
  if (!bio) return {};
  const std::string ask = Get(options.endpoint, "/livez");
  BIO_write(bio.get(), ask.data(), static_cast<int>(ask.size()));
  const std::string answer = Read(bio.get(), 9, absl::Now() + kPortWait);
  PortLook look;
  if (answer.starts_with("HTTP/1.")) {
    look.speech = Speech::kHttp1;
  } else if (answer.size() >= 9 && answer[0] == 0 && answer[3] == 4) {
    look.speech = Speech::kHttp2;  // a frame SETTINGS (RFC 9113, section 6.5), which comes unasked
  } else {
    look = LookForTls(options);
  }
  return look;
}

std::string PortHint(const GlobalOptions& options) {
  if (options.endpoint.starts_with("unix")) return "";
  const bool tls = UsesTls(ChannelOf(options));
  switch (LookAtPort(options).speech) {
    case Speech::kHttp1:
      return options.endpoint +
             " speaks HTTP/1.1, not gRPC: it looks like the admin endpoint of a wonbond; give "
             "--endpoint the address of its gRPC port, 7443 unless --listen says otherwise";
    case Speech::kHttp2:
      if (!tls) return "";
      return options.endpoint + " speaks without TLS: " +
             (IsLoopback(options.endpoint) ? "leave out --ca and --client-cert, or give --insecure"
                                           : "give --insecure if nobody listens on the way");
    case Speech::kTls:
      if (tls) return "";
      return options.endpoint + " speaks TLS: " +
             (options.insecure ? "leave out --insecure"
                               : "give --ca with the authority of its certificate");
    default: return "";
  }
}

absl::StatusOr<std::string> HttpGet(const std::string& endpoint, const std::string& path) {
  const WithoutSigpipe quiet;
  const Bio bio = ConnectPlainly(endpoint);
  if (!bio) return absl::UnavailableError("nobody answers at " + endpoint);
  const std::string ask = Get(endpoint, path);
  BIO_write(bio.get(), ask.data(), static_cast<int>(ask.size()));
  const std::string answer = Read(bio.get(), kMaxMetricsBytes + 1, absl::Now() + kPortWait);
  const size_t body = answer.find("\r\n\r\n");
  const size_t code = answer.find(' ');
  if (!answer.starts_with("HTTP/1.") || body == answer.npos ||
      answer.compare(code, 5, " 200 ") != 0) {
    return absl::UnavailableError("no answer from http://" + endpoint + path);
  }
  if (answer.size() > kMaxMetricsBytes) {
    return absl::ResourceExhaustedError("http://" + endpoint + path + " is longer than " +
                                        std::to_string(kMaxMetricsBytes) + " bytes");
  }
  return answer.substr(body + 4);
}

}  // namespace wonbon::client
