#include "server/rpc/unary_call.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/views.h"
#include "server/limits.h"
#include "server/log.h"
#include "server/message/status.h"
#include "server/message/wire.h"

namespace wonbon::server {

absl::Status StillWanted(const grpc::CallbackServerContext& context) {
  if (std::chrono::system_clock::now() > context.deadline()) {
    return absl::DeadlineExceededError("the call's deadline passed before it was done");
  }
  if (context.IsCancelled()) return absl::CancelledError("the client cancelled the call");
  return absl::OkStatus();
}

UnaryCall::UnaryCall(Backend& backend, RpcMetrics& metrics, const std::string& path,
                     Transport transport)
    : backend_(backend),
      metrics_(metrics),
      path_(path),
      transport_(std::move(transport)),
      began_(absl::Now()),
      bytes_(transport_.request.Length()),
      reactor_(transport_.context->DefaultReactor()) {}

grpc::ServerUnaryReactor* UnaryCall::Begin() {
  metrics_.Started();
  metrics_.Received();
  grpc::ServerUnaryReactor* const reactor = reactor_;  // `this` may be gone once it is admitted
  const absl::Status admitted = Admit();
  if (!admitted.ok()) Finish(admitted);
  return reactor;
}

absl::Status UnaryCall::Admit() {
  absl::Status entered = backend_.calls.Enter();
  if (!entered.ok()) return entered;
  entered_ = true;
  if (!backend_.bytes.TryAcquire(bytes_)) {
    return Overloaded(ErrorReason::kTooManyBytesInFlight, "too many bytes of requests in flight");
  }
  holds_bytes_ = true;
  if (!backend_.pool.TryBegin([this] { Run(); })) {
    return Overloaded(ErrorReason::kQueueFull, "too many requests are waiting");
  }
  return absl::OkStatus();
}

void UnaryCall::Run() {
  absl::Status status = Alive();
  if (status.ok()) status = Parse(std::exchange(transport_.request, {}), mutable_request());
  if (!status.ok()) return Finish(status);
  Handle();
}

void UnaryCall::Finish(const absl::Status& status) {
  if (status.ok()) {
    *transport_.response = Serialize(response_message());
    metrics_.Sent();
  } else if (absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsDataLoss(status)) {
    LogError(absl::StrCat(path_, ": ", Absl(status.ToString())));
  }
  metrics_.Handled(status.code(), absl::Now() - began_);
  if (holds_bytes_) backend_.bytes.Release(bytes_);
  if (entered_) backend_.calls.Leave();
  grpc::ServerUnaryReactor* const reactor = reactor_;
  const grpc::Status answer = ToGrpcStatus(status);
  delete this;
  reactor->Finish(answer);
}

}  // namespace wonbon::server
