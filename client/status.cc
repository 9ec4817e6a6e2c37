#include "client/status.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include "client/cancellation.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace wonbon::client {
namespace {

// Debian's absl::string_view is a type of its own: payloads cross the border as std::string.
template <typename Detail>
bool ReadPayload(const absl::Status& status, Detail* detail) {
  const std::string url = "type.googleapis.com/" + Detail::descriptor()->full_name();
  const absl::optional<absl::Cord> payload = status.GetPayload(url);
  return payload.has_value() && detail->ParseFromString(std::string(*payload));
}

// "; document.title: too long", unless the message says so already.
std::string Violations(const google::rpc::BadRequest& bad, const std::string& message) {
  std::string text;
  for (const auto& violation : bad.field_violations()) {
    if (message.find(violation.field()) != std::string::npos &&
        message.find(violation.description()) != std::string::npos) {
      continue;
    }
    text += "; " + violation.field() + ": " + violation.description();
  }
  return text;
}

absl::Status Build(int code, const std::string& message, const google::rpc::Status& details) {
  if (code == 0) return absl::OkStatus();
  if (code < 0 || code > 16) code = static_cast<int>(absl::StatusCode::kUnknown);
  std::string text = message;
  google::rpc::BadRequest bad;
  for (const auto& any : details.details()) {
    if (any.UnpackTo(&bad)) text += Violations(bad, message);
  }
  absl::Status status(static_cast<absl::StatusCode>(code), text);
  for (const auto& any : details.details()) {
    status.SetPayload(any.type_url(), absl::Cord(any.value()));
  }
  return status;
}

// A CANCELLED that nobody here asked for.
absl::Status Unasked(const absl::Status& cancelled, absl::StatusCode code) {
  std::string text = "ended by the other side";
  if (!cancelled.message().empty()) text += ": " + std::string(cancelled.message());
  return Reworded(cancelled, code, text);
}

}  // namespace

absl::Status OutcomeOf(const grpc::Status& status, const grpc::ClientContext& context,
                       const Cancellation* cancellation) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) details.Clear();
  absl::Status outcome = Build(status.error_code(), status.error_message(), details);
  if (!absl::IsCancelled(outcome)) return outcome;
  if (cancellation != nullptr && cancellation->cancelled()) return outcome;
  const bool late = std::chrono::system_clock::now() >= context.deadline();
  return Unasked(outcome, late ? absl::StatusCode::kDeadlineExceeded
                               : absl::StatusCode::kUnavailable);
}

absl::Status FromRpc(const google::rpc::Status& status) {
  absl::Status outcome = Build(status.code(), status.message(), status);
  if (absl::IsCancelled(outcome)) return Unasked(outcome, absl::StatusCode::kUnavailable);
  return outcome;
}

absl::Status Reworded(const absl::Status& error, absl::StatusCode code,
                      const std::string& message) {
  absl::Status status(code, message);
  error.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    status.SetPayload(url, payload);
  });
  return status;
}

std::optional<absl::Duration> RetryDelay(const absl::Status& status) {
  google::rpc::RetryInfo info;
  if (!ReadPayload(status, &info) || !info.has_retry_delay()) return std::nullopt;
  const auto& delay = info.retry_delay();
  return absl::Seconds(delay.seconds()) + absl::Nanoseconds(delay.nanos());
}

std::string ErrorReason(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  return ReadPayload(status, &info) && info.domain() == "wonbon" ? info.reason() : "";
}

}  // namespace wonbon::client
