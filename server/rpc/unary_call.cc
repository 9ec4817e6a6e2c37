#include "server/rpc/unary_call.h"

#include <grpc/grpc.h>
#include <grpc/support/time.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/engine/validate.h"
#include "core/views.h"
#include "server/log.h"
#include "server/message/status.h"
#include "server/message/wire.h"

namespace wonbon::server {

absl::Status StillWanted(const grpc::CallbackServerContext& context) {
  const gpr_timespec deadline = context.raw_deadline();
  if (gpr_time_cmp(gpr_now(deadline.clock_type), deadline) > 0) {
    return absl::DeadlineExceededError("the call's deadline passed before it was done");
  }
  if (context.IsCancelled()) return absl::CancelledError("the client cancelled the call");
  return absl::OkStatus();
}

MonotonicTime DeadlineOf(const grpc::CallbackServerContext& context) {
  const gpr_timespec deadline = context.raw_deadline();
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) return MonotonicTime::max();
  const gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  // Far enough for any call, and no number that could overflow.
  constexpr int64_t kFarSeconds = 1'000'000;
  if (left.tv_sec > kFarSeconds) return MonotonicTime::max();
  return MonotonicNow() + std::chrono::seconds(left.tv_sec) +
         std::chrono::nanoseconds(left.tv_nsec);
}

void Cut(grpc::CallbackServerContext& context, const absl::Status& status) {
  grpc_call_cancel_with_status(context.c_call(), static_cast<grpc_status_code>(status.code()),
                               std::string(status.message()).c_str(), nullptr);
}

UnaryCall::UnaryCall(Backend& backend, const ServedRpc& rpc, Transport transport)
    : backend_(backend),
      rpc_(rpc),
      transport_(std::move(transport)),
      json_(IsOverHttp(*transport_.context)),
      deadline_(DeadlineOf(*transport_.context)),
      request_bytes_(transport_.request.Length()),
      reactor_(transport_.context->DefaultReactor()) {}

grpc::ServerUnaryReactor* UnaryCall::Begin() {
  rpc_.metrics.Started();
  rpc_.metrics.Received();
  grpc::ServerUnaryReactor* const reactor = reactor_;  // `this` may be gone once it is admitted
  const absl::Status admitted =
      backend_.admission.Admit({.rpc = rpc_.rpc,
                                .shown = ShownBy(*transport_.context),
                                .bytes = request_bytes_,
                                .deadline = deadline_},
                               held_, [this] { Run(); });
  if (!admitted.ok()) Finish(admitted);
  return reactor;
}

void UnaryCall::Run() {
  absl::Status status = Alive();
  if (status.ok()) {
    status = (json_ ? ParseJson : Parse)(std::exchange(transport_.request, {}), mutable_request());
  }
  if (status.ok()) {
    parsed_ = true;
    status = caller().MayAsk(asked());
  }
  if (!status.ok()) return Finish(status);
  Handle();
}

absl::Status UnaryCall::WriteResponse() {
  if (!json_) {
    *transport_.response = Serialize(response_message());
    return absl::OkStatus();
  }
  const absl::StatusOr<std::string> json = ToJson(response_message());
  if (!json.ok()) return json.status();
  const grpc::Slice bytes(*json);
  *transport_.response = grpc::ByteBuffer(&bytes, 1);
  return absl::OkStatus();
}

void UnaryCall::Finish(const absl::Status& outcome) {
  const absl::Status status = outcome.ok() ? WriteResponse() : outcome;
  if (status.ok()) {
    rpc_.metrics.Sent();
  } else if (absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsDataLoss(status)) {
    LogError(absl::StrCat(rpc_.path, ": ", Absl(status.ToString())));
  }
  const absl::Duration took = Since(began_);
  rpc_.metrics.Handled(status.code(), took);
  if (!status.ok()) backend_.refusals.Look({rpc_.path, held_.CallerName(), held_.peer}, status);
  if (backend_.slow_calls.AreSlow(took)) TellSlow(status, took);
  if (backend_.audit.Wants(rpc_.rpc)) Audit(status);
  const Admitted held = std::move(held_);  // until gRPC has the answer
  grpc::ServerUnaryReactor* const reactor = reactor_;
  const grpc::Status answer = ToGrpcStatus(status);
  delete this;
  reactor->Finish(answer);
}

void UnaryCall::Audit(const absl::Status& status) {
  backend_.audit.Write({.rpc = rpc_.rpc,
                        .caller = held_.CallerName(),
                        .peer = held_.peer,
                        .request = parsed_ ? &mutable_request() : nullptr,
                        .answer = status});
}

void UnaryCall::TellSlow(const absl::Status& status, absl::Duration took) {
  const auto& metadata = transport_.context->client_metadata();
  const auto trace = metadata.find("traceparent");
  SlowCall slow{.rpc = rpc_.path,
                .collection = "",
                .began = absl::Now() - took,
                .took = took,
                .request_bytes = request_bytes_,
                .response_bytes = status.ok() ? transport_.response->Length() : 0,
                .code = status.code(),
                .caller = std::string(held_.CallerName()),
                .traceparent = ""};
  if (parsed_) {
    const std::string_view named = asked().collection.value_or("");
    if (ValidateCollectionName(named).ok()) slow.collection = named;
  }
  if (trace != metadata.end()) {
    slow.traceparent = Traceparent({trace->second.data(), trace->second.size()});
  }
  backend_.slow_calls.Add(std::move(slow));
}

}  // namespace wonbon::server
