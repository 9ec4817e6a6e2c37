// A gRPC service made from its descriptor and a table of handlers.
//
// It registers every method as a raw callback method, as the generated WithRawCallbackMethod_...
// classes do, because the bytes of a request are wanted before they are parsed: to count them, to
// refuse a message that would explode in memory (wire.h), to parse on our own threads, and to
// answer a malformed one with details. Every method has a handler.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/support/server_callback.h"
#include "server/rpc/unary_call.h"

namespace wonbon::server {

// Built before the gRPC server, which must be gone before this is destroyed.
class RpcService final : public grpc::Service {
 public:
  using BidiReactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;
  using WriteReactor = grpc::ServerWriteReactor<grpc::ByteBuffer>;

  RpcService(const google::protobuf::ServiceDescriptor& descriptor, Backend& backend);

  Backend& backend() const { return backend_; }
  const std::string& name() const { return descriptor_.full_name(); }

  // The handler fills the response and returns, in a worker.
  template <class Request, class Response>
  void Handle(const std::string& method, absl::Status (*handler)(UnaryCall&, Request&, Response&)) {
    HandleLater<Request, Response>(method, [handler](Call<Request, Response>& call) {
      call.Finish(handler(call, call.request(), call.response()));
    });
  }
  // The handler, or what it starts, calls Finish at some time.
  template <class Request, class Response>
  void HandleLater(const std::string& method,
                   std::function<void(Call<Request, Response>&)> handler) {
    const int index = IndexOf(method, Request::descriptor(), Response::descriptor());
    SetUnary(index, [this, index, handler = std::move(handler)](UnaryCall::Transport transport) {
      auto* call =
          new Call<Request, Response>(backend_, rpcs_[index], std::move(transport), handler);
      return call->Begin();
    });
  }

  using BidiHandler =
      std::function<BidiReactor*(grpc::CallbackServerContext*, const ServedRpc&)>;
  void HandleBidi(const std::string& method, BidiHandler handler);
  using ServerStreamHandler = std::function<WriteReactor*(grpc::CallbackServerContext*,
                                                          grpc::ByteBuffer, const ServedRpc&)>;
  void HandleServerStream(const std::string& method, ServerStreamHandler handler);

 private:
  using UnaryHandler = std::function<grpc::ServerUnaryReactor*(UnaryCall::Transport)>;

  // Also checks, at start, that the handler takes and gives what the contract says.
  int IndexOf(const std::string& method, const google::protobuf::Descriptor* request,
              const google::protobuf::Descriptor* response) const;
  void SetUnary(int index, UnaryHandler handler);

  const google::protobuf::ServiceDescriptor& descriptor_;
  Backend& backend_;
  std::deque<ServedRpc> rpcs_;  // by method index; gRPC keeps pointers to their paths
};

}  // namespace wonbon::server
