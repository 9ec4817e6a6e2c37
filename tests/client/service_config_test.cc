// The service config for clients in other languages is what gRPC takes, and what this client does.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "client/retry.h"
#include "google/protobuf/descriptor.h"
#include "tests/client/fake_server.h"

namespace wonbon::client {
namespace {

using Json = nlohmann::json;

std::string Config() {
  std::ostringstream text;
  text << std::ifstream(WONBON_SERVICE_CONFIG).rdbuf();
  return text.str();
}

class ServiceConfigTest : public ::testing::Test {
 protected:
  // A call as a program makes it that has nothing but gRPC.
  grpc::Status Submit(const std::string& config) {
    grpc::ChannelArguments arguments;
    arguments.SetServiceConfigJSON(config);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto stub = v1::DedupService::NewStub(grpc::CreateCustomChannel(
        server_.endpoint(), grpc::InsecureChannelCredentials(), arguments));
    v1::SubmitRequest request;
    request.mutable_document()->set_id("a");
    request.mutable_document()->set_body("글");
    v1::SubmitResponse response;
    grpc::ClientContext context;
    return stub->Submit(&context, request, &response);
  }

  FakeServer server_;
};

TEST_F(ServiceConfigTest, GrpcRepeatsWhatMayPass) {
  server_.set_interfere([](const std::string& rpc, int call) {
    return rpc == "Submit" && call <= 2 ? Error(grpc::StatusCode::UNAVAILABLE, "going down")
                                        : grpc::Status::OK;
  });
  const grpc::Status status = Submit(Config());
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(server_.calls("Submit"), 3);
  EXPECT_FALSE(Submit("{\"methodConfig\": 7}").ok()) << "a config that gRPC does not take shows";
}

TEST_F(ServiceConfigTest, GrpcGivesUpAfterTheAttemptsAndNotForGood) {
  server_.set_interfere([](const std::string&, int) {
    return Error(grpc::StatusCode::UNAVAILABLE, "down");
  });
  EXPECT_EQ(Submit(Config()).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(server_.calls("Submit"), RetryPolicy().max_attempts);
  server_.set_interfere([](const std::string&, int) {
    return Error(grpc::StatusCode::INVALID_ARGUMENT, "document.id: is required");
  });
  EXPECT_EQ(Submit(Config()).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(server_.calls("Submit"), RetryPolicy().max_attempts + 1);
}

TEST_F(ServiceConfigTest, ThisClientDoesTheSame) {
  const Json method = Json::parse(Config())["methodConfig"][0];
  const Json retry = method["retryPolicy"];
  const CallOptions call;
  const auto seconds = [](const Json& text) { return std::stod(text.get<std::string>()); };
  EXPECT_EQ(absl::ToDoubleSeconds(call.timeout), seconds(method["timeout"]));
  EXPECT_EQ(call.retry.max_attempts, retry["maxAttempts"]);
  EXPECT_EQ(absl::ToDoubleSeconds(call.retry.initial_backoff), seconds(retry["initialBackoff"]));
  EXPECT_EQ(absl::ToDoubleSeconds(call.retry.max_backoff), seconds(retry["maxBackoff"]));
  EXPECT_EQ(call.retry.multiplier, retry["backoffMultiplier"]);
  EXPECT_EQ(retry["retryableStatusCodes"], Json::array({"UNAVAILABLE"}));
}

TEST_F(ServiceConfigTest, EveryServiceIsInItAndEveryNameIsOfTheContract) {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  std::set<std::string> services;
  const Json config = Json::parse(Config());
  for (const Json& method : config["methodConfig"]) {
    for (const Json& name : method["name"]) {
      const auto* service = pool->FindServiceByName(name["service"]);
      ASSERT_NE(service, nullptr) << name;
      if (name.contains("method")) {
        EXPECT_NE(service->FindMethodByName(name["method"]), nullptr) << name;
      } else {
        services.insert(name["service"]);
      }
    }
  }
  EXPECT_THAT(services, ::testing::UnorderedElementsAre(
                            "wonbon.v1.DedupService", "wonbon.v1.CollectionService",
                            "wonbon.v1.AdminService", "grpc.health.v1.Health"));
}

}  // namespace
}  // namespace wonbon::client
