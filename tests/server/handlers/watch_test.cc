// WatchClusters: backlog, live events, resumption.
#include <thread>

#include "gmock/gmock.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using Watch = grpc::ClientReader<v1::WatchClustersResponse>;

class WatchTest : public RunningServer {
 protected:
  std::unique_ptr<Watch> Start(grpc::ClientContext* context, std::optional<uint64_t> after) {
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    v1::WatchClustersRequest request;
    if (after) request.set_after_sequence(*after);
    return dedup_->WatchClusters(context, request);
  }

  // Reads until `count` events are there.
  static std::vector<v1::ClusterEvent> Read(Watch& watch, size_t count) {
    std::vector<v1::ClusterEvent> events;
    v1::WatchClustersResponse response;
    while (events.size() < count && watch.Read(&response)) {
      for (const v1::ClusterEvent& event : response.events()) events.push_back(event);
    }
    return events;
  }
};

TEST_F(WatchTest, FromZeroShowsTheWholePastThenThePresent) {
  const v1::Decision a = MustSubmit(MakeDocument("a", ArticleText(1)));
  grpc::ClientContext context;
  std::unique_ptr<Watch> watch = Start(&context, 0);
  std::vector<v1::ClusterEvent> events = Read(*watch, 1);
  ASSERT_GE(events.size(), 1);
  EXPECT_EQ(events[0].type(), v1::CLUSTER_EVENT_TYPE_CREATED);
  EXPECT_EQ(events[0].cluster_id(), a.cluster_id());
  EXPECT_EQ(events[0].document_id(), "a");
  EXPECT_EQ(events[0].sequence(), a.sequence());
  const v1::Decision b = MustSubmit(MakeDocument("b", ArticleText(1)));
  events = Read(*watch, 1);
  ASSERT_GE(events.size(), 1);
  EXPECT_EQ(events[0].type(), v1::CLUSTER_EVENT_TYPE_JOINED);
  EXPECT_EQ(events[0].document_id(), "b");
  EXPECT_EQ(events[0].sequence(), b.sequence());
  context.TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(WatchTest, WithoutASequenceItStartsNowAndSaysWhere) {
  const v1::Decision a = MustSubmit(MakeDocument("a", ArticleText(1)));
  grpc::ClientContext context;
  std::unique_ptr<Watch> watch = Start(&context, std::nullopt);
  v1::WatchClustersResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.events_size(), 0);
  EXPECT_GE(response.sequence(), a.sequence());
  EXPECT_EQ(response.store_id(), Stats().store_id());
  EXPECT_NE(response.store_id(), "");
  MustSubmit(MakeDocument("b", ArticleText(2)));
  const std::vector<v1::ClusterEvent> events = Read(*watch, 1);
  ASSERT_GE(events.size(), 1);
  EXPECT_EQ(events[0].document_id(), "b");
  context.TryCancel();
  watch->Finish();
}

TEST_F(WatchTest, ResumingMissesNothingAndRepeatsNothing) {
  std::vector<uint64_t> sequences;
  uint64_t resume = 0;
  size_t seen = 0;
  for (int round = 0; round < 5; ++round) {
    v1::SubmitBatchRequest batch;
    for (int i = 0; i < 300; ++i) {
      *batch.add_documents() =
          MakeDocument(std::to_string(round * 300 + i), ArticleText(round * 300 + i, 3));
    }
    MustSubmitBatch(batch);
    grpc::ClientContext context;
    std::unique_ptr<Watch> watch = Start(&context, resume);
    v1::WatchClustersResponse response;
    // Stops in the middle of what is there, every time but the last.
    const size_t until = round == 4 ? 1'500 : seen + 1;
    while (seen < until && watch->Read(&response)) {
      EXPECT_LE(response.events_size(), 600);
      for (const v1::ClusterEvent& event : response.events()) {
        if (event.type() == v1::CLUSTER_EVENT_TYPE_CREATED) {
          sequences.push_back(event.sequence());
          ++seen;
        }
      }
      resume = response.sequence();
    }
    context.TryCancel();
    watch->Finish();
  }
  ASSERT_EQ(sequences.size(), 1'500);
  for (size_t i = 1; i < sequences.size(); ++i) EXPECT_LT(sequences[i - 1], sequences[i]);
}

TEST_F(WatchTest, ManyWatchersHearOfTheSameChange) {
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<Watch>> watches;
  for (int i = 0; i < 50; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    watches.push_back(Start(contexts.back().get(), 0));
  }
  MustSubmit(MakeDocument("a", ArticleText(1)));
  for (const auto& watch : watches) EXPECT_EQ(Read(*watch, 1).size(), 1);
  for (const auto& context : contexts) context->TryCancel();
  for (const auto& watch : watches) watch->Finish();
}

TEST_F(WatchTest, AnUnknownCollectionIsRefused) {
  v1::WatchClustersRequest request;
  request.set_collection("nowhere");
  grpc::ClientContext context;
  std::unique_ptr<Watch> watch = dedup_->WatchClusters(&context, request);
  v1::WatchClustersResponse response;
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_REFUSED(watch->Finish(), grpc::StatusCode::NOT_FOUND, "");
}

TEST_F(WatchTest, AWatcherThatDoesNotReadHoldsNobodyUp) {
  grpc::ClientContext context;
  std::unique_ptr<Watch> watch = Start(&context, 0);
  for (int i = 0; i < 5; ++i) {
    v1::SubmitBatchRequest batch;
    for (int j = 0; j < 400; ++j) {
      *batch.add_documents() =
          MakeDocument(std::to_string(i * 400 + j), ArticleText(i * 400 + j, 3));
    }
    MustSubmitBatch(batch);
  }
  EXPECT_EQ(Stats().documents(), 2'000);
  EXPECT_GE(Read(*watch, 2'000).size(), 2'000);
  context.TryCancel();
  watch->Finish();
}

}  // namespace
}  // namespace wonbon
