#include "server/message/status.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/rpc/error_details.pb.h"
#include "server/limits.h"
#include "server/message/convert.h"

namespace wonbon::server {
namespace {

// How long to wait before another try.
absl::Duration DelayOf(const ErrorDetail& detail) {
  if (detail.retry_after > absl::ZeroDuration()) return detail.retry_after;
  const bool disk = detail.reason == ErrorReason::kDiskFull ||
                    detail.reason == ErrorReason::kStoreUnavailable ||
                    detail.reason == ErrorReason::kReadOnly;
  return disk ? kDiskRetryDelay : kRetryDelay;
}

// At most kMaxErrorMessageBytes, not cut inside a character.
std::string ShortMessage(absl::string_view message) {
  if (message.size() <= kMaxErrorMessageBytes) return std::string(message);
  size_t end = kMaxErrorMessageBytes;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(message.substr(0, end), "...");
}

}  // namespace

absl::Status Overloaded(ErrorReason reason, std::string_view message) {
  return MakeError(absl::StatusCode::kResourceExhausted, {.reason = reason}, message);
}

absl::Status WouldBeLate() {
  return Overloaded(ErrorReason::kQueueFull,
                    "too much is waiting for this to be done before its deadline");
}

absl::Status Draining() {
  return MakeError(absl::StatusCode::kUnavailable, {.reason = ErrorReason::kDraining},
                   "the server is shutting down");
}

absl::Status ForBatchItem(const absl::Status& status, size_t index) {
  const std::optional<FieldViolation> violation = Violation(status);
  if (!violation) return status;
  absl::string_view rest = violation->field;
  if (!absl::ConsumePrefix(&rest, "document")) return status;
  if (!rest.empty() && rest[0] != '.') return status;
  return InvalidField(absl::StrCat("documents[", index, "]", rest), violation->description);
}

std::string_view CodeName(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk: return "OK";
    case absl::StatusCode::kCancelled: return "CANCELLED";
    case absl::StatusCode::kInvalidArgument: return "INVALID_ARGUMENT";
    case absl::StatusCode::kDeadlineExceeded: return "DEADLINE_EXCEEDED";
    case absl::StatusCode::kNotFound: return "NOT_FOUND";
    case absl::StatusCode::kAlreadyExists: return "ALREADY_EXISTS";
    case absl::StatusCode::kPermissionDenied: return "PERMISSION_DENIED";
    case absl::StatusCode::kResourceExhausted: return "RESOURCE_EXHAUSTED";
    case absl::StatusCode::kFailedPrecondition: return "FAILED_PRECONDITION";
    case absl::StatusCode::kAborted: return "ABORTED";
    case absl::StatusCode::kOutOfRange: return "OUT_OF_RANGE";
    case absl::StatusCode::kUnimplemented: return "UNIMPLEMENTED";
    case absl::StatusCode::kInternal: return "INTERNAL";
    case absl::StatusCode::kUnavailable: return "UNAVAILABLE";
    case absl::StatusCode::kDataLoss: return "DATA_LOSS";
    case absl::StatusCode::kUnauthenticated: return "UNAUTHENTICATED";
    case absl::StatusCode::kUnknown: break;
    default: break;
  }
  return "UNKNOWN";
}

std::string_view Reason(const absl::Status& status) {
  const std::string_view reason = Name(ReasonOf(status));
  return reason.empty() ? CodeName(status.code()) : reason;
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
  // An answer that is too large does not get smaller by waiting, nor a folder of backups larger.
  if ((absl::IsResourceExhausted(status) && ReasonOf(status) != ErrorReason::kResponseTooLarge &&
       ReasonOf(status) != ErrorReason::kBackupFolderFull) ||
      absl::IsUnavailable(status)) {
    google::rpc::RetryInfo retry;
    ToProto(DelayOf(DetailOf(status)), *retry.mutable_retry_delay());
    out.add_details()->PackFrom(retry);
  }
  google::rpc::ErrorInfo info;
  info.set_domain("wonbon");
  info.set_reason(std::string(Reason(status)));
  const std::string subject = DetailOf(status).subject;
  if (!subject.empty()) (*info.mutable_metadata())["subject"] = ShortMessage(subject);
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
