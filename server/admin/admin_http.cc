#include "server/admin/admin_http.h"

#include <sys/socket.h>

#include <list>
#include <optional>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "absl/strings/str_cat.h"
#include "server/acceptor.h"
#include "server/config/address.h"
#include "server/limits.h"

namespace wonbon::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

class Session;

// What connections need of the endpoint; the last of them may outlive it.
struct Desk {
  asio::io_context& context;
  const AdminRoutes& routes;
  const AdminHttp::Executor executor;
  std::list<std::weak_ptr<Session>> sessions = {};  // the oldest first; on the loop's thread only
};

// One connection; alive as long as an operation of it is. One step at a time: reading, answering
// (on another thread) or writing.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::shared_ptr<Desk> desk)
      : stream_(std::move(socket)), desk_(std::move(desk)) {}

  // What it is doing fails at once, or with its next step.
  void Close() { stream_.close(); }

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
      return Write({.status = 431, .body = "header too large\n"}, false);
    }
    if (error == http::error::body_limit) {
      return Write({.status = 413, .body = "body too large\n"}, false);
    }
    if (error.category() == http::make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream) {
      return Write({.status = 400, .body = "bad request\n"}, false);
    }
    if (error) return;  // closed, or timed out
    desk_->executor([self = shared_from_this()] { self->Answer(); });
  }

  // On one of the executor's threads.
  void Answer() {
    http::request<http::string_body>& request = parser_->get();
    const auto std_view = [](beast::string_view text) {
      return std::string_view(text.data(), text.size());
    };
    AdminReply reply =
        desk_->routes.Answer(std_view(request.method_string()), std_view(request.target()),
                             std::move(request.body()));
    asio::post(desk_->context, [self = shared_from_this(), reply = std::move(reply)]() mutable {
      self->Write(std::move(reply), self->parser_->get().keep_alive());
    });
  }

  void Write(AdminReply reply, bool keep_alive) {
    http::response<http::string_body> response{static_cast<http::status>(reply.status), 11};
    response.set(http::field::content_type, reply.content_type);
    response.set(http::field::cache_control, "no-store");
    if (!reply.allow.empty()) response.set(http::field::allow, reply.allow);
    response.keep_alive(keep_alive);
    response.body() = std::move(reply.body);
    response.prepare_payload();  // Content-Length
    if (parser_->get().method() == http::verb::head) response.body().clear();
    response_ = std::move(response);
    stream_.expires_after(absl::ToChronoSeconds(kAdminTimeout));
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

// Room for one more: past the limit the oldest is closed. Those that ask and go are young; the old
// ones are slow.
void MakeRoom(std::list<std::weak_ptr<Session>>& sessions) {
  sessions.remove_if([](const std::weak_ptr<Session>& session) { return session.expired(); });
  while (sessions.size() >= kMaxAdminConnections) {
    if (const std::shared_ptr<Session> oldest = sessions.front().lock()) oldest->Close();
    sessions.pop_front();
  }
}

// One listening socket.
class Door {
 public:
  Door(tcp::acceptor acceptor, std::shared_ptr<Desk> desk)
      : acceptor_(std::move(acceptor)), pause_(desk->context), desk_(std::move(desk)) {}

  void Accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) return AcceptLater();  // most likely out of file descriptors
      MakeRoom(desk_->sessions);
      const auto session = std::make_shared<Session>(std::move(socket), desk_);
      desk_->sessions.push_back(session);
      session->Read();
      Accept();
    });
  }

 private:
  void AcceptLater() {
    pause_.expires_after(absl::ToChronoMilliseconds(kAcceptPause));
    pause_.async_wait([this](error_code error) {
      if (!error) Accept();
    });
  }

  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  const std::shared_ptr<Desk> desk_;
};

}  // namespace

struct AdminHttp::Parts {
  std::list<Door> doors;
  std::string address;
};

AdminHttp::AdminHttp(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
AdminHttp::~AdminHttp() = default;

const std::string& AdminHttp::address() const { return parts_->address; }

absl::StatusOr<std::unique_ptr<AdminHttp>> AdminHttp::Listen(EventLoop& loop,
                                                             const std::string& address,
                                                             const AdminRoutes& routes,
                                                             Executor executor) {
  absl::StatusOr<HostPort> parsed = ParseAddress(address);
  if (!parsed.ok()) return parsed.status();
  absl::StatusOr<std::list<tcp::acceptor>> acceptors = OpenAcceptors(loop.context(), *parsed);
  if (!acceptors.ok()) {
    return absl::UnavailableError(
        absl::StrCat(acceptors.status().message(), "; choose another --admin-listen"));
  }
  auto parts = std::make_unique<Parts>();
  parsed->port = acceptors->front().local_endpoint().port();
  parts->address = FormatAddress(*parsed);
  const std::shared_ptr<Desk> desk(new Desk{loop.context(), routes, std::move(executor)});
  for (tcp::acceptor& acceptor : *acceptors) parts->doors.emplace_back(std::move(acceptor), desk);
  loop.RunAndWait([&doors = parts->doors] {
    for (Door& door : doors) door.Accept();
  });
  return std::unique_ptr<AdminHttp>(new AdminHttp(std::move(parts)));
}

}  // namespace wonbon::server
