#include "server/message/status.h"

#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/engine.h"
#include "google/rpc/error_details.pb.h"
#include "server/limits.h"
#include "server/views.h"

namespace wonbon::server {
namespace {

constexpr char kReasonPayload[] = "wonbon/reason";

// The engine's messages begin with what they are about.
std::string_view NotFoundReason(absl::string_view message) {
  if (absl::StartsWith(message, "deleted: ")) return "DOCUMENT_DELETED";
  if (absl::StartsWith(message, "document")) return "DOCUMENT_NOT_FOUND";
  if (absl::StartsWith(message, "cluster")) return "CLUSTER_NOT_FOUND";
  if (absl::StartsWith(message, "collection")) return "COLLECTION_NOT_FOUND";
  return "NOT_FOUND";
}

std::string_view DefaultReason(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk: return "";
    case absl::StatusCode::kCancelled: return "CANCELLED";
    case absl::StatusCode::kInvalidArgument: return "INVALID_ARGUMENT";
    case absl::StatusCode::kDeadlineExceeded: return "DEADLINE_EXCEEDED";
    case absl::StatusCode::kNotFound: return "NOT_FOUND";
    case absl::StatusCode::kAlreadyExists: return "COLLECTION_EXISTS";
    case absl::StatusCode::kPermissionDenied: return "PERMISSION_DENIED";
    case absl::StatusCode::kResourceExhausted: return kQueueFull;
    case absl::StatusCode::kFailedPrecondition: return "FAILED_PRECONDITION";
    case absl::StatusCode::kAborted: return "ABORTED";
    case absl::StatusCode::kOutOfRange: return "EVENTS_DROPPED";
    case absl::StatusCode::kUnimplemented: return kNotBuiltYet;
    case absl::StatusCode::kInternal: return "INTERNAL";
    case absl::StatusCode::kUnavailable: return "UNAVAILABLE";
    case absl::StatusCode::kDataLoss: return "DATA_LOSS";
    case absl::StatusCode::kUnauthenticated: return "UNAUTHENTICATED";
    case absl::StatusCode::kUnknown: break;
    default: break;
  }
  return "UNKNOWN";
}

// At most kMaxErrorMessageBytes, not cut inside a character.
std::string ShortMessage(absl::string_view message) {
  if (message.size() <= kMaxErrorMessageBytes) return std::string(message);
  size_t end = kMaxErrorMessageBytes;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(message.substr(0, end), "...");
}

}  // namespace

absl::Status InvalidField(std::string_view field, std::string_view description) {
  return absl::InvalidArgumentError(absl::StrCat(Absl(field), ": ", Absl(description)));
}

absl::Status WithReason(absl::Status status, std::string_view reason) {
  status.SetPayload(kReasonPayload, absl::Cord(Absl(reason)));
  return status;
}

absl::Status ForBatchItem(const absl::Status& status, size_t index) {
  const std::optional<FieldViolation> violation = Violation(status);
  if (!violation) return status;
  absl::string_view rest = violation->field;
  if (!absl::ConsumePrefix(&rest, "document")) return status;
  if (!rest.empty() && rest[0] != '.') return status;
  return absl::InvalidArgumentError(
      absl::StrCat("documents[", index, "]", rest, ": ", violation->description));
}

std::string Reason(const absl::Status& status) {
  if (const auto payload = status.GetPayload(kReasonPayload)) return std::string(*payload);
  if (absl::IsNotFound(status)) return std::string(NotFoundReason(status.message()));
  if (Violation(status)) return "INVALID_FIELD";
  return std::string(DefaultReason(status.code()));
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status out;
  out.set_code(static_cast<int>(status.code()));
  out.set_message(ShortMessage(status.message()));
  if (status.ok()) return out;
  if (const std::optional<FieldViolation> violation = Violation(status)) {
    google::rpc::BadRequest bad_request;
    auto* field = bad_request.add_field_violations();
    field->set_field(ShortMessage(violation->field));
    field->set_description(ShortMessage(violation->description));
    out.add_details()->PackFrom(bad_request);
  }
  if (absl::IsResourceExhausted(status) || absl::IsUnavailable(status)) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_nanos(
        static_cast<int32_t>(absl::ToInt64Nanoseconds(kRetryDelay)));
    out.add_details()->PackFrom(retry);
  }
  google::rpc::ErrorInfo info;
  info.set_domain("wonbon");
  info.set_reason(Reason(status));
  out.add_details()->PackFrom(info);
  return out;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status details = ToRpcStatus(status);
  // The codes of both are gRPC's canonical ones.
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), details.message(),
                      details.SerializeAsString());
}

}  // namespace wonbon::server
