// Health and reflection: what ghz, grpcurl and probes ask before anything else.
#include "gmock/gmock.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/util/json_util.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "tests/server/running_server.h"

namespace wonbon {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using testing::HasSubstr;

class HealthTest : public RunningServer {
 protected:
  // Server reflection's one method, asked in JSON: its C++ classes are not installed, but its
  // descriptors are linked in with the server.
  std::string Reflect(const std::string& question) {
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    google::protobuf::DynamicMessageFactory factory;
    const auto make = [&](const char* name) {
      const auto* type = pool->FindMessageTypeByName(name);
      return std::unique_ptr<google::protobuf::Message>(factory.GetPrototype(type)->New());
    };
    const auto request = make("grpc.reflection.v1alpha.ServerReflectionRequest");
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(question, request.get()).ok());
    grpc::ClientContext context;
    grpc::internal::RpcMethod method(
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        grpc::internal::RpcMethod::BIDI_STREAMING);
    std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>> stream(
        grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>::Create(
            channel_.get(), method, &context));
    const grpc::Slice slice(request->SerializeAsString());
    stream->Write(grpc::ByteBuffer(&slice, 1));
    stream->WritesDone();
    grpc::ByteBuffer bytes;
    EXPECT_TRUE(stream->Read(&bytes));
    const auto response = make("grpc.reflection.v1alpha.ServerReflectionResponse");
    grpc::ProtoBufferReader reader(&bytes);
    EXPECT_TRUE(response->ParseFromZeroCopyStream(&reader));
    EXPECT_TRUE(stream->Finish().ok());
    std::string json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(*response, &json).ok());
    return json;
  }
};

TEST_F(HealthTest, EveryServiceServes) {
  const auto health = Health::NewStub(channel_);
  for (const char* service : {"", "wonbon.v1.DedupService", "wonbon.v1.CollectionService",
                              "wonbon.v1.AdminService", "writes"}) {
    HealthCheckRequest request;
    request.set_service(service);
    HealthCheckResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(health->Check(&context, request, &response).ok()) << service;
    EXPECT_EQ(response.status(), HealthCheckResponse::SERVING) << service;
  }
  HealthCheckRequest unknown;
  unknown.set_service("nobody");
  HealthCheckResponse response;
  grpc::ClientContext context;
  EXPECT_EQ(health->Check(&context, unknown, &response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(HealthTest, AWatchSeesTheServerGoDownAndDoesNotHoldItUp) {
  const auto health = Health::NewStub(channel_);
  HealthCheckRequest request;
  request.set_service("wonbon.v1.DedupService");
  grpc::ClientContext context;
  const auto watch = health->Watch(&context, request);
  HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  const absl::Time began = absl::Now();
  ASSERT_TRUE(server_->Shutdown().ok());
  EXPECT_LT(absl::Now() - began, absl::Seconds(3));
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  EXPECT_FALSE(watch->Read(&response));
  watch->Finish();
}

TEST_F(HealthTest, ReflectionListsEveryServiceAndDescribesHealth) {
  const std::string services = Reflect(R"({"listServices": ""})");
  for (const char* service : {"wonbon.v1.DedupService", "wonbon.v1.CollectionService",
                              "wonbon.v1.AdminService", "grpc.health.v1.Health"}) {
    EXPECT_THAT(services, HasSubstr(service));
  }
  for (const char* symbol : {"grpc.health.v1.Health", "wonbon.v1.DedupService.Submit",
                             "wonbon.v1.Document", "wonbon.v1.AdminService.GetStats"}) {
    const std::string described =
        Reflect(std::string(R"({"fileContainingSymbol": ")") + symbol + "\"}");
    EXPECT_THAT(described, HasSubstr("fileDescriptorProto")) << symbol;
  }
}

}  // namespace
}  // namespace wonbon
