// One unary call, from its bytes to its one answer.
//
// gRPC's thread only counts the call and queues it (Begin); a worker parses the request and runs
// the handler; whoever has the answer calls Finish, once, from any thread. Calls past a limit and
// calls during a drain are answered at once.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/arena.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/backend.h"

namespace wonbon::server {

// CANCELLED or DEADLINE_EXCEEDED where nobody waits for the answer any more. Thread-safe.
absl::Status StillWanted(const grpc::CallbackServerContext& context);

class UnaryCall {
 public:
  // What gRPC hands to a raw callback method. `response` is written before the call finishes.
  struct Transport {
    grpc::CallbackServerContext* context;
    grpc::ByteBuffer request;
    grpc::ByteBuffer* response;
  };

  UnaryCall(Backend& backend, RpcMetrics& metrics, const std::string& path, Transport transport);
  UnaryCall(const UnaryCall&) = delete;
  UnaryCall& operator=(const UnaryCall&) = delete;

  // Takes the call on; deletes itself once it is finished. Returns what gRPC waits for.
  grpc::ServerUnaryReactor* Begin();

  Backend& backend() const { return backend_; }
  // CANCELLED or DEADLINE_EXCEEDED where the client no longer waits: to be asked between stages.
  absl::Status Alive() const { return StillWanted(*transport_.context); }
  // Answers with the response, or with an error. The call is gone afterwards.
  void Finish(const absl::Status& status);

 protected:
  virtual ~UnaryCall() = default;
  virtual google::protobuf::Message& mutable_request() = 0;
  virtual const google::protobuf::Message& response_message() const = 0;
  // Runs the handler.
  virtual void Handle() = 0;

  google::protobuf::Arena arena_;

 private:
  absl::Status Admit();
  void Run();

  Backend& backend_;
  RpcMetrics& metrics_;
  const std::string& path_;
  Transport transport_;
  const absl::Time began_;
  const size_t bytes_;
  bool entered_ = false;
  bool holds_bytes_ = false;
  grpc::ServerUnaryReactor* const reactor_;
};

// A call of one rpc. The messages live on an arena until the call is finished.
template <class Request, class Response>
class Call final : public UnaryCall {
 public:
  using Handler = std::function<void(Call&)>;

  Call(Backend& backend, RpcMetrics& metrics, const std::string& path, Transport transport,
       const Handler& handler)
      : UnaryCall(backend, metrics, path, std::move(transport)), handler_(handler) {}

  Request& request() { return request_; }
  Response& response() { return response_; }

 private:
  google::protobuf::Message& mutable_request() override { return request_; }
  const google::protobuf::Message& response_message() const override { return response_; }
  void Handle() override { handler_(*this); }

  const Handler& handler_;
  Request& request_ = *google::protobuf::Arena::CreateMessage<Request>(&arena_);
  Response& response_ = *google::protobuf::Arena::CreateMessage<Response>(&arena_);
};

}  // namespace wonbon::server
