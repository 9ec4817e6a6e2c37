#include "server/http/session.h"

#include <sstream>
#include <string_view>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/certificates.h"
#include "server/connections.h"
#include "server/http/head.h"
#include "server/tls_files.h"

namespace wonbon::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

std::string Text(beast::string_view text) { return std::string(text.data(), text.size()); }

// What handshakes from now on use; null without TLS. Of files that can no longer be used, which
// cannot be, for they were looked at, the context of before stays.
asio::ssl::context* TlsOf(HttpDesk& desk) {
  Certificates* const certificates = desk.options.certificates;
  if (certificates == nullptr) return nullptr;
  if (const std::optional<TlsFiles> files = certificates->TakeNew(desk.renewal)) {
    const absl::StatusOr<SSL_CTX*> made = NewTlsContext(*files);
    if (made.ok()) desk.tls.emplace(*made);  // which frees it
  }
  return &*desk.tls;
}

}  // namespace

HttpSession::HttpSession(HttpStream::Socket socket, std::shared_ptr<HttpDesk> desk)
    : peer_(PeerOf(socket.native_handle())),
      desk_(std::move(desk)),
      stream_(std::move(socket), TlsOf(*desk_)) {}

void HttpSession::Begin() {
  stream_.socket().set_option(tcp::no_delay(true), ignored_);
  if (stream_.tls() == nullptr) return ReadHead();
  SetDeadline(kHandshakeTimeout);
  stream_.async_handshake([self = shared_from_this()](error_code error) {
    if (error) return self->Close();
    self->identities_ = NamesOfPeer(self->stream_.tls());
    self->ReadHead();
  });
}

// Past the limit whoever has most must go: bodies that never end, answers that nobody takes.
void HttpSession::Hold(size_t bytes) {
  desk_->held = desk_->held - held_ + bytes;
  held_ = bytes;
  while (desk_->held > kMaxHttpBytes) {
    std::shared_ptr<HttpSession> most;
    for (const std::weak_ptr<HttpSession>& entry : desk_->sessions) {
      const std::shared_ptr<HttpSession> session = entry.lock();
      if (session != nullptr && (most == nullptr || session->held() > most->held())) most = session;
    }
    if (most == nullptr || most->held() == 0) return;
    most->Close();
  }
}

void HttpSession::ReadHead() {
  state_ = State::kReading;
  Hold(0);
  parser_.emplace();
  parser_->header_limit(kMaxHttpHeaderBytes);
  parser_->body_limit(kMaxMessageBytes);
  request_ = {};
  SetDeadline(kHttpHeadTimeout);
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, size_t) { self->GotHead(error); });
}

// Whether the bytes are no HTTP, or too many: answers so, and closes. Other errors are of the
// connection.
bool HttpSession::Refused(error_code error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    Send({.status = 431, .body = "header too large\n"}, false);
  } else if (error == http::error::body_limit) {
    Send({.status = 413, .body = "body too large\n"}, false);
  } else if (error.category() == http::make_error_code(http::error::bad_method).category() &&
             error != http::error::end_of_stream && error != http::error::partial_message) {
    Send(BadRequest(error.message()), false);
  } else {
    return false;
  }
  return true;
}

void HttpSession::GotHead(error_code error) {
  if (Refused(error)) return;
  if (error) return Close();
  if (!TakeHead()) {
    Refused(http::error::header_limit);
    return;
  }
  const std::string target = Text(parser_->get().target());
  const bool http_1_1 = parser_->get().version() == 11;
  // Of a request that cannot be understood nobody knows where the next one begins.
  if (const auto bad = server::ReadHead(target, http_1_1, request_)) return Send(*bad, false);
  if (const auto refusal = desk_->options.handler.refuse(request_)) {
    return Send(*refusal, parser_->is_done() && parser_->get().keep_alive());
  }
  if (parser_->is_done()) return Answer();
  ContinueThenReadBody();
}

// False where the head is too large: Beast lets some pass that come in one piece.
bool HttpSession::TakeHead() {
  const http::request<http::string_body>& head = parser_->get();
  size_t bytes = head.target().size();
  request_.method = Text(head.method_string());
  request_.peer = peer_;
  request_.encrypted = stream_.tls() != nullptr;
  request_.identities = identities_;
  for (const auto& field : head) {
    request_.headers.emplace_back(absl::AsciiStrToLower(Text(field.name_string())),
                                  Text(field.value()));
    bytes += field.name_string().size() + field.value().size() + 4;  // ": " and the line's end
  }
  return bytes <= kMaxHttpHeaderBytes;
}

void HttpSession::ContinueThenReadBody() {
  SetDeadline(kHttpBodyTimeout);
  if (!beast::iequals(parser_->get()[http::field::expect], "100-continue")) return ReadBody();
  bytes_ = "HTTP/1.1 100 Continue\r\n\r\n";
  const auto read = [self = shared_from_this()](error_code error, size_t) {
    error ? self->Close() : self->ReadBody();
  };
  asio::async_write(stream_, asio::buffer(bytes_), read);
}

void HttpSession::ReadBody() {
  http::async_read_some(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, size_t) { self->GotBody(error); });
}

void HttpSession::GotBody(error_code error) {
  if (Refused(error)) return;
  if (error || !stream_.is_open()) return Close();
  Hold(parser_->get().body().size());
  if (!stream_.is_open()) return;
  parser_->is_done() ? Answer() : ReadBody();
}

void HttpSession::Answer() {
  state_ = State::kAnswering;
  deadline_ = MonotonicTime::max();  // it is the handler's time
  Hold(0);                           // and its bytes
  request_.body = std::move(parser_->get().body());
  if (buffer_.size() == 0 && !watching_) Watch();
  desk_->options.handler.answer(std::move(request_), HttpExchange(shared_from_this()));
}

// Reads on while a request is answered, for a client that goes away is seen only so. What comes is
// the beginning of the next request.
void HttpSession::Watch() {
  watching_ = true;
  const auto self = shared_from_this();
  stream_.async_read_some(buffer_.prepare(kHttpReadBytes), [self](error_code error, size_t size) {
    self->watching_ = false;
    if (self->state_ == State::kClosing) return;
    if (error) return self->Close();
    self->buffer_.commit(size);
    if (self->state_ == State::kReading) self->ReadHead();
  });
}

void HttpSession::Reply(HttpReply reply) {
  gone_ = nullptr;
  if (stream_.is_open()) Send(reply, parser_->get().keep_alive());
}

void HttpSession::Send(const HttpReply& reply, bool keep_alive) {
  if (state_ == State::kReading) state_ = State::kAnswering;
  http::response<http::string_body> response{static_cast<http::status>(reply.status), 11};
  response.set(http::field::content_type, reply.content_type);
  response.set(http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : reply.headers) response.set(name, value);
  response.keep_alive(keep_alive);
  response.body() = reply.body;
  if (reply.status != 304) response.prepare_payload();  // Content-Length
  if (parser_->get().method() == http::verb::head) response.body().clear();
  Hold(response.body().size());
  if (!stream_.is_open()) return;
  response_ = std::move(response);
  SetDeadline(kHttpAnswerTimeout);
  const auto self = shared_from_this();
  http::async_write(stream_, response_, [self, keep_alive](error_code error, size_t) {
    self->Sent(error, keep_alive);
  });
}

void HttpSession::Sent(error_code error, bool keep_alive) {
  if (error) return Close();
  if (!keep_alive) return End();
  response_ = {};
  if (!watching_) return ReadHead();
  state_ = State::kReading;  // the open read is of the next request
  Hold(0);
  SetDeadline(kHttpHeadTimeout);
}

void HttpSession::End() {
  gone_ = nullptr;
  if (!stream_.is_open()) return;
  state_ = State::kClosing;
  response_ = {};
  Hold(0);
  SetDeadline(kHttpLinger);
  if (stream_.tls() == nullptr) return HangUp();
  stream_.async_shutdown([self = shared_from_this()](error_code) { self->HangUp(); });
}

// The rest of what the client sends is read, for closing a socket that has unread bytes would take
// back the answer; not for long.
void HttpSession::HangUp() {
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored_);
  ReadRest();
}

void HttpSession::ReadRest() {
  const auto read = [self = shared_from_this()](error_code error, size_t) {
    error ? self->Close() : self->ReadRest();
  };
  stream_.socket().async_read_some(asio::buffer(rest_), read);
}

void HttpSession::BeginStream(HttpReply head) {
  if (!stream_.is_open()) return;
  state_ = State::kStreaming;
  http::response<http::empty_body> response{static_cast<http::status>(head.status), 11};
  response.set(http::field::content_type, head.content_type);
  response.set(http::field::cache_control, "no-store");
  response.keep_alive(false);
  for (const auto& [name, value] : head.headers) response.set(name, value);
  std::ostringstream lines;
  lines << response.base();
  bytes_ = lines.str() + head.body;
}

void HttpSession::Write(const std::string& bytes, const std::function<void(bool)>& done) {
  if (!stream_.is_open()) return done(false);
  bytes_ += bytes;  // behind the head, if that was not written yet
  Hold(bytes_.size());
  SetDeadline(kHttpAnswerTimeout);
  const auto self = shared_from_this();
  asio::async_write(stream_, asio::buffer(bytes_), [self, done](error_code error, size_t) {
    self->bytes_.clear();
    self->deadline_ = MonotonicTime::max();
    error ? self->Close() : self->Hold(0);
    done(!error);
  });
}

void HttpSession::OnGone(std::function<void()> gone) {
  gone_ = std::move(gone);
  if (!stream_.is_open()) TellGone();
}

// Keeps the session, and lets go of it on the loop's thread.
struct HttpExchange::Anchor {
  explicit Anchor(std::shared_ptr<HttpSession> given) : session(std::move(given)) {}
  ~Anchor() {
    asio::io_context& context = session->context();
    asio::post(context, [held = std::move(session)] {});
  }
  Anchor(const Anchor&) = delete;
  Anchor& operator=(const Anchor&) = delete;

  // Calls `what` with the session on the loop's thread.
  template <class What>
  void Post(What what) const {
    asio::post(session->context(),
               [held = session, what = std::move(what)]() mutable { what(*held); });
  }

  std::shared_ptr<HttpSession> session;
};

HttpExchange::HttpExchange(std::shared_ptr<HttpSession> session)
    : anchor_(std::make_shared<const Anchor>(std::move(session))) {}

void HttpExchange::Reply(HttpReply reply) const {
  anchor_->Post([reply = std::move(reply)](HttpSession& session) mutable {
    session.Reply(std::move(reply));
  });
}

void HttpExchange::BeginStream(HttpReply head) const {
  anchor_->Post([head = std::move(head)](HttpSession& session) mutable {
    session.BeginStream(std::move(head));
  });
}

void HttpExchange::Write(std::string bytes, std::function<void(bool)> done) const {
  anchor_->Post([bytes = std::move(bytes), done = std::move(done)](HttpSession& session) {
    session.Write(bytes, done);
  });
}

void HttpExchange::End() const {
  anchor_->Post([](HttpSession& session) { session.End(); });
}

void HttpExchange::OnGone(std::function<void()> gone) const {
  anchor_->Post([gone = std::move(gone)](HttpSession& session) mutable {
    session.OnGone(std::move(gone));
  });
}

}  // namespace wonbon::server
