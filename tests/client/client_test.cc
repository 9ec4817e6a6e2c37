#include "client/client.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "absl/time/clock.h"
#include "client/status.h"
#include "tests/client/fake_server.h"

namespace wonbon::client {
namespace {

v1::SubmitRequest Article(const std::string& id) {
  v1::SubmitRequest request;
  request.mutable_document()->set_id(id);
  request.mutable_document()->set_body("본문 " + id);
  return request;
}

TEST(ClientTest, ABusyServerIsAskedAgain) {
  FakeServer server;
  server.set_interfere([](const std::string&, int call) {
    return call < 3 ? Error(grpc::StatusCode::RESOURCE_EXHAUSTED, "queue full", /*retry_ms=*/1)
                    : grpc::Status::OK;
  });
  const auto response = server.Connect()->Submit(Article("a"));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->decision().document_id(), "a");
  EXPECT_EQ(server.calls("Submit"), 3);
}

TEST(ClientTest, ALimitThatStaysIsNotAskedAgain) {
  FakeServer server;
  server.set_interfere([](const std::string&, int) {
    return Error(grpc::StatusCode::RESOURCE_EXHAUSTED, "as many as there can be");
  });
  EXPECT_EQ(server.Connect()->Submit(Article("a")).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(server.calls("Submit"), 1);
}

TEST(ClientTest, ACancelledThatNobodyAskedForIsRepeatedInEveryVerb) {
  FakeServer server;
  server.set_interfere([](const std::string&, int call) {
    return call == 1 ? grpc::Status(grpc::StatusCode::CANCELLED, "") : grpc::Status::OK;
  });
  const auto client = server.Connect();
  EXPECT_TRUE(client->Submit(Article("a")).ok());
  EXPECT_TRUE(client->SubmitBatch(v1::SubmitBatchRequest()).ok());
  EXPECT_TRUE(client->BatchGetDocuments({}).ok());
  EXPECT_TRUE(client->ListClusters({}).ok());
  EXPECT_TRUE(client->ListClusterDocuments({}).ok());
  EXPECT_TRUE(client->GetStats().ok());
  v1::CompareRequest same;
  same.mutable_a()->set_document_id("a");
  same.mutable_b()->set_document_id("a");
  EXPECT_TRUE(client->Compare(same).ok());
  for (const char* rpc : {"Submit", "SubmitBatch", "BatchGetDocuments", "ListClusters",
                          "ListClusterDocuments", "GetStats", "Compare"}) {
    EXPECT_EQ(server.calls(rpc), 2) << rpc;
  }
}

TEST(ClientTest, ACancelledThatStaysIsUnavailable) {
  FakeServer server;
  server.set_interfere([](const std::string&, int) {
    return grpc::Status(grpc::StatusCode::CANCELLED, "");
  });
  const absl::Status status = server.Connect()->Submit(Article("a")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), "ended by the other side");
}

TEST(ClientTest, TheServersWaitIsHonoured) {
  FakeServer server;
  server.set_interfere([](const std::string&, int call) {
    return call == 1 ? Error(grpc::StatusCode::RESOURCE_EXHAUSTED, "queue full", /*retry_ms=*/150)
                     : grpc::Status::OK;
  });
  const absl::Time start = absl::Now();
  EXPECT_TRUE(server.Connect()->Submit(Article("a")).ok());
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(150));
}

TEST(ClientTest, OtherErrorsAreNotRepeated) {
  FakeServer server;
  server.set_interfere([](const std::string&, int) {
    return Error(grpc::StatusCode::INVALID_ARGUMENT, "document.id: empty");
  });
  const auto response = server.Connect()->Submit(Article("a"));
  EXPECT_EQ(response.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ErrorReason(response.status()), "TEST");
  EXPECT_EQ(server.calls("Submit"), 1);
}

TEST(ClientTest, AttemptsAreCounted) {
  FakeServer server;
  server.set_interfere(
      [](const std::string&, int) { return Error(grpc::StatusCode::UNAVAILABLE, "draining"); });
  EXPECT_EQ(server.Connect()->Submit(Article("a")).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(server.calls("Submit"), RetryPolicy().max_attempts);
}

TEST(ClientTest, TheDeadlineEndsTheRepetitionsWithTheServersError) {
  FakeServer server;
  server.set_interfere([](const std::string&, int) {
    return Error(grpc::StatusCode::RESOURCE_EXHAUSTED, "queue full", /*retry_ms=*/60'000);
  });
  CallOptions call = QuickCalls();
  call.timeout = absl::Seconds(5);
  const absl::Time start = absl::Now();
  const auto response = server.Connect()->Submit(Article("a"), &call);
  EXPECT_EQ(response.status().message(), "queue full");
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST(ClientTest, ASlowAttemptIsCutOff) {
  FakeServer server;
  server.set_interfere([](const std::string&, int) {
    absl::SleepFor(absl::Milliseconds(500));
    return grpc::Status::OK;
  });
  CallOptions call = QuickCalls();
  call.attempt_timeout = absl::Milliseconds(50);
  EXPECT_EQ(server.Connect()->Submit(Article("a"), &call).status().code(),
            absl::StatusCode::kDeadlineExceeded);
}

TEST(ClientTest, ACallCanBeCancelledWhileItWaits) {
  FakeServer server;
  server.set_interfere([](const std::string&, int) {
    return Error(grpc::StatusCode::UNAVAILABLE, "draining", /*retry_ms=*/30'000);
  });
  Cancellation cancellation;
  CallOptions call = QuickCalls();
  call.timeout = absl::Minutes(2);
  call.cancellation = &cancellation;
  call.on_retry = [&](const absl::Status&, absl::Duration) { cancellation.Cancel(); };
  const auto client = server.Connect();
  const absl::Time start = absl::Now();
  EXPECT_EQ(client->Submit(Article("a"), &call).status().code(), absl::StatusCode::kCancelled);
  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
}

TEST(ClientTest, AServerThatIsNotThereIsUnavailable) {
  ClientOptions options;
  {
    FakeServer server;
    options.channel.endpoint = server.endpoint();
  }
  options.call = QuickCalls();
  EXPECT_EQ((*Client::Create(options))->GetStats().status().code(), absl::StatusCode::kUnavailable);
}

TEST(ClientTest, EveryCallCarriesTheKey) {
  FakeServer server;
  ClientOptions options;
  options.channel.endpoint = server.endpoint();
  options.channel.api_key = "secret";
  EXPECT_TRUE((*Client::Create(options))->GetStats().ok());
  EXPECT_EQ(server.api_key(), "secret");
}

TEST(ClientTest, AnEndpointNeedsAPort) {
  for (const char* endpoint : {"", "localhost", "localhost:", ":1", "http://localhost:1"}) {
    ClientOptions options;
    options.channel.endpoint = endpoint;
    EXPECT_EQ(Client::Create(options).status().code(), absl::StatusCode::kInvalidArgument)
        << endpoint;
  }
  ClientOptions options;
  options.channel.endpoint = "example.org:1";
  options.channel.ca_file = "/no/such/file";
  EXPECT_EQ(Client::Create(options).status().code(), absl::StatusCode::kNotFound);
}

TEST(ClientTest, WhatCannotBeShownIsRefusedAndNotRepeated) {
  for (const char* key : {"a\nb", "two words", "key\r", "열쇠"}) {
    ClientOptions options;
    options.channel.api_key = key;
    const absl::Status refused = Client::Create(options).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(refused.message().find(key), absl::string_view::npos);
  }
  ClientOptions half;
  half.channel.cert_file = "/some/cert.pem";
  EXPECT_EQ(Client::Create(half).status().code(), absl::StatusCode::kInvalidArgument);
  half.channel.key_file = "/no/such/key.pem";
  EXPECT_EQ(Client::Create(half).status().code(), absl::StatusCode::kNotFound);
  half.channel.insecure = true;
  EXPECT_EQ(Client::Create(half).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ClientTest, AMissingMethodIsUnimplemented) {
  FakeServer server;
  EXPECT_EQ(server.Connect()->CreateCollection({}).status().code(),
            absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace wonbon::client
