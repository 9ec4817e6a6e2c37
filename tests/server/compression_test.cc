// Compressed messages are refused, whatever the shape of the call; others are taken.
#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using grpc::StatusCode;

class CompressionTest : public RunningServer {
 protected:
  // What a call of each shape ends with, its messages packed so.
  grpc::Status Unary(grpc_compression_algorithm algorithm) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    v1::SubmitRequest request;
    *request.mutable_document() = MakeDocument("a", ArticleText(1));
    v1::SubmitResponse response;
    return dedup_->Submit(&context, request, &response);
  }

  grpc::Status Bidirectional(grpc_compression_algorithm algorithm) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    const auto stream = dedup_->SubmitStream(&context);
    v1::SubmitStreamRequest request;
    *request.mutable_document()->mutable_document() = MakeDocument("b", ArticleText(2));
    v1::SubmitStreamResponse response;
    if (stream->Write(request)) stream->Read(&response);
    stream->WritesDone();
    return stream->Finish();
  }

  grpc::Status ServerStreaming(grpc_compression_algorithm algorithm) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    v1::WatchClustersRequest request;
    request.set_collection(std::string(500, 'x'));  // no such name: the call ends by itself
    const auto stream = dedup_->WatchClusters(&context, request);
    v1::WatchClustersResponse response;
    EXPECT_FALSE(stream->Read(&response));
    return stream->Finish();
  }

  grpc::Status Health(grpc_compression_algorithm algorithm) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    grpc::health::v1::HealthCheckRequest request;
    grpc::health::v1::HealthCheckResponse response;
    return grpc::health::v1::Health::NewStub(channel_)->Check(&context, request, &response);
  }
};

TEST_F(CompressionTest, PackedMessagesAreRefusedInCallsOfEveryShape) {
  for (const auto algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    SCOPED_TRACE(algorithm);
    EXPECT_EQ(Unary(algorithm).error_code(), StatusCode::UNIMPLEMENTED);
    EXPECT_EQ(Bidirectional(algorithm).error_code(), StatusCode::UNIMPLEMENTED);
    EXPECT_EQ(ServerStreaming(algorithm).error_code(), StatusCode::UNIMPLEMENTED);
    EXPECT_EQ(Health(algorithm).error_code(), StatusCode::UNIMPLEMENTED);
  }
  EXPECT_EQ(Stats().documents(), 0);
}

TEST_F(CompressionTest, PlainMessagesAreTakenInCallsOfEveryShape) {
  EXPECT_TRUE(Unary(GRPC_COMPRESS_NONE).ok());
  EXPECT_TRUE(Bidirectional(GRPC_COMPRESS_NONE).ok());
  EXPECT_EQ(ServerStreaming(GRPC_COMPRESS_NONE).error_code(), StatusCode::NOT_FOUND);
  EXPECT_TRUE(Health(GRPC_COMPRESS_NONE).ok());
  EXPECT_EQ(Stats().documents(), 2);
}

}  // namespace
}  // namespace wonbon
