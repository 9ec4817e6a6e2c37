#include "client/twin.h"

#include <utility>

#include "grpcpp/impl/codegen/client_unary_call.h"

namespace wonbon::client {

TwinStub::TwinStub(const std::shared_ptr<grpc::Channel>& channel)
    : channel_(channel),
      submit_batch_("/wonbon.v1.DedupService/SubmitBatch", grpc::internal::RpcMethod::NORMAL_RPC,
                    channel) {}

grpc::Status TwinStub::SubmitBatch(grpc::ClientContext* context,
                                   const v1::wire::SubmitBatchRequest& request,
                                   v1::SubmitBatchResponse* response) {
  return grpc::internal::BlockingUnaryCall<v1::wire::SubmitBatchRequest, v1::SubmitBatchResponse,
                                           google::protobuf::MessageLite,
                                           google::protobuf::MessageLite>(
      channel_.get(), submit_batch_, context, request, response);
}

void Swap(v1::Document& document, v1::wire::Document& twin) {
  std::swap(*document.mutable_id(), *twin.mutable_id());
  std::swap(*document.mutable_title(), *twin.mutable_title());
  std::swap(*document.mutable_body(), *twin.mutable_body());
  const v1::ContentType type = document.content_type();
  document.set_content_type(static_cast<v1::ContentType>(twin.content_type()));
  twin.set_content_type(type);
  std::swap(*document.mutable_publisher(), *twin.mutable_publisher());
  std::swap(*document.mutable_url(), *twin.mutable_url());
  auto* published_at = document.release_published_at();
  document.set_allocated_published_at(twin.release_published_at());
  twin.set_allocated_published_at(published_at);
  std::swap(*document.mutable_byline(), *twin.mutable_byline());
  std::swap(*document.mutable_section(), *twin.mutable_section());
  document.mutable_labels()->swap(*twin.mutable_labels());
}

}  // namespace wonbon::client
