#include "client/client.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "absl/time/clock.h"
#include "client/status.h"
#include "client/submit_stream.h"
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
    return call < 3 ? Error(grpc::StatusCode::RESOURCE_EXHAUSTED, "queue full") : grpc::Status::OK;
  });
  const auto response = server.Connect()->Submit(Article("a"));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->decision().document_id(), "a");
  EXPECT_EQ(server.calls("Submit"), 3);
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

TEST(ClientTest, AMissingMethodIsUnimplemented) {
  FakeServer server;
  EXPECT_EQ(server.Connect()->CreateBackup().status().code(), absl::StatusCode::kUnimplemented);
}

TEST(WatchTest, GoesOnBehindTheLastResponse) {
  FakeServer server;
  v1::WatchClustersRequest request;
  request.set_after_sequence(0);
  std::vector<uint64_t> seen;
  const absl::Status status =
      server.Connect()->WatchClusters(request, [&](const v1::WatchClustersResponse& response) {
        for (const auto& event : response.events()) seen.push_back(event.sequence());
        return seen.size() < 8;
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(seen, (std::vector<uint64_t>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(server.calls("WatchClusters"), 3);
}

TEST(WatchTest, ErrorsThatStayEndIt) {
  FakeServer server;
  server.set_interfere([](const std::string&, int) {
    return Error(grpc::StatusCode::OUT_OF_RANGE, "too far back");
  });
  const absl::Status status =
      server.Connect()->WatchClusters({}, [](const v1::WatchClustersResponse&) { return true; });
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
}

TEST(SubmitStreamTest, AnswersComeInTheOrderOfRequests) {
  FakeServer server;
  const auto client = server.Connect();
  SubmitStream stream(client.get());
  std::thread writer([&] {
    for (int i = 0; i < 50; ++i) {
      v1::SubmitStreamRequest request;
      *request.mutable_document() = Article(std::to_string(i));
      EXPECT_TRUE(stream.Write(request));
    }
    stream.WritesDone();
  });
  v1::SubmitStreamResponse response;
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(stream.Read(&response));
    EXPECT_EQ(response.results(0).decision().document_id(), std::to_string(i));
  }
  EXPECT_FALSE(stream.Read(&response));
  writer.join();
  EXPECT_TRUE(stream.Finish().ok());
}

}  // namespace
}  // namespace wonbon::client
