#include "server/http/in_process.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/views.h"
#include "server/access/access.h"
#include "server/admin/slow_calls.h"
#include "server/limits.h"

namespace wonbon::server {
namespace {

// A proxy on this machine would have its clients taken for this machine's own.
bool IsForwarded(const HttpRequest& request) {
  for (const std::string_view name : {"forwarded", "x-forwarded-for", "x-real-ip", "via"}) {
    if (!request.Values(name).empty()) return true;
  }
  return false;
}

}  // namespace

void InProcess::Serve(std::shared_ptr<grpc::Channel> channel) {
  absl::MutexLock lock(&mutex_);
  channel_ = std::move(channel);
  state_ = State::kServing;
}

void InProcess::Close() {
  absl::MutexLock lock(&mutex_);
  channel_.reset();
  state_ = State::kClosed;
}

void InProcess::WaitUntilIdle() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](size_t* open) { return *open == 0; }, &open_));
}

InProcess::State InProcess::state() const {
  absl::MutexLock lock(&mutex_);
  return state_;
}

std::shared_ptr<grpc::Channel> InProcess::Enter() {
  absl::MutexLock lock(&mutex_);
  ++open_;
  return channel_;
}

InProcess::Call::~Call() {
  channel_.reset();
  absl::MutexLock lock(&calls_.mutex_);
  --calls_.open_;
}

absl::Status Describe(const HttpRequest& request, grpc::ClientContext& context) {
  const char* const from = IsForwarded(request) ? "forwarded:" : "";
  context.AddMetadata(kHttpPeer, absl::StrCat(from, request.peer, "/http"));
  for (const std::string_view value : request.Values("authorization")) {
    context.AddMetadata(kHttpAuthorization, std::string(value));
  }
  for (const std::string_view value : request.Values("x-api-key")) {
    context.AddMetadata(kHttpApiKey, std::string(value));
  }
  const std::string_view trace = Traceparent(request.Header("traceparent"));
  if (!trace.empty()) context.AddMetadata("traceparent", std::string(trace));
  for (const std::string& name : request.identities) context.AddMetadata(kHttpIdentity, name);
  const std::string_view timeout = request.Header("connect-timeout-ms");
  if (timeout.empty()) return absl::OkStatus();
  int64_t milliseconds = 0;
  if (!absl::SimpleAtoi(Absl(timeout), &milliseconds) || milliseconds < 1 ||
      milliseconds > absl::ToInt64Milliseconds(kMaxHttpCallTimeout)) {
    return InvalidField("Connect-Timeout-Ms", "must be a number of milliseconds from 1 up");
  }
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(milliseconds));
  return absl::OkStatus();
}

}  // namespace wonbon::server
