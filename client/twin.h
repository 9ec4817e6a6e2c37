// Batches of documents in the form of the private twin (proto/make_twin), whose text protobuf does
// not check again on the way out. The server checks it, and names the field and the byte.
//
// Thread-safe as the contract's stub is.
#pragma once

#include <memory>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/impl/codegen/rpc_method.h"
#include "wonbon/v1/submission.pb.h"
#include "wonbon/v1/wire/submission.pb.h"

namespace wonbon::client {

// DedupService.SubmitBatch with requests of the twin.
class TwinStub {
 public:
  explicit TwinStub(const std::shared_ptr<grpc::Channel>& channel);

  grpc::Status SubmitBatch(grpc::ClientContext* context,
                           const v1::wire::SubmitBatchRequest& request,
                           v1::SubmitBatchResponse* response);

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  const grpc::internal::RpcMethod submit_batch_;
};

// Exchanges the contents; the text is not copied. REQUIRES: neither lives on an arena.
void Swap(v1::Document& document, v1::wire::Document& twin);

}  // namespace wonbon::client
