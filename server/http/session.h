// One connection of an HttpServer: reads requests, writes answers, one after the other. Beast is in
// these two files alone.
//
// On the loop's thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Boost 1.74's Asio needs <utility> before it.
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "absl/time/time.h"
#include "server/http/http_server.h"
#include "server/http/message.h"
#include "server/http/stream.h"
#include "server/limits.h"
#include "server/monotonic.h"

namespace wonbon::server {

// What connections need of the server; the last of them may outlive it. On the loop's thread only.
struct HttpDesk {
  boost::asio::io_context& context;
  const HttpServer::Options options;
  std::list<std::weak_ptr<HttpSession>> sessions = {};  // the oldest first
  size_t held = 0;  // bytes of bodies that come and of answers that go
  // With TLS what is served now, and which renewal of the certificates that is.
  std::optional<boost::asio::ssl::context> tls = {};
  uint64_t renewal = 0;
};

// One connection; alive as long as an operation of it is, or its request is being answered. On the
// loop's thread only.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(HttpStream::Socket socket, std::shared_ptr<HttpDesk> desk);
  ~HttpSession() { Hold(0); }

  void Begin();
  // What it is doing fails.
  void Close() {
    stream_.socket().close(ignored_);
    Hold(0);
    deadline_ = MonotonicTime::max();
    TellGone();
  }
  bool waits_for_request() const { return state_ == State::kReading; }
  size_t held() const { return held_; }
  void CloseIfLate(MonotonicTime now) {
    if (now > deadline_) Close();
  }

  void Reply(HttpReply reply);
  void BeginStream(HttpReply head);
  void Write(const std::string& bytes, const std::function<void(bool)>& done);
  void End();
  void OnGone(std::function<void()> gone);
  boost::asio::io_context& context() { return desk_->context; }

 private:
  enum class State { kReading, kAnswering, kStreaming, kClosing };

  void ReadHead();
  void GotHead(boost::system::error_code error);
  bool TakeHead();
  void ContinueThenReadBody();
  void ReadBody();
  void GotBody(boost::system::error_code error);
  void Answer();
  void Watch();
  void Send(const HttpReply& reply, bool keep_alive);
  void Sent(boost::system::error_code error, bool keep_alive);
  bool Refused(boost::system::error_code error);
  void Hold(size_t bytes);
  void HangUp();
  void ReadRest();
  void TellGone() {
    if (const auto gone = std::exchange(gone_, nullptr)) gone();
  }
  void SetDeadline(absl::Duration after) {
    deadline_ = MonotonicNow() + absl::ToChronoNanoseconds(after);
  }

  const std::string peer_;
  const std::shared_ptr<HttpDesk> desk_;
  HttpStream stream_;
  std::vector<std::string> identities_;
  State state_ = State::kReading;
  MonotonicTime deadline_ = MonotonicTime::max();
  boost::beast::flat_buffer buffer_{kHttpReadBytes};
  bool watching_ = false;  // a read is open though no request is asked for: see Watch
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  HttpRequest request_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
  std::string bytes_;  // of a stream, being written
  std::array<char, 4'096> rest_;  // of what is read to be forgotten
  std::function<void()> gone_;
  size_t held_ = 0;
  boost::system::error_code ignored_;
};

}  // namespace wonbon::server
