// HTTP/1.1 on a port: connections are taken, requests read and answers written. The one file that
// includes Beast is http_server.cc.
//
// Everything of a connection happens on the loop's thread; requests are answered from others, so
// that a slow answer holds nobody up. One request of a connection is answered at a time; what a
// client sends ahead waits. Bounded: head, body, bytes held for all connections, connections and
// time (server/limits.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "server/event_loop.h"
#include "server/http/message.h"

namespace wonbon::server {

class Certificates;
class HttpSession;

// A request that waits for its answer: one Reply, or BeginStream, Writes and End. Copies are of the
// same request. Thread-safe; may outlive the server, but not the loop.
class HttpExchange {
 public:
  void Reply(HttpReply reply) const;
  // An answer without an end that is known: `head.body` is its beginning. The connection is closed
  // behind it.
  void BeginStream(HttpReply head) const;
  // One at a time. `done` is called once, on the loop's thread: whether the client may have it.
  void Write(std::string bytes, std::function<void(bool)> done) const;
  void End() const;
  // `gone` is called, on the loop's thread, if the client goes away before it is answered, or while
  // a stream is open. It must not keep the exchange alive.
  void OnGone(std::function<void()> gone) const;

 private:
  friend class HttpSession;
  struct Anchor;
  explicit HttpExchange(std::shared_ptr<HttpSession> session);
  std::shared_ptr<const Anchor> anchor_;
};

// Both are called on the loop's thread, and must be quick.
struct HttpHandler {
  // Looks at a request before its body is read: a reply refuses it, and closes the connection
  // where a body was to come.
  std::function<std::optional<HttpReply>(const HttpRequest& head)> refuse;
  std::function<void(HttpRequest request, HttpExchange exchange)> answer;
};

class HttpServer {
 public:
  struct Options {
    std::string address;      // "host:port"; port 0 picks a free one
    std::string flag;         // "--admin-listen", for errors
    size_t most_connections;  // past it the oldest that waits for a request is closed
    HttpHandler handler;
    Certificates* certificates = nullptr;  // null: without TLS
  };

  // UNAVAILABLE where the address cannot be had.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Listen(EventLoop& loop, Options options);
  // Closes. The loop must still be there.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Where it listens, with the port that was picked.
  const std::string& address() const;
  // No connection is taken, and none is open, once this returns.
  void Close();

 private:
  struct Parts;
  explicit HttpServer(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<Parts> parts_;
};

}  // namespace wonbon::server
