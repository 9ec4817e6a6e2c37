// Copies that arrive at once, from many clients, end in one cluster each.
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "gmock/gmock.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

constexpr int kClients = 8;
constexpr int kArticles = 40;

using ConcurrencyTest = RunningServer;

TEST_F(ConcurrencyTest, EightClientsWithTheSameCopiesMakeOneClusterEach) {
  std::mutex mutex;
  std::map<int, std::set<std::string>> clusters;
  std::map<int, int> founders;
  std::vector<std::thread> clients;
  for (int client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      const auto stub = v1::DedupService::NewStub(NewChannel());
      for (int article = 0; article < kArticles; ++article) {
        v1::SubmitRequest request;
        *request.mutable_document() =
            MakeDocument(std::to_string(client) + "-" + std::to_string(article),
                         ArticleText(article), HeadlineText(article));
        v1::SubmitResponse response;
        grpc::ClientContext context;
        const grpc::Status status = stub->Submit(&context, request, &response);
        ASSERT_TRUE(status.ok()) << status.error_message();
        const std::lock_guard<std::mutex> lock(mutex);
        clusters[article].insert(response.decision().cluster_id());
        if (!response.decision().has_best_match()) ++founders[article];
      }
    });
  }
  for (std::thread& client : clients) client.join();
  for (int article = 0; article < kArticles; ++article) {
    EXPECT_EQ(clusters[article].size(), 1) << article;
    EXPECT_EQ(founders[article], 1) << article;
  }
  EXPECT_EQ(Stats().clusters(), kArticles);
  EXPECT_EQ(Stats().documents(), kArticles * kClients);
}

TEST_F(ConcurrencyTest, BatchesStreamsAndSingleCallsMixWithReads) {
  std::vector<std::thread> clients;
  for (int client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      const auto stub = v1::DedupService::NewStub(NewChannel());
      for (int round = 0; round < 5; ++round) {
        v1::SubmitBatchRequest batch;
        for (int article = 0; article < kArticles; ++article) {
          *batch.add_documents() = MakeDocument(
              std::to_string(client) + "-" + std::to_string(article),
              round % 2 == 0 ? ArticleText(article) : EditedText(article), HeadlineText(article));
        }
        v1::SubmitBatchResponse response;
        grpc::ClientContext submit;
        ASSERT_TRUE(stub->SubmitBatch(&submit, batch, &response).ok());
        v1::ListClustersRequest list;
        list.set_view(v1::VIEW_FULL);
        v1::ListClustersResponse listed;
        grpc::ClientContext listing;
        ASSERT_TRUE(stub->ListClusters(&listing, list, &listed).ok());
        v1::DeleteDocumentRequest removal;
        removal.set_document_id(std::to_string(client) + "-" + std::to_string(round));
        v1::DeleteDocumentResponse removed;
        grpc::ClientContext remove;
        ASSERT_TRUE(stub->DeleteDocument(&remove, removal, &removed).ok());
      }
    });
  }
  for (std::thread& client : clients) client.join();
  ExpectUnharmed();
}

TEST_F(ConcurrencyTest, AFullQueueAsksToTryAgain) {
  server_.reset();
  config_.threads = 1;
  config_.max_queued_requests = 1;
  Start();
  std::atomic<int> refused{0};
  std::atomic<int> taken{0};
  std::vector<std::thread> clients;
  for (int client = 0; client < 32; ++client) {
    clients.emplace_back([&, client] {
      const auto stub = v1::DedupService::NewStub(NewChannel());
      for (int i = 0; i < 20; ++i) {
        v1::SubmitRequest request;
        *request.mutable_document() = MakeDocument(std::to_string(client) + "-" + std::to_string(i),
                                                   ArticleText(client, 500));
        v1::SubmitResponse response;
        grpc::ClientContext context;
        const grpc::Status status = stub->Submit(&context, request, &response);
        if (status.ok()) {
          ++taken;
          continue;
        }
        ++refused;
        const ErrorDetails details = DetailsOf(status);
        EXPECT_EQ(details.code, grpc::StatusCode::RESOURCE_EXHAUSTED);
        EXPECT_EQ(details.reason, "QUEUE_FULL");
        EXPECT_TRUE(details.retry);
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_GT(refused, 0);
  EXPECT_GT(taken, 0);
  EXPECT_EQ(Stats().documents(), static_cast<uint64_t>(taken));
}

}  // namespace
}  // namespace wonbon
