// The rpcs of the contract over HTTP, for who has no gRPC: curl, PHP, a page in a browser.
//
//   POST /wonbon.v1.DedupService/Check   the request in proto3 JSON -> 200, the response in JSON
//   GET  /wonbon.v1.DedupService/WatchClusters?collection=…&after=…      -> server-sent events
//
// This is the Connect protocol's unary JSON form. A call is handed to the server's own gRPC inside
// the process, with what its client has shown (access/access.h): admission, keys, limits, audit log
// and handlers are those of every other call, and its JSON is read behind them, by a worker
// (message/wire.h). What a page of another site could do with a browser on this machine is refused
// here, before anything is read.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "server/http/http_server.h"
#include "server/http/in_process.h"
#include "server/http/message.h"

namespace wonbon::server {

// Thread-safe.
class HttpCalls {
 public:
  struct Options {
    // Names besides "localhost" and addresses that a browser may call this server by without a key.
    std::vector<std::string> hosts;
    bool plain_everywhere = false;   // --insecure: keys may travel in the open
    bool verifies_clients = false;   // mTLS: without TLS nobody can show who he is
    std::function<std::string()> trouble;  // why calls are not served yet
  };
  // `calls` outlives this and all that it answers.
  HttpCalls(InProcess& calls, Options options);

  // Whether the path is for these calls.
  static bool Takes(const HttpRequest& request);
  // For HttpHandler.
  std::optional<HttpReply> Refuse(const HttpRequest& head) const;
  void Answer(HttpRequest request, const HttpExchange& exchange);

 private:
  std::optional<HttpReply> RefuseSite(const HttpRequest& head) const;

  InProcess& calls_;
  const Options options_;
  // By path: "/wonbon.v1.DedupService/Check".
  std::map<std::string, const google::protobuf::MethodDescriptor*, std::less<>> methods_;
};

}  // namespace wonbon::server
