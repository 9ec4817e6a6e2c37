#include "server/port_probe.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

// Boost 1.74's Asio needs <utility> before it.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "absl/strings/str_cat.h"
#include "server/limits.h"
#include "server/tls_greeting.h"

namespace wonbon::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

// A client's preface, and its SETTINGS, a frame of nine bytes that is empty.
std::string Preface() {
  return std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + std::string("\0\0\0\4\0\0\0\0\0", 9);
}
// A frame begins with its length, three bytes, and its type; a server's first is its SETTINGS.
constexpr size_t kTypeAt = 3;
constexpr char kSettings = 4;

// Where the listening socket takes connections from this machine.
tcp::endpoint NearEnd(asio::io_context& context, const HostPort& address) {
  error_code error;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(address.host, std::to_string(address.port), error);
  asio::ip::address ip = asio::ip::address_v4::loopback();
  if (!error && !found.empty()) ip = found.begin()->endpoint().address();
  if (ip.is_unspecified() && ip.is_v6()) ip = asio::ip::address_v6::loopback();
  if (ip.is_unspecified()) ip = asio::ip::address_v4::loopback();
  return {ip, address.port};
}

// One question; alive as long as an operation of it is.
class Question : public std::enable_shared_from_this<Question> {
 public:
  Question(asio::io_context& context, bool tls,
           std::function<void(const absl::Status&)> report)
      : socket_(context), timer_(context), report_(std::move(report)) {
    if (tls) greeting_.emplace();
  }

  void Ask(const tcp::endpoint& port) {
    timer_.expires_after(absl::ToChronoMilliseconds(kPortProbeTimeout));
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->End(absl::UnavailableError("no answer"));
    });
    socket_.async_connect(port, [self = shared_from_this()](error_code error) {
      if (error) return self->Failed(error);
      self->Send(self->greeting_ ? self->greeting_->Say() : Preface());
    });
  }

 private:
  void Send(std::string words) {
    out_ = std::move(words);
    asio::async_write(socket_, asio::buffer(out_),
                      [self = shared_from_this()](error_code error, size_t) {
                        if (error) return self->Failed(error);
                        self->Read();
                      });
  }

  void Read() {
    socket_.async_read_some(asio::buffer(in_),
                            [self = shared_from_this()](error_code error, size_t size) {
                              if (error) return self->Failed(error);
                              self->Got({self->in_.data(), size});
                            });
  }

  void Got(std::string_view bytes) {
    if (greeting_) {
      switch (greeting_->Receive(bytes)) {
        case TlsGreeting::State::kWaiting: return Send(greeting_->Say());
        case TlsGreeting::State::kGreeted: return End(absl::OkStatus());
        case TlsGreeting::State::kRefused: return End(absl::UnavailableError("no TLS"));
      }
    }
    frame_ += bytes;
    if (frame_.size() <= kTypeAt) return Read();
    End(frame_[kTypeAt] == kSettings ? absl::OkStatus() : absl::UnavailableError("no HTTP/2"));
  }

  void Failed(error_code error) { End(absl::UnavailableError(error.message())); }

  // The first word counts: closing makes the others' operations fail.
  void End(const absl::Status& status) {
    if (std::exchange(ended_, true)) return;
    error_code ignored;
    timer_.cancel();
    socket_.close(ignored);
    report_(status);
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  const std::function<void(const absl::Status&)> report_;
  std::optional<TlsGreeting> greeting_;
  std::string out_;
  std::array<char, 4'096> in_;
  std::string frame_;
  bool ended_ = false;
};

}  // namespace

void ProbePort(EventLoop& loop, const HostPort& address, bool tls,
               std::function<void(const absl::Status&)> report) {
  const tcp::endpoint port = NearEnd(loop.context(), address);
  loop.Every(kPortProbeInterval, [&loop, port, tls, report = std::move(report)] {
    std::make_shared<Question>(loop.context(), tls, report)->Ask(port);
  });
}

}  // namespace wonbon::server
