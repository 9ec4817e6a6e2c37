#include "server/admin/admin_http.h"

#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/address.h"
#include "server/limits.h"

namespace wonbon::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

// What connections need of the endpoint; the last of them may outlive it.
struct Desk {
  AdminHttp::Handler handler;
  size_t sessions = 0;
};

// One connection; alive as long as an operation of it is.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::shared_ptr<Desk> desk)
      : stream_(std::move(socket)), desk_(std::move(desk)) {
    ++desk_->sessions;
  }
  ~Session() { --desk_->sessions; }

  void Read() {
    parser_.emplace();
    parser_->header_limit(kMaxAdminHeaderBytes);
    parser_->body_limit(kMaxAdminBodyBytes);
    stream_.expires_after(absl::ToChronoSeconds(kAdminTimeout));
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, size_t) { self->Got(error); });
  }

 private:
  void Got(error_code error) {
    if (error == http::error::header_limit) {
      return Answer({431, "text/plain", "header too large\n"}, false);
    }
    if (error == http::error::body_limit) {
      return Answer({413, "text/plain", "body too large\n"}, false);
    }
    if (error.category() == http::make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream) {
      return Answer({400, "text/plain", "bad request\n"}, false);
    }
    if (error) return;  // closed, or timed out
    const http::request<http::string_body>& request = parser_->get();
    const bool keep_alive = request.keep_alive();
    if (request.method() != http::verb::get && request.method() != http::verb::head) {
      return Answer({405, "text/plain", "method not allowed\n"}, keep_alive);
    }
    std::string_view path(request.target().data(), request.target().size());
    path = path.substr(0, path.find('?'));
    Answer(desk_->handler(path), keep_alive);
  }

  void Answer(AdminHttp::Reply reply, bool keep_alive) {
    http::response<http::string_body> response{static_cast<http::status>(reply.status), 11};
    response.set(http::field::content_type, reply.content_type);
    response.set(http::field::cache_control, "no-store");
    if (reply.status == 405) response.set(http::field::allow, "GET, HEAD");
    response.keep_alive(keep_alive);
    response.body() = std::move(reply.body);
    response.prepare_payload();  // Content-Length
    if (parser_->get().method() == http::verb::head) response.body().clear();
    response_ = std::move(response);
    http::async_write(stream_, response_,
                      [self = shared_from_this(), keep_alive](error_code error, size_t) {
                        if (!error && keep_alive) return self->Read();
                        error_code ignored;
                        self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
                      });
  }

  beast::tcp_stream stream_;
  const std::shared_ptr<Desk> desk_;
  beast::flat_buffer buffer_{kMaxAdminHeaderBytes + kMaxAdminBodyBytes};
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
};

}  // namespace

struct AdminHttp::Parts {
  Parts(asio::io_context& context, Handler handler)
      : acceptor(context), desk(std::make_shared<Desk>(Desk{.handler = std::move(handler)})) {}

  void Accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      // Past the limit the connection is closed at once; probes come again.
      if (!error && desk->sessions < kMaxAdminConnections) {
        std::make_shared<Session>(std::move(socket), desk)->Read();
      }
      Accept();
    });
  }

  tcp::acceptor acceptor;
  const std::shared_ptr<Desk> desk;
  std::string address;
};

AdminHttp::AdminHttp(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
AdminHttp::~AdminHttp() = default;

const std::string& AdminHttp::address() const { return parts_->address; }

absl::StatusOr<std::unique_ptr<AdminHttp>> AdminHttp::Listen(EventLoop& loop,
                                                             const std::string& address,
                                                             Handler handler) {
  const absl::StatusOr<HostPort> parsed = ParseAddress(address);
  if (!parsed.ok()) return parsed.status();
  auto parts = std::make_unique<Parts>(loop.context(), std::move(handler));
  error_code error;
  tcp::resolver resolver(loop.context());
  const auto found =
      resolver.resolve(parsed->host, std::to_string(parsed->port), tcp::resolver::passive, error);
  if (!error) {
    const tcp::endpoint endpoint = *found.begin();
    parts->acceptor.open(endpoint.protocol(), error);
    if (!error) parts->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) parts->acceptor.bind(endpoint, error);
    if (!error) parts->acceptor.listen(SOMAXCONN, error);
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address, " (admin): ",
                                               error.message(), "; choose another --admin-listen"));
  }
  parts->address = FormatAddress({parsed->host, parts->acceptor.local_endpoint().port()});
  parts->Accept();
  return std::unique_ptr<AdminHttp>(new AdminHttp(std::move(parts)));
}

}  // namespace wonbon::server
