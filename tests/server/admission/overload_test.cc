// A server that has too much to do, or clients that do nothing: who is late is told at once, who
// does not read is given up, and the others have their share.
#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using testing::HasSubstr;
using Stream = grpc::ClientReaderWriter<v1::SubmitStreamRequest, v1::SubmitStreamResponse>;

class OverloadTest : public RunningServer {
 protected:
  void Restart(void (*change)(server::Config&)) {
    server_.reset();
    change(config_);
    Start();
  }
  // A connection of its own: channels to one address share theirs otherwise.
  std::unique_ptr<v1::DedupService::Stub> NewConnection() {
    grpc::ChannelArguments arguments;
    arguments.SetInt("test.connection", ++connections_);
    return v1::DedupService::NewStub(grpc::CreateCustomChannel(
        server_->grpc_address(), grpc::InsecureChannelCredentials(), arguments));
  }
  // Batches without end from a connection of their own, until `stop`.
  std::thread Flood(const std::atomic<bool>& stop, int name) {
    return std::thread([this, &stop, name] {
      const auto stub = NewConnection();
      for (int round = 0; !stop; ++round) {
        v1::SubmitBatchRequest batch;
        for (int i = 0; i < 200; ++i) {
          const int article = (round * 200 + i) % 4'000;
          *batch.add_documents() =
              MakeDocument(std::to_string(name) + "-" + std::to_string(article),
                           ArticleText(article, 150));
        }
        grpc::ClientContext context;
        v1::SubmitBatchResponse response;
        (void)stub->SubmitBatch(&context, batch, &response);
      }
    });
  }

  std::atomic<int> connections_{0};
};

TEST_F(OverloadTest, WhatIsTooLateIsRefusedOrDroppedAndNothingOfItIsDone) {
  Restart([](server::Config& config) { config.threads = 1; });
  std::atomic<bool> stop{false};
  std::vector<std::thread> floods;
  for (int i = 0; i < 4; ++i) floods.push_back(Flood(stop, i));
  const auto stub = NewConnection();
  int refused = 0;
  // More than can be made ready in the time there is, on any machine: 10 MB.
  v1::SubmitBatchRequest batch;
  for (int j = 0; j < 1'000; ++j) {
    *batch.add_documents() = MakeDocument("late-" + std::to_string(j), ArticleText(j, 120));
  }
  for (int i = 0; i < 20; ++i) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
    v1::SubmitBatchResponse response;
    const grpc::Status status = stub->SubmitBatch(&context, batch, &response);
    EXPECT_FALSE(status.ok());
    if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      ++refused;
      EXPECT_EQ(DetailsOf(status).reason, "QUEUE_FULL");
      EXPECT_TRUE(DetailsOf(status).retry);
    }
  }
  stop = true;
  for (std::thread& flood : floods) flood.join();
  EXPECT_GT(refused, 0) << "before the deadline, not at it";
  v1::GetDocumentRequest get;
  get.set_document_id("late-0");
  grpc::ClientContext context;
  v1::GetDocumentResponse got;
  EXPECT_EQ(dedup_->GetDocument(&context, get, &got).error_code(), grpc::StatusCode::NOT_FOUND);
  ExpectUnharmed();
}

TEST_F(OverloadTest, ReadsAreAnsweredBesideBatchesWithoutEnd) {
  MustSubmit(MakeDocument("read", ArticleText(1)));
  std::atomic<bool> stop{false};
  std::vector<std::thread> floods;
  for (int i = 0; i < 8; ++i) floods.push_back(Flood(stop, i));
  for (int i = 0; i < 100; ++i) {
    v1::GetDocumentRequest get;
    get.set_document_id("read");
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
    v1::GetDocumentResponse got;
    const grpc::Status status = dedup_->GetDocument(&context, get, &got);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  stop = true;
  for (std::thread& flood : floods) flood.join();
}

TEST_F(OverloadTest, AStreamWhoseClientDoesNotReadEndsAndGivesItsBytesBack) {
  Restart([](server::Config& config) { config.max_stream_stall = absl::Seconds(1); });
  const auto stub = NewConnection();
  grpc::ClientContext context;
  std::unique_ptr<Stream> stream = stub->SubmitStream(&context);
  v1::SubmitStreamRequest request;
  request.mutable_batch()->set_view(v1::VIEW_FULL);
  for (int i = 0; i < 10; ++i) {
    *request.mutable_batch()->add_documents() =
        MakeDocument("s" + std::to_string(i), ArticleText(i, 4'000));
  }
  while (stream->Write(request)) continue;  // until the server gives it up
  v1::SubmitStreamResponse response;
  while (stream->Read(&response)) continue;
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("took no answer"));
  // The client has its answer before the server has put the call away.
  const auto gave_back = [this] {
    const std::string metrics = HttpGet("/metrics");
    return absl::StrContains(metrics, "wonbon_open_streams 0\n") &&
           absl::StrContains(metrics, "wonbon_request_bytes_in_flight 0\n");
  };
  for (int tries = 0; tries < 1'000 && !gave_back(); ++tries) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_TRUE(gave_back());
  ExpectUnharmed();
}

TEST_F(OverloadTest, AStreamThatSendsNothingEnds) {
  Restart([](server::Config& config) { config.max_stream_idle = absl::Seconds(1); });
  grpc::ClientContext context;
  std::unique_ptr<Stream> stream = dedup_->SubmitStream(&context);
  v1::SubmitStreamRequest request;
  *request.mutable_document()->mutable_document() = MakeDocument("d", ArticleText(1));
  ASSERT_TRUE(stream->Write(request));
  v1::SubmitStreamResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_FALSE(stream->Read(&response));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(DetailsOf(status).retry);
}

TEST_F(OverloadTest, AConnectionFullOfWatchesLeavesRoomForOthers) {
  const auto greedy = NewConnection();
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchClustersResponse>>> watches;
  for (int i = 0; i < 300; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    watches.push_back(greedy->WatchClusters(contexts.back().get(), v1::WatchClustersRequest()));
  }
  v1::WatchClustersResponse response;
  int open = 0;
  for (const auto& watch : watches) open += watch->Read(&response) ? 1 : 0;
  EXPECT_EQ(open, 256);
  grpc::ClientContext context;
  const auto other = NewConnection()->WatchClusters(&context, v1::WatchClustersRequest());
  EXPECT_TRUE(other->Read(&response));
  context.TryCancel();
  for (const auto& each : contexts) each->TryCancel();
}

}  // namespace
}  // namespace wonbon
