#include "tests/bench/load.h"

#include <algorithm>
#include <thread>

namespace wonbon::bench {
namespace {

constexpr std::chrono::milliseconds kDeadline(500);

struct Call {
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
};

}  // namespace

std::shared_ptr<grpc::Channel> NewConnection(const std::string& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(endpoint, grpc::InsecureChannelCredentials(), arguments);
}

Load::Load(const std::string& endpoint, int connections, std::string method, Request request)
    : method_(std::move(method)), request_(std::move(request)) {
  for (int i = 0; i < connections; ++i) {
    stubs_.push_back(std::make_unique<grpc::GenericStub>(NewConnection(endpoint)));
  }
}

void Load::Start(Clock::time_point zero, const std::function<bool()>& again) {
  const size_t n = sent_++;
  const auto call = std::make_shared<Call>();
  call->context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  if (!api_key_.empty()) call->context.AddMetadata("x-api-key", api_key_);
  call->request = request_(n);
  ++open_;
  const double sent_ms = MsSince(zero);
  stubs_[n % stubs_.size()]->UnaryCall(
      &call->context, method_, grpc::StubOptions(), &call->request, &call->response,
      [this, call, zero, again, sent_ms](const grpc::Status& status) {
        const Outcome outcome{sent_ms, MsSince(zero) - sent_ms, status.error_code()};
        {
          const std::lock_guard<std::mutex> lock(mutex_);
          outcomes_.push_back(outcome);
        }
        if (again()) Start(zero, again);
        --open_;
      });
}

std::vector<Outcome> Load::Finish() {
  while (open_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(outcomes_, {});
}

std::vector<Outcome> Load::Closed(size_t open, std::chrono::milliseconds length) {
  const Clock::time_point zero = Clock::now();
  const auto again = [end = zero + length] { return Clock::now() < end; };
  for (size_t i = 0; i < open; ++i) Start(zero, again);
  std::this_thread::sleep_until(zero + length);
  return Finish();
}

std::vector<Outcome> Load::Calls(size_t open, size_t calls) {
  const Clock::time_point zero = Clock::now();
  std::atomic<size_t> begun{open};
  const auto again = [&begun, calls] { return begun++ < calls; };
  for (size_t i = 0; i < open; ++i) Start(zero, again);
  return Finish();
}

std::vector<Outcome> Load::Open(double rate, std::chrono::milliseconds length) {
  const Clock::time_point zero = Clock::now();
  size_t started = 0;
  while (Clock::now() < zero + length) {
    const auto due = static_cast<size_t>(MsSince(zero) * rate / 1'000);
    for (; started < due; ++started) Start(zero, [] { return false; });
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return Finish();
}

}  // namespace wonbon::bench
