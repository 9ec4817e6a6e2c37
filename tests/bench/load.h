// Calls made at given times whether or not earlier ones are answered, and what became of them: for
// the programs of this folder.
//
// Thread-safe where not said otherwise.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/message_lite.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "tests/bench/quantile.h"

namespace wonbon::bench {

using Clock = std::chrono::steady_clock;
inline double MsSince(Clock::time_point then) {
  return std::chrono::duration<double, std::milli>(Clock::now() - then).count();
}

// What became of one call.
struct Outcome {
  double sent_ms = 0;  // after the first call
  double took_ms = 0;
  grpc::StatusCode code = grpc::StatusCode::OK;
};

inline grpc::ByteBuffer Bytes(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

// A connection that no other channel shares.
std::shared_ptr<grpc::Channel> NewConnection(const std::string& endpoint);

// Unary calls of one method over some connections.
class Load {
 public:
  // Of the nth call. Thread-safe.
  using Request = std::function<grpc::ByteBuffer(size_t)>;

  Load(const std::string& endpoint, int connections, std::string method, Request request);
  // Calls from now on show this API key.
  void Show(std::string api_key) { api_key_ = std::move(api_key); }

  // Always so many calls open, for so long: each answer begins the next one.
  std::vector<Outcome> Closed(size_t open, std::chrono::milliseconds length);
  // So many calls, so many of them open at a time.
  std::vector<Outcome> Calls(size_t open, size_t calls);
  // So many calls a second, for so long, each due at its time: who falls behind catches up.
  std::vector<Outcome> Open(double rate, std::chrono::milliseconds length);

 private:
  // The answer begins another call where `again` says so.
  void Start(Clock::time_point zero, const std::function<bool()>& again);
  // Waits until no call is open.
  std::vector<Outcome> Finish();

  const std::string method_;
  const Request request_;
  std::string api_key_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  std::atomic<size_t> sent_{0};
  std::atomic<size_t> open_{0};
  std::mutex mutex_;
  std::vector<Outcome> outcomes_;
};

}  // namespace wonbon::bench
