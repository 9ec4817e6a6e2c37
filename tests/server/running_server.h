// A real server over loopback with a store of its own, for tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "server/config/config.h"
#include "server/server.h"
#include "tests/temporary_folder.h"
#include "wonbon/v1/admin_service.grpc.pb.h"
#include "wonbon/v1/collection_service.grpc.pb.h"
#include "wonbon/v1/dedup_service.grpc.pb.h"

namespace wonbon {

// The details of an error.
struct ErrorDetails {
  int code = 0;
  std::string reason;  // ErrorInfo
  std::string domain;
  std::string field;  // BadRequest, first violation
  std::string description;
  bool retry = false;  // RetryInfo
};
ErrorDetails DetailsOf(const grpc::Status& status);
ErrorDetails DetailsOf(const google::rpc::Status& status);

// Status code, the field if any, and that there is an ErrorInfo of ours.
#define EXPECT_REFUSED(status, expected_code, expected_field)                        \
  do {                                                                               \
    const auto details = DetailsOf(status);                                          \
    EXPECT_EQ(details.code, static_cast<int>(expected_code)) << details.description; \
    EXPECT_EQ(details.field, expected_field) << details.description;                 \
    EXPECT_EQ(details.domain, "wonbon");                                             \
    EXPECT_NE(details.reason, "");                                                   \
  } while (false)

class RunningServer : public testing::Test {
 protected:
  RunningServer() : config_(LoopbackConfig()) {}
  void SetUp() override { Start(); }

  server::Config LoopbackConfig() const;
  void Start();
  std::shared_ptr<grpc::Channel> NewChannel() const;

  static v1::Document MakeDocument(const std::string& id, const std::string& body,
                                   const std::string& title = "");
  // Calls that are expected to succeed.
  v1::Decision MustSubmit(const v1::Document& document, const std::string& collection = "");
  v1::SubmitBatchResponse MustSubmitBatch(const v1::SubmitBatchRequest& request);
  v1::GetStatsResponse Stats();
  // The server still answers and takes documents.
  void ExpectUnharmed();

  // "GET /livez" of the admin endpoint: status line, headers and body.
  std::string HttpGet(const std::string& path) { return Http("GET " + path + " HTTP/1.1\r\n"); }
  // `head`: request line, and headers if any, each with CRLF. The connection is closed afterwards.
  std::string Http(const std::string& head, const std::string& body = "");
  // An rpc by HTTP on the admin endpoint: path, JSON, and further headers if any, each with CRLF.
  std::string HttpCall(const std::string& path, const std::string& json,
                       const std::string& headers = "");

  TemporaryFolder folder_;
  server::Config config_;
  std::unique_ptr<server::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::DedupService::Stub> dedup_;
  std::unique_ptr<v1::CollectionService::Stub> collections_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
};

}  // namespace wonbon
