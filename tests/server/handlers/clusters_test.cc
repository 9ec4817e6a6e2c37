// GetCluster, ListClusters and ListClusterDocuments over the wire.
#include <set>
#include <string>
#include <vector>

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
  // Ids of the canonical copies, page by page.
  std::vector<std::string> Pages(v1::ListClustersRequest request) {
    std::vector<std::string> ids;
    do {
      v1::ListClustersResponse response;
      const grpc::Status status = List(request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      for (const v1::Cluster& cluster : response.clusters()) {
        ids.push_back(cluster.canonical().document_id());
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return ids;
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

TEST_F(ClustersTest, TheLargestComeFirst) {
  v1::SubmitBatchRequest batch;
  const int sizes[] = {1, 3, 2, 5, 3, 1, 2};
  for (int story = 0; story < 7; ++story) {
    for (int copy = 0; copy < sizes[story]; ++copy) {
      *batch.add_documents() =
          MakeDocument(std::to_string(story) + "-" + std::to_string(copy), ArticleText(story));
    }
  }
  MustSubmitBatch(batch);
  v1::ListClustersRequest request;
  request.set_order(v1::CLUSTER_ORDER_LARGEST);
  request.set_page_size(2);
  EXPECT_EQ(Pages(request),
            (std::vector<std::string>{"3-0", "4-0", "1-0", "6-0", "2-0"}));  // of equals the newer
  request.set_min_size(3);
  EXPECT_EQ(Pages(request), (std::vector<std::string>{"3-0", "4-0", "1-0"}));
  v1::DeleteDocumentRequest deletion;
  v1::DeleteDocumentResponse deleted;
  for (const char* id : {"3-4", "3-3", "3-2", "3-1"}) {
    grpc::ClientContext context;
    deletion.set_document_id(id);
    ASSERT_TRUE(dedup_->DeleteDocument(&context, deletion, &deleted).ok());
  }
  request.set_min_size(0);
  EXPECT_EQ(Pages(request), (std::vector<std::string>{"4-0", "1-0", "6-0", "2-0"}));
}

TEST_F(ClustersTest, ThoseWithTheNewestDocumentComeFirst) {
  for (int story = 0; story < 4; ++story) {
    MustSubmit(MakeDocument(std::to_string(story), ArticleText(story)));
  }
  MustSubmit(MakeDocument("copy of 1", ArticleText(1)));
  MustSubmit(MakeDocument("copy of 0", ArticleText(0)));
  v1::ListClustersRequest request;
  request.set_order(v1::CLUSTER_ORDER_NEWEST_DOCUMENT);
  request.set_page_size(1);
  EXPECT_EQ(Pages(request), (std::vector<std::string>{"0", "1", "3", "2"}));
  request.set_min_size(2);
  EXPECT_EQ(Pages(request), (std::vector<std::string>{"0", "1"}));
  v1::ListClustersResponse response;
  ASSERT_TRUE(List(request, &response).ok());
  v1::GetDocumentRequest get;
  get.set_document_id("copy of 0");
  v1::GetDocumentResponse got;
  grpc::ClientContext context;
  ASSERT_TRUE(dedup_->GetDocument(&context, get, &got).ok());
  EXPECT_EQ(response.clusters(0).last_received_at().seconds(),
            got.document().received_at().seconds());
  EXPECT_EQ(response.clusters(0).last_received_at().nanos(), got.document().received_at().nanos());
}

TEST_F(ClustersTest, HeadlinesAreSearchedForWords) {
  MustSubmit(MakeDocument("rate", ArticleText(1), "한국은행, 기준금리 3.5% 동결"));
  MustSubmit(MakeDocument("rain", ArticleText(2), "수도권 호우 특보… ＫＴＸ 지연"));
  MustSubmit(MakeDocument("bank", ArticleText(3), "한국 은행권 KTX 할인"));
  MustSubmit(MakeDocument("none", ArticleText(4)));
  v1::ListClustersRequest request;
  request.set_page_size(1);
  const auto found = [&](const char* words) {
    request.set_title_words(words);
    return Pages(request);
  };
  EXPECT_EQ(found("은행"), (std::vector<std::string>{"rate", "bank"}));
  EXPECT_EQ(found("  금리  한국은행\t"), (std::vector<std::string>{"rate"}));
  EXPECT_EQ(found("ktx"), (std::vector<std::string>{"rain", "bank"}));
  EXPECT_EQ(found("ＫｔＸ\u3000지연"), (std::vector<std::string>{"rain"}));
  EXPECT_EQ(found("은행 호우"), (std::vector<std::string>{}));
  v1::ListClustersResponse response;
  for (const std::string& words : {std::string(" ?! "), std::string(300, 'x')}) {
    request.set_title_words(words);
    EXPECT_REFUSED(List(request, &response), StatusCode::INVALID_ARGUMENT, "title_words");
  }
}

TEST_F(ClustersTest, ThoseWithADocumentOfAPublisherAreListed) {
  const auto submit = [this](const char* id, int story, const char* publisher) {
    v1::Document document = MakeDocument(id, ArticleText(story));
    document.set_publisher(publisher);
    MustSubmit(document);
  };
  submit("a", 1, "대한일보");
  submit("b", 1, "한빛 신문");
  submit("c", 2, "한빛신문");
  submit("d", 3, "대한일보");
  v1::ListClustersRequest request;
  request.set_member_publisher("한빛신문");
  EXPECT_EQ(Pages(request), (std::vector<std::string>{"a", "c"}));
  request.set_publisher("대한일보");
  EXPECT_EQ(Pages(request), (std::vector<std::string>{"a"}));
}

TEST_F(ClustersTest, AnOrderThatIsNoneIsRefused) {
  v1::ListClustersRequest request;
  v1::ListClustersResponse response;
  request.set_order(static_cast<v1::ClusterOrder>(99));
  EXPECT_REFUSED(List(request, &response), StatusCode::INVALID_ARGUMENT, "order");
  request.set_order(v1::CLUSTER_ORDER_OLDEST);
  request.set_newest_first(true);
  EXPECT_REFUSED(List(request, &response), StatusCode::INVALID_ARGUMENT, "order");
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
