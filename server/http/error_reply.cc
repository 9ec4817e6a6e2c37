#include "server/http/error_reply.h"

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/message/status.h"
#include "server/message/wire.h"

namespace wonbon::server {
namespace {

using Json = nlohmann::ordered_json;
using google::protobuf::Message;

// Connect writes it with one l.
std::string ConnectName(absl::StatusCode code) {
  if (code == absl::StatusCode::kCancelled) return "canceled";
  const std::string_view name = CodeName(code);
  return absl::AsciiStrToLower(absl::string_view(name.data(), name.size()));
}

int HttpStatus(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange: return 400;
    case absl::StatusCode::kUnauthenticated: return 401;
    case absl::StatusCode::kPermissionDenied: return 403;
    case absl::StatusCode::kNotFound: return 404;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted: return 409;
    case absl::StatusCode::kResourceExhausted: return 429;
    case absl::StatusCode::kCancelled: return 499;
    case absl::StatusCode::kUnimplemented: return 501;
    case absl::StatusCode::kUnavailable: return 503;
    case absl::StatusCode::kDeadlineExceeded: return 504;
    default: return 500;
  }
}

// With what can be read of it, where its type is known.
Json DetailOf(const google::protobuf::Any& any) {
  absl::string_view type = any.type_url();
  absl::ConsumePrefix(&type, "type.googleapis.com/");
  std::string base64;
  absl::Base64Escape(any.value(), &base64);
  while (!base64.empty() && base64.back() == '=') base64.pop_back();
  Json detail = {{"type", std::string(type)}, {"value", base64}};
  const google::protobuf::Descriptor* const descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(std::string(type));
  if (descriptor == nullptr) return detail;
  const std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
  if (!message->ParseFromString(any.value())) return detail;
  const absl::StatusOr<std::string> json = ToJson(*message);
  if (json.ok()) detail["debug"] = Json::parse(*json, nullptr, false);
  return detail;
}

}  // namespace

HttpReply ErrorReply(const grpc::Status& error) {
  const auto code = static_cast<absl::StatusCode>(error.error_code());
  Json body = {{"code", ConnectName(code)}, {"message", error.error_message()}};
  HttpReply reply{.status = HttpStatus(code), .content_type = "application/json"};
  google::rpc::Status status;
  if (status.ParseFromString(error.error_details())) {
    for (const google::protobuf::Any& any : status.details()) {
      body["details"].push_back(DetailOf(any));
      google::rpc::RetryInfo retry;
      if (!any.UnpackTo(&retry)) continue;
      const int64_t begun = retry.retry_delay().nanos() > 0 ? 1 : 0;
      reply.headers.emplace_back("Retry-After",
                                 absl::StrCat(retry.retry_delay().seconds() + begun));
    }
  }
  if (reply.status == 401) reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  // What is no UTF-8 came in a message of somebody else's.
  reply.body = body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return reply;
}

HttpReply ErrorReply(const absl::Status& error, int http_status) {
  HttpReply reply = ErrorReply(ToGrpcStatus(error));
  reply.status = http_status;
  return reply;
}

}  // namespace wonbon::server
