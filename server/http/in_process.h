// Calls that the server makes to its own gRPC for HTTP clients: those that are open, and what each
// says of who makes it. access/access.h believes that of such calls alone.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "server/http/message.h"

namespace wonbon::server {

// Thread-safe.
class InProcess {
 public:
  enum class State { kNotYet, kServing, kClosed };

  // REQUIRES, to destroy it: no call is open.
  InProcess() = default;
  InProcess(const InProcess&) = delete;
  InProcess& operator=(const InProcess&) = delete;

  // Calls are served by it from now on.
  void Serve(std::shared_ptr<grpc::Channel> channel);
  // No call is begun from now on.
  void Close();
  // Returns once no call is open. REQUIRES: Close was called, and gRPC ends its calls.
  void WaitUntilIdle();
  State state() const;

  // One call, open as long as this lives.
  class Call {
   public:
    explicit Call(InProcess& calls) : calls_(calls), channel_(calls.Enter()) {}
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    // Null where none is to be begun.
    const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

   private:
    InProcess& calls_;
    std::shared_ptr<grpc::Channel> channel_;
  };

 private:
  std::shared_ptr<grpc::Channel> Enter();

  mutable absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kNotYet;
  std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
  size_t open_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Puts into a call what its request says of it: who makes it, and its deadline
// (Connect-Timeout-Ms). INVALID_ARGUMENT for a timeout that is none.
absl::Status Describe(const HttpRequest& request, grpc::ClientContext& context);

}  // namespace wonbon::server
