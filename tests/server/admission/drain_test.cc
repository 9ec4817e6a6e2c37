// Going down: calls in progress are finished, streams are told, nothing answered is lost.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using ::testing::Contains;
using ::testing::Not;

class DrainTest : public RunningServer {
 protected:
  // Its answers carry bodies: a client that does not read them is soon in the way.
  static v1::SubmitStreamRequest BatchWithLongAnswers() {
    v1::SubmitStreamRequest batch;
    batch.mutable_batch()->set_view(v1::VIEW_FULL);
    for (int i = 0; i < 10; ++i) {
      *batch.mutable_batch()->add_documents() =
          MakeDocument("d" + std::to_string(i), ArticleText(i, 1'000));
    }
    return batch;
  }

  // A client that writes to its stream until that breaks, and reads nothing: a drain has to wait
  // for it. The server starts anew with `drain_timeout`.
  struct DeafClient {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReaderWriter<v1::SubmitStreamRequest, v1::SubmitStreamResponse>>
        stream;
    std::thread writer;
  };
  void StartWithDeafClient(absl::Duration drain_timeout, DeafClient* client) {
    server_.reset();
    config_.drain_timeout = drain_timeout;
    Start();
    client->stream = dedup_->SubmitStream(&client->context);
    client->writer = std::thread([client] {
      const v1::SubmitStreamRequest batch = BatchWithLongAnswers();
      while (client->stream->Write(batch)) {
      }
    });
    absl::SleepFor(absl::Seconds(1));
  }
};

TEST_F(DrainTest, IdleStreamsDoNotHoldItUp) {
  grpc::ClientContext stream_context;
  const auto stream = dedup_->SubmitStream(&stream_context);
  v1::SubmitStreamRequest request;
  *request.mutable_document()->mutable_document() = MakeDocument("a", ArticleText(1));
  ASSERT_TRUE(stream->Write(request));
  v1::SubmitStreamResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  grpc::ClientContext watch_context;
  const auto watch = dedup_->WatchClusters(&watch_context, {});
  v1::WatchClustersResponse event;
  ASSERT_TRUE(watch->Read(&event));

  const absl::Time began = absl::Now();
  ASSERT_TRUE(server_->Shutdown().ok());
  EXPECT_LT(absl::Now() - began, absl::Seconds(2));
  EXPECT_FALSE(stream->Read(&answer));
  grpc::Status status = stream->Finish();
  EXPECT_REFUSED(status, grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_EQ(DetailsOf(status).reason, "DRAINING");
  EXPECT_TRUE(DetailsOf(status).retry);
  while (watch->Read(&event)) {
  }
  status = watch->Finish();
  EXPECT_REFUSED(status, grpc::StatusCode::UNAVAILABLE, "");
}

// A connection in plain HTTP/2, to see what is said on it besides answers.
class PlainConnection {
 public:
  explicit PlainConnection(const std::string& address) {
    const size_t colon = address.rfind(':');
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
    inet_pton(AF_INET, address.substr(0, colon).c_str(), &server.sin_addr);
    EXPECT_EQ(connect(fd_, reinterpret_cast<const sockaddr*>(&server), sizeof server), 0);
    std::string hello = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    hello.append({0, 0, 0, kSettings, 0, 0, 0, 0, 0});
    EXPECT_EQ(write(fd_, hello.data(), hello.size()), static_cast<ssize_t>(hello.size()));
  }
  ~PlainConnection() { close(fd_); }

  // The types of the frames that come until the connection ends.
  std::vector<int> ReadFrames() {
    std::string bytes;
    char buffer[4096];
    for (ssize_t n; (n = read(fd_, buffer, sizeof buffer)) > 0;) bytes.append(buffer, n);
    std::vector<int> types;
    for (size_t at = 0; at + kFrameHead <= bytes.size();) {
      const auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
      types.push_back(byte(3));
      at += kFrameHead + (byte(0) << 16 | byte(1) << 8 | byte(2));
    }
    return types;
  }

  static constexpr char kSettings = 4;
  static constexpr char kGoAway = 7;

 private:
  static constexpr size_t kFrameHead = 9;
  const int fd_ = socket(AF_INET, SOCK_STREAM, 0);
};

TEST_F(DrainTest, AConnectionEndsWithoutAWordThatClientsTakeForAFault) {
  PlainConnection connection(server_->grpc_address());
  std::vector<int> frames;
  std::thread reader([&] { frames = connection.ReadFrames(); });
  absl::SleepFor(absl::Milliseconds(200));
  ASSERT_TRUE(server_->Shutdown().ok());
  reader.join();
  EXPECT_THAT(frames, Contains(PlainConnection::kSettings));
  EXPECT_THAT(frames, Not(Contains(PlainConnection::kGoAway)));
}

TEST_F(DrainTest, WhatWasAnsweredIsThereAfterARestart) {
  std::atomic<bool> stop{false};
  std::vector<std::vector<std::string>> answered(4);
  std::vector<std::thread> clients;
  for (int client = 0; client < 4; ++client) {
    clients.emplace_back([&, client] {
      const auto stub = v1::DedupService::NewStub(NewChannel());
      for (int i = 0; !stop; ++i) {
        v1::SubmitRequest request;
        const std::string id = std::to_string(client) + "-" + std::to_string(i);
        *request.mutable_document() = MakeDocument(id, ArticleText(i));
        v1::SubmitResponse response;
        grpc::ClientContext context;
        if (stub->Submit(&context, request, &response).ok()) {
          answered[client].push_back(id);
        } else {
          break;
        }
      }
    });
  }
  absl::SleepFor(absl::Milliseconds(500));
  ASSERT_TRUE(server_->Shutdown().ok());
  stop = true;
  for (std::thread& client : clients) client.join();
  Start();
  size_t total = 0;
  for (const auto& ids : answered) {
    total += ids.size();
    for (const std::string& id : ids) {
      v1::GetDocumentRequest request;
      request.set_document_id(id);
      v1::GetDocumentResponse response;
      grpc::ClientContext context;
      EXPECT_TRUE(dedup_->GetDocument(&context, request, &response).ok()) << id;
    }
  }
  EXPECT_GT(total, 0);
}

TEST_F(DrainTest, AClientThatNeverReadsIsCutAfterTheTimeout) {
  DeafClient client;
  StartWithDeafClient(absl::Milliseconds(300), &client);
  const absl::Time began = absl::Now();
  ASSERT_TRUE(server_->Shutdown().ok());
  EXPECT_LT(absl::Now() - began, absl::Seconds(3));
  client.writer.join();
  v1::SubmitStreamResponse response;
  while (client.stream->Read(&response)) {
  }
  EXPECT_FALSE(client.stream->Finish().ok());
}

TEST_F(DrainTest, ReadinessGoesBeforeTheDoorCloses) {
  EXPECT_THAT(HttpGet("/readyz"), testing::StartsWith("HTTP/1.1 200"));
  // A stream that is busy keeps the drain waiting long enough to look.
  DeafClient client;
  StartWithDeafClient(absl::Seconds(2), &client);
  std::thread shutdown([&] { server_->Shutdown().IgnoreError(); });
  absl::SleepFor(absl::Milliseconds(500));
  EXPECT_THAT(HttpGet("/readyz"), testing::StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(HttpGet("/livez"), testing::StartsWith("HTTP/1.1 200"));
  v1::SubmitResponse response;
  v1::SubmitRequest request;
  *request.mutable_document() = MakeDocument("late", ArticleText(1));
  grpc::ClientContext late;
  late.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
  const grpc::Status refused = dedup_->Submit(&late, request, &response);
  EXPECT_REFUSED(refused, grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_EQ(DetailsOf(refused).reason, "DRAINING");
  shutdown.join();
  client.writer.join();
  // Answers that nobody reads may keep the status of a stream that has ended from its client.
  v1::SubmitStreamResponse answer;
  while (client.stream->Read(&answer)) {
  }
  EXPECT_FALSE(client.stream->Finish().ok());
}

}  // namespace
}  // namespace wonbon
