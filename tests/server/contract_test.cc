// The server against its own contract.
#include <future>

#include "google/protobuf/empty.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "tests/server/running_server.h"

namespace wonbon {
namespace {

using google::protobuf::Empty;
using google::protobuf::MethodDescriptor;

class ContractTest : public RunningServer {
 protected:
  grpc::Status CallWithNothing(const MethodDescriptor& method) {
    grpc::TemplatedGenericStub<Empty, Empty> stub(channel_);
    grpc::ClientContext context;
    const Empty request;
    Empty response;
    std::promise<grpc::Status> answer;
    stub.UnaryCall(&context, "/" + method.service()->full_name() + "/" + method.name(),
                   grpc::StubOptions(), &request, &response,
                   [&answer](grpc::Status status) { answer.set_value(std::move(status)); });
    return answer.get_future().get();
  }
};

TEST_F(ContractTest, EveryRpcIsBuilt) {
  for (const auto* file : {v1::GetDocumentRequest::descriptor()->file(),
                           v1::GetCollectionRequest::descriptor()->file(),
                           v1::GetStatsRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      const MethodDescriptor& method = *file->service(0)->method(i);
      if (method.client_streaming() || method.server_streaming()) continue;
      EXPECT_NE(CallWithNothing(method).error_code(), grpc::StatusCode::UNIMPLEMENTED)
          << method.full_name();
    }
  }
}

}  // namespace
}  // namespace wonbon
