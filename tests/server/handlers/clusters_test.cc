// GetCluster, ListClusters and ListClusterDocuments over the wire.
#include <set>

#include "gmock/gmock.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using grpc::StatusCode;

class ClustersTest : public RunningServer {
 protected:
  grpc::Status List(const v1::ListClustersRequest& request, v1::ListClustersResponse* response) {
    grpc::ClientContext context;
    return dedup_->ListClusters(&context, request, response);
  }
  grpc::Status ListDocuments(const v1::ListClusterDocumentsRequest& request,
                             v1::ListClusterDocumentsResponse* response) {
    grpc::ClientContext context;
    return dedup_->ListClusterDocuments(&context, request, response);
  }
  // 25 clusters, the first five of three documents.
  void Fill() {
    v1::SubmitBatchRequest batch;
    for (int i = 0; i < 25; ++i) {
      *batch.add_documents() = MakeDocument("d" + std::to_string(i), ArticleText(i));
    }
    for (int i = 0; i < 10; ++i) {
      *batch.add_documents() = MakeDocument("copy" + std::to_string(i), ArticleText(i % 5));
    }
    MustSubmitBatch(batch);
  }
};

TEST_F(ClustersTest, AClusterIsReadByItsId) {
  const v1::Decision first = MustSubmit(MakeDocument("a", ArticleText(1), HeadlineText(1)));
  MustSubmit(MakeDocument("b", ArticleText(1), HeadlineText(1)));
  v1::GetClusterRequest request;
  request.set_cluster_id(first.cluster_id());
  request.set_view(v1::VIEW_FULL);
  v1::GetClusterResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(dedup_->GetCluster(&context, request, &response).ok());
  EXPECT_EQ(response.cluster().size(), 2);
  EXPECT_EQ(response.cluster().canonical().document_id(), "a");
  EXPECT_EQ(response.cluster().canonical().body(), ArticleText(1));
  EXPECT_EQ(response.cluster().members_size(), 0);
  EXPECT_EQ(response.redirected_from(), "");
}

TEST_F(ClustersTest, BadAndUnknownIdsAreRefused) {
  v1::GetClusterRequest request;
  v1::GetClusterResponse response;
  for (const char* id : {"", "x", "12"}) {
    request.set_cluster_id(id);
    grpc::ClientContext context;
    EXPECT_REFUSED(dedup_->GetCluster(&context, request, &response), StatusCode::INVALID_ARGUMENT,
                   "cluster_id");
  }
  request.set_cluster_id("c123456");
  grpc::ClientContext context;
  const grpc::Status status = dedup_->GetCluster(&context, request, &response);
  EXPECT_REFUSED(status, StatusCode::NOT_FOUND, "");
  EXPECT_EQ(DetailsOf(status).reason, "CLUSTER_NOT_FOUND");
}

TEST_F(ClustersTest, PagesShowEveryClusterOnce) {
  Fill();
  v1::ListClustersRequest request;
  request.set_page_size(7);
  request.set_view(v1::VIEW_FULL);
  std::set<std::string> seen;
  std::set<std::string> documents;
  int pages = 0;
  do {
    v1::ListClustersResponse response;
    ASSERT_TRUE(List(request, &response).ok());
    for (const v1::Cluster& cluster : response.clusters()) {
      EXPECT_TRUE(seen.insert(cluster.cluster_id()).second);
      EXPECT_EQ(cluster.members_size(), static_cast<int>(cluster.size()));
      for (const v1::ClusterMember& member : cluster.members()) {
        EXPECT_TRUE(documents.insert(member.document_id()).second);
        EXPECT_GT(member.sequence(), 0);
        EXPECT_NE(member.relation(), v1::RELATION_UNSPECIFIED);
      }
    }
    request.set_page_token(response.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 4);
  EXPECT_EQ(seen.size(), 25);
  EXPECT_EQ(documents.size(), 35);
}

TEST_F(ClustersTest, SmallClustersCanBeLeftOut) {
  Fill();
  v1::ListClustersRequest request;
  request.set_min_size(3);
  v1::ListClustersResponse response;
  ASSERT_TRUE(List(request, &response).ok());
  EXPECT_EQ(response.clusters_size(), 5);
  EXPECT_EQ(response.next_page_token(), "");
  EXPECT_EQ(response.clusters(0).members_size(), 0);
}

TEST_F(ClustersTest, ATokenOfAnotherQueryIsRefused) {
  Fill();
  v1::ListClustersRequest request;
  request.set_page_size(3);
  v1::ListClustersResponse response;
  ASSERT_TRUE(List(request, &response).ok());
  request.set_page_token(response.next_page_token());
  v1::ListClustersRequest other = request;
  other.set_min_size(2);
  EXPECT_REFUSED(List(other, &response), StatusCode::INVALID_ARGUMENT, "page_token");
  other = request;
  other.set_page_token("garbage");
  EXPECT_REFUSED(List(other, &response), StatusCode::INVALID_ARGUMENT, "page_token");
  v1::ListClusterDocumentsRequest documents;
  documents.set_cluster_id("c1");
  documents.set_page_token(request.page_token());
  v1::ListClusterDocumentsResponse listed;
  EXPECT_REFUSED(ListDocuments(documents, &listed), StatusCode::INVALID_ARGUMENT, "page_token");
  request.set_page_size(-1);
  EXPECT_REFUSED(List(request, &response), StatusCode::INVALID_ARGUMENT, "page_size");
}

TEST_F(ClustersTest, APageSizeBeyondTheLimitIsTheLimit) {
  Fill();
  v1::ListClustersRequest request;
  request.set_page_size(1'001);
  v1::ListClustersResponse response;
  ASSERT_TRUE(List(request, &response).ok());
  EXPECT_EQ(response.clusters_size(), 25);
}

TEST_F(ClustersTest, APageOfLargeMembershipsEndsEarly) {
  v1::SubmitBatchRequest batch;
  // 40 clusters of 500 members with ids of 250 bytes: more than 5 MB.
  for (int cluster = 0; cluster < 40; ++cluster) {
    for (int i = 0; i < 500; ++i) {
      std::string id = std::to_string(cluster) + "-" + std::to_string(i) + "-";
      id.resize(250, 'x');
      *batch.add_documents() = MakeDocument(id, ArticleText(cluster, 4));
      if (batch.documents_size() == 1'000) {
        MustSubmitBatch(batch);
        batch.Clear();
      }
    }
  }
  v1::ListClustersRequest request;
  request.set_page_size(1'000);
  request.set_view(v1::VIEW_FULL);
  size_t clusters = 0;
  size_t members = 0;
  int pages = 0;
  do {
    v1::ListClustersResponse response;
    ASSERT_TRUE(List(request, &response).ok());
    EXPECT_LE(response.ByteSizeLong(), 4 << 20);
    for (const v1::Cluster& cluster : response.clusters()) members += cluster.members_size();
    clusters += response.clusters_size();
    request.set_page_token(response.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(clusters, 40);
  EXPECT_EQ(members, 20'000);
  EXPECT_GE(pages, 2);
}

TEST_F(ClustersTest, DocumentsOfAClusterComeInPages) {
  v1::SubmitBatchRequest batch;
  for (int i = 0; i < 50; ++i) {
    *batch.add_documents() = MakeDocument("d" + std::to_string(i), ArticleText(1));
  }
  const v1::SubmitBatchResponse submitted = MustSubmitBatch(batch);
  v1::ListClusterDocumentsRequest request;
  request.set_cluster_id(submitted.results(0).decision().cluster_id());
  request.set_page_size(20);
  std::vector<std::string> ids;
  do {
    v1::ListClusterDocumentsResponse response;
    ASSERT_TRUE(ListDocuments(request, &response).ok());
    EXPECT_LE(response.documents_size(), 20);
    for (const v1::StoredDocument& document : response.documents()) {
      ids.push_back(document.document().id());
      EXPECT_EQ(document.document().body(), "");
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  ASSERT_EQ(ids.size(), 50);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(ids[i], "d" + std::to_string(i));
  request.set_view(v1::VIEW_FULL);
  v1::ListClusterDocumentsResponse response;
  ASSERT_TRUE(ListDocuments(request, &response).ok());
  EXPECT_EQ(response.documents(0).document().body(), ArticleText(1));
}

TEST_F(ClustersTest, APageOfLargeBodiesEndsEarly) {
  // 40 copies of 200 KB: 8 MB.
  const std::string text = ArticleText(1) + "\n";
  std::string body;
  while (body.size() < 200'000) body += text;
  v1::SubmitBatchRequest batch;
  std::string cluster;
  for (int i = 0; i < 40; ++i) {
    *batch.add_documents() = MakeDocument("d" + std::to_string(i), body);
    if (batch.documents_size() == 20) {
      cluster = MustSubmitBatch(batch).results(0).decision().cluster_id();
      batch.Clear();
    }
  }
  v1::ListClusterDocumentsRequest request;
  request.set_cluster_id(cluster);
  request.set_page_size(1'000);
  request.set_view(v1::VIEW_FULL);
  std::vector<std::string> ids;
  int pages = 0;
  do {
    v1::ListClusterDocumentsResponse response;
    ASSERT_TRUE(ListDocuments(request, &response).ok());
    EXPECT_LE(response.ByteSizeLong(), 4 << 20);
    for (const v1::StoredDocument& document : response.documents()) {
      ids.push_back(document.document().id());
    }
    request.set_page_token(response.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  ASSERT_EQ(ids.size(), 40);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(ids[i], "d" + std::to_string(i));
  EXPECT_EQ(pages, 3);
}

}  // namespace
}  // namespace wonbon
