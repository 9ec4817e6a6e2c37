#include "server/rpc/rpc_service.h"

#include <grpc/support/log.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/support/method_handler.h"
#include "server/message/wire.h"
#include "server/rpc/rpc_table.h"

namespace wonbon::server {
namespace {

using grpc::ByteBuffer;
using grpc::CallbackServerContext;
using grpc::internal::RpcMethod;
using Descriptor = google::protobuf::Descriptor;

RpcMethod::RpcType TypeOf(const google::protobuf::MethodDescriptor& method) {
  if (method.client_streaming()) {
    return method.server_streaming() ? RpcMethod::BIDI_STREAMING : RpcMethod::CLIENT_STREAMING;
  }
  return method.server_streaming() ? RpcMethod::SERVER_STREAMING : RpcMethod::NORMAL_RPC;
}

const char* TypeName(RpcMethod::RpcType type) {
  switch (type) {
    case RpcMethod::NORMAL_RPC: return "unary";
    case RpcMethod::CLIENT_STREAMING: return "client_stream";
    case RpcMethod::SERVER_STREAMING: return "server_stream";
    case RpcMethod::BIDI_STREAMING: return "bidi_stream";
  }
  return "unary";
}

// The request belongs to the call alone; taking its bytes lets them go as soon as they are parsed.
ByteBuffer Take(const ByteBuffer* request) {
  ByteBuffer taken;
  taken.Swap(const_cast<ByteBuffer*>(request));
  return taken;
}

}  // namespace

RpcService::RpcService(const google::protobuf::ServiceDescriptor& descriptor, Backend& backend)
    : descriptor_(descriptor), backend_(backend) {
  for (int i = 0; i < descriptor.method_count(); ++i) {
    const google::protobuf::MethodDescriptor& method = *descriptor.method(i);
    const RpcMethod::RpcType type = TypeOf(method);
    const Rpc* const row = FindRpc(method);
    GPR_ASSERT(row != nullptr);
    const ServedRpc& rpc = rpcs_.emplace_back(ServedRpc{
        .rpc = *row,
        .metrics =
            *backend.metrics.AddRpc({descriptor.full_name(), method.name(), TypeName(type)}),
        .path = absl::StrCat("/", descriptor.full_name(), "/", method.name())});
    AddMethod(new grpc::internal::RpcServiceMethod(rpc.path.c_str(), type, nullptr));
  }
}

int RpcService::IndexOf(const std::string& method, const Descriptor* request,
                        const Descriptor* response) const {
  const google::protobuf::MethodDescriptor* found = descriptor_.FindMethodByName(method);
  GPR_ASSERT(found != nullptr);
  GPR_ASSERT(request == nullptr || found->input_type()->full_name() == PublicName(*request));
  GPR_ASSERT(response == nullptr || found->output_type() == response);
  return found->index();
}

void RpcService::SetUnary(int index, UnaryHandler handler) {
  MarkMethodRawCallback(
      index, new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
                 [handler = std::move(handler)](CallbackServerContext* context,
                                                const ByteBuffer* request, ByteBuffer* response) {
                   return handler({context, Take(request), response});
                 }));
}

void RpcService::HandleBidi(const std::string& method, BidiHandler handler) {
  const int index = IndexOf(method, nullptr, nullptr);
  MarkMethodRawCallback(
      index, new grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>(
                 [this, index, handler = std::move(handler)](CallbackServerContext* context) {
                   return handler(context, rpcs_[index]);
                 }));
}

void RpcService::HandleServerStream(const std::string& method, ServerStreamHandler handler) {
  const int index = IndexOf(method, nullptr, nullptr);
  MarkMethodRawCallback(
      index, new grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>(
                 [this, index, handler = std::move(handler)](CallbackServerContext* context,
                                                             const ByteBuffer* request) {
                   return handler(context, Take(request), rpcs_[index]);
                 }));
}

}  // namespace wonbon::server
