// SubmitStream: a stream that ends with OK has answered everything.
#include "client/submit_stream.h"

#include <gmock/gmock.h>

#include <thread>

#include "tests/client/fake_server.h"

namespace wonbon::client {
namespace {

v1::SubmitStreamRequest Article(int number) {
  v1::SubmitStreamRequest request;
  v1::Document* document = request.mutable_document()->mutable_document();
  document->set_id(std::to_string(number));
  document->set_body("본문 " + document->id());
  return request;
}

// Writes `count` articles and reads what comes. The responses, in order.
std::vector<v1::SubmitStreamResponse> Exchange(SubmitStream& stream, int count) {
  std::thread writer([&] {
    for (int i = 0; i < count && stream.Write(Article(i)); ++i) {
    }
    stream.WritesDone();
  });
  std::vector<v1::SubmitStreamResponse> responses;
  v1::SubmitStreamResponse response;
  while (stream.Read(&response)) responses.push_back(response);
  writer.join();
  return responses;
}

TEST(SubmitStreamTest, AnswersComeInTheOrderOfRequests) {
  FakeServer server;
  const auto client = server.Connect();
  SubmitStream stream(client.get());
  const auto responses = Exchange(stream, 50);
  ASSERT_EQ(responses.size(), 50u);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(responses[i].results(0).decision().document_id(), std::to_string(i));
  }
  EXPECT_TRUE(stream.Finish().ok());
}

TEST(SubmitStreamTest, AStreamThatEndsEarlyIsNotOk) {
  FakeServer server;
  server.set_stream_requests(20);
  const auto client = server.Connect();
  SubmitStream stream(client.get());
  EXPECT_LE(Exchange(stream, 1'000).size(), 20u);
  EXPECT_EQ(stream.Finish().code(), absl::StatusCode::kUnavailable);
}

TEST(SubmitStreamTest, LastAnswersThatAreMissingAreAnError) {
  FakeServer server;
  server.set_answers(47);
  const auto client = server.Connect();
  SubmitStream stream(client.get());
  EXPECT_EQ(Exchange(stream, 50).size(), 47u);
  const absl::Status status = stream.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), "the server ended the stream after 47 responses to 50 requests");
}

TEST(SubmitStreamTest, ResultsThatAreMissingAreAnError) {
  FakeServer server;
  const auto client = server.Connect();
  SubmitStream stream(client.get());
  // The server of the tests knows no batches: it answers one result.
  v1::SubmitStreamRequest request;
  request.mutable_batch()->add_documents();
  request.mutable_batch()->add_documents();
  EXPECT_TRUE(stream.Write(request));
  stream.WritesDone();
  v1::SubmitStreamResponse response;
  EXPECT_TRUE(stream.Read(&response));
  EXPECT_FALSE(stream.Read(&response));
  EXPECT_EQ(stream.Finish().code(), absl::StatusCode::kInternal);
}

TEST(SubmitStreamTest, OnlyACancelledThatWasAskedForIsOne) {
  FakeServer server;
  server.set_interfere([](const std::string&, int) {
    return grpc::Status(grpc::StatusCode::CANCELLED, "");
  });
  const auto client = server.Connect();
  Cancellation cancellation;
  SubmitStream unasked(client.get(), &cancellation);
  EXPECT_TRUE(Exchange(unasked, 1).empty());
  EXPECT_EQ(unasked.Finish().code(), absl::StatusCode::kUnavailable);
  SubmitStream asked(client.get(), &cancellation);
  cancellation.Cancel();
  EXPECT_TRUE(Exchange(asked, 1).empty());
  EXPECT_EQ(asked.Finish().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace wonbon::client
