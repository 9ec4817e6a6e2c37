// One unary call, from its bytes to its one answer.
//
// gRPC's thread only counts the call and queues it (Begin); a worker parses the request and runs
// the handler; whoever has the answer calls Finish, once, from any thread. Calls past a limit and
// calls during a drain are answered at once.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/arena.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/admission/admission.h"
#include "server/backend.h"
#include "server/monotonic.h"
#include "server/rpc/rpc_table.h"

namespace wonbon::server {

// An rpc as it is served. Lives as long as its service.
struct ServedRpc {
  const Rpc& rpc;
  RpcMetrics& metrics;
  std::string path;  // "/wonbon.v1.DedupService/Submit"
};

// CANCELLED or DEADLINE_EXCEEDED where nobody waits for the answer any more. Thread-safe.
absl::Status StillWanted(const grpc::CallbackServerContext& context);
// MonotonicTime::max() where there is none.
MonotonicTime DeadlineOf(const grpc::CallbackServerContext& context);

// Ends a call at once, whatever of it waits to be taken by its client, who hears code and message:
// what was written before may be in the way of an end in order. OnCancel follows. Thread-safe.
void Cut(grpc::CallbackServerContext& context, const absl::Status& status);

class UnaryCall {
 public:
  // What gRPC hands to a raw callback method. `response` is written before the call finishes.
  struct Transport {
    grpc::CallbackServerContext* context;
    grpc::ByteBuffer request;
    grpc::ByteBuffer* response;
  };

  UnaryCall(Backend& backend, const ServedRpc& rpc, Transport transport);
  UnaryCall(const UnaryCall&) = delete;
  UnaryCall& operator=(const UnaryCall&) = delete;

  // Takes the call on; deletes itself once it is finished. Returns what gRPC waits for.
  grpc::ServerUnaryReactor* Begin();

  Backend& backend() const { return backend_; }
  // CANCELLED or DEADLINE_EXCEEDED where the client no longer waits: to be asked between stages.
  absl::Status Alive() const { return StillWanted(*transport_.context); }
  MonotonicTime deadline() const { return deadline_; }
  // REQUIRES: in a handler.
  const Caller& caller() const { return held_.caller; }
  // Where further steps of the call wait.
  Lane lane() const { return held_.LaneOf(rpc_.rpc.work); }
  // Answers with the response, or with an error. The call is gone afterwards.
  void Finish(const absl::Status& status);

 protected:
  virtual ~UnaryCall() = default;
  virtual google::protobuf::Message& mutable_request() = 0;
  virtual const google::protobuf::Message& response_message() const = 0;
  // What the request, which was parsed, is about.
  virtual Asked asked() const = 0;
  // Runs the handler.
  virtual void Handle() = 0;

  google::protobuf::Arena arena_;

 private:
  void Run();
  absl::Status WriteResponse();
  void Audit(const absl::Status& status);
  void TellSlow(const absl::Status& status, absl::Duration took);

  Backend& backend_;
  const ServedRpc& rpc_;
  Transport transport_;
  const bool json_;  // request and response: a call over HTTP
  const MonotonicTime began_ = MonotonicNow();
  const MonotonicTime deadline_;
  const size_t request_bytes_;
  Admitted held_;
  bool parsed_ = false;
  grpc::ServerUnaryReactor* const reactor_;
};

// A call of one rpc. The messages live on an arena until the call is finished.
template <class Request, class Response>
class Call final : public UnaryCall {
 public:
  using Handler = std::function<void(Call&)>;

  Call(Backend& backend, const ServedRpc& rpc, Transport transport, const Handler& handler)
      : UnaryCall(backend, rpc, std::move(transport)), handler_(handler) {}

  Request& request() { return request_; }
  Response& response() { return response_; }

 private:
  google::protobuf::Message& mutable_request() override { return request_; }
  const google::protobuf::Message& response_message() const override { return response_; }
  Asked asked() const override { return AskedOf(request_); }
  void Handle() override { handler_(*this); }

  const Handler& handler_;
  Request& request_ = *google::protobuf::Arena::CreateMessage<Request>(&arena_);
  Response& response_ = *google::protobuf::Arena::CreateMessage<Response>(&arena_);
};

}  // namespace wonbon::server
