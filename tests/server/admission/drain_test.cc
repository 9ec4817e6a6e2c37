// Going down: calls in progress are finished, streams are told, nothing answered is lost.
#include <memory>
#include <thread>

#include "gmock/gmock.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

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

  // A client that writes to its stream until that breaks, and reads nothing: a drain has to wait for
  // it. The server starts anew with `drain_timeout`.
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
  const grpc::Status refused = dedup_->Submit(&late, request, &response);
  EXPECT_REFUSED(refused, grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_EQ(DetailsOf(refused).reason, "DRAINING");
  shutdown.join();
  client.writer.join();
  client.context.TryCancel();
  client.stream->Finish();
}

}  // namespace
}  // namespace wonbon
