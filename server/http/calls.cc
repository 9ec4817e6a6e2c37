#include "server/http/calls.h"

#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/views.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "server/access/access.h"
#include "server/config/address.h"
#include "server/http/error_reply.h"
#include "server/http/watch_events.h"
#include "server/message/status.h"
#include "server/rpc/rpc_table.h"

namespace wonbon::server {
namespace {

constexpr char kJson[] = "application/json";

HttpReply Refusal(int status, absl::StatusCode code, std::string_view why) {
  return ErrorReply(absl::Status(code, Absl(why)), status);
}

HttpReply Forbidden(std::string_view why) {
  return Refusal(403, absl::StatusCode::kPermissionDenied, why);
}

HttpReply WrongMethod(const char* right) {
  HttpReply reply = Refusal(405, absl::StatusCode::kUnimplemented,
                            absl::StrCat("this is called by ", right));
  reply.headers.emplace_back("Allow", right);
  return reply;
}

// "application/json", with or without parameters.
bool IsJson(std::string_view content_type) {
  const absl::string_view type = Absl(content_type).substr(0, content_type.find(';'));
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(type), kJson);
}

std::optional<HttpReply> RefuseContent(const HttpRequest& head) {
  if (!IsJson(head.Header("content-type"))) {
    HttpReply reply = Refusal(415, absl::StatusCode::kInvalidArgument,
                              "the body must be JSON: send Content-Type: application/json");
    reply.headers.emplace_back("Accept-Post", kJson);
    return reply;
  }
  const std::string_view encoding = head.Header("content-encoding");
  if (encoding.empty() || absl::EqualsIgnoreCase(Absl(encoding), "identity")) return std::nullopt;
  HttpReply reply = Refusal(415, absl::StatusCode::kUnimplemented,
                            "the body must not be packed: no Content-Encoding but identity is "
                            "understood");
  reply.headers.emplace_back("Accept-Encoding", "identity");
  return reply;
}

// "[::1]:9464" -> "::1", "localhost:9464" -> "localhost".
std::string HostOf(std::string_view host) {
  if (host.starts_with('[')) return std::string(host.substr(1, host.find(']') - 1));
  return std::string(host.substr(0, host.find(':')));
}

bool ShowsKey(const HttpRequest& head) {
  return !head.Values("authorization").empty() || !head.Values("x-api-key").empty();
}

// One unary call; alive until gRPC has answered it.
class UnaryOverHttp {
 public:
  UnaryOverHttp(InProcess& calls, std::string body, HttpExchange exchange)
      : open_(calls), exchange_(std::move(exchange)) {
    const grpc::Slice slice = SliceOf(std::move(body));
    request_ = grpc::ByteBuffer(&slice, 1);
  }

  static void Begin(const std::shared_ptr<UnaryOverHttp>& call, const HttpRequest& head) {
    absl::Status status = Describe(head, call->context_);
    if (status.ok() && call->open_.channel() == nullptr) status = Draining();
    if (!status.ok()) return call->End(ToGrpcStatus(status));
    call->exchange_.OnGone([weak = std::weak_ptr<UnaryOverHttp>(call)] {
      if (const std::shared_ptr<UnaryOverHttp> gone = weak.lock()) gone->context_.TryCancel();
    });
    grpc::GenericStub(call->open_.channel())
        .UnaryCall(&call->context_, head.path, {}, &call->request_, &call->response_,
                   [call](const grpc::Status& ended) { call->End(ended); });
  }

 private:
  // Which owns the bytes: a body is not copied.
  static grpc::Slice SliceOf(std::string body) {
    auto owned = std::make_unique<std::string>(std::move(body));
    std::string& bytes = *owned;
    return {bytes.data(), bytes.size(),
            [](void* given) { delete static_cast<std::string*>(given); }, owned.release()};
  }

  void End(const grpc::Status& status) {
    if (!status.ok()) return exchange_.Reply(ErrorReply(status));
    grpc::Slice json;
    if (!response_.DumpToSingleSlice(&json).ok()) {
      return exchange_.Reply(ErrorReply({grpc::StatusCode::INTERNAL, "the answer was lost"}));
    }
    exchange_.Reply({.status = 200,
                     .content_type = kJson,
                     .body = {reinterpret_cast<const char*>(json.begin()), json.size()}});
  }

  const InProcess::Call open_;  // the last to go
  const HttpExchange exchange_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

}  // namespace

HttpCalls::HttpCalls(InProcess& calls, Options options)
    : calls_(calls), options_(std::move(options)) {
  const auto* const pool = google::protobuf::DescriptorPool::generated_pool();
  for (const Rpc& rpc : RpcTable()) {
    const auto* const service = pool->FindServiceByName(std::string(rpc.service));
    methods_.emplace(absl::StrCat("/", Absl(rpc.service), "/", Absl(rpc.method)),
                     service->FindMethodByName(std::string(rpc.method)));
  }
}

bool HttpCalls::Takes(const HttpRequest& request) { return request.path.starts_with("/wonbon."); }

// A page of another site, open in a browser on this machine or on that of somebody who may call,
// must not be able to. It cannot send application/json without asking first, and OPTIONS is not
// answered; it cannot show a key that it does not know; and by a name of its own that leads here
// (DNS rebinding) it is told apart by that name.
std::optional<HttpReply> HttpCalls::RefuseSite(const HttpRequest& head) const {
  if (!head.encrypted && options_.verifies_clients) {
    return Forbidden("this server asks its clients for certificates, and none can be shown over "
                     "plain HTTP: call the port of --http-listen");
  }
  if (!head.encrypted && !options_.plain_everywhere && !IsOfThisMachine(head.peer)) {
    return Forbidden("over plain HTTP only calls from this machine are taken: call the port of "
                     "--http-listen");
  }
  const std::string_view host = head.Header("host");
  if (!head.Values("origin").empty()) {
    absl::string_view origin = Absl(head.Header("origin"));
    if (!absl::ConsumePrefix(&origin, "https://")) absl::ConsumePrefix(&origin, "http://");
    if (!absl::EqualsIgnoreCase(origin, Absl(host))) {
      return Forbidden("the call comes from a page of another site");
    }
  }
  const std::string_view site = head.Header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") {
    return Forbidden("the call comes from a page of another site");
  }
  if (head.Values("host").empty() || ShowsKey(head)) return std::nullopt;  // no browser; no page
  const std::string name = HostOf(host);
  if (IsIpAddress(name) || absl::EqualsIgnoreCase(name, "localhost")) return std::nullopt;
  for (const std::string& known : options_.hosts) {
    if (absl::EqualsIgnoreCase(name, known)) return std::nullopt;
  }
  return Forbidden("without a key the server is called by its address or by localhost, not by "
                   "another name");
}

std::optional<HttpReply> HttpCalls::Refuse(const HttpRequest& head) const {
  if (std::optional<HttpReply> refusal = RefuseSite(head)) return refusal;
  const auto found = methods_.find(head.path);
  if (found == methods_.end()) {
    return Refusal(404, absl::StatusCode::kUnimplemented,
                   "there is no such rpc; /openapi.json lists those there are");
  }
  const google::protobuf::MethodDescriptor& method = *found->second;
  if (method.client_streaming()) {
    return Refusal(501, absl::StatusCode::kUnimplemented,
                   absl::StrCat(method.name(), " is for gRPC alone: over HTTP, SubmitBatch takes "
                                               "many documents at once"));
  }
  if (method.server_streaming()) {
    if (head.method != "GET") return WrongMethod("GET");
  } else {
    if (head.method != "POST") return WrongMethod("POST");
    if (std::optional<HttpReply> refusal = RefuseContent(head)) return refusal;
  }
  switch (calls_.state()) {
    case InProcess::State::kServing: return std::nullopt;
    case InProcess::State::kClosed: return ErrorReply(ToGrpcStatus(Draining()));
    case InProcess::State::kNotYet: break;
  }
  return ErrorReply(ToGrpcStatus(absl::UnavailableError(options_.trouble())));
}

void HttpCalls::Answer(HttpRequest request, const HttpExchange& exchange) {
  if (methods_.find(request.path)->second->server_streaming()) {
    return WatchOverHttp(calls_, request, exchange);
  }
  std::string body = std::move(request.body);
  UnaryOverHttp::Begin(std::make_shared<UnaryOverHttp>(calls_, std::move(body), exchange), request);
}

}  // namespace wonbon::server
