// GetDocument, DeleteDocument and their batches over the wire.
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using grpc::StatusCode;

class DocumentsTest : public RunningServer {
 protected:
  grpc::Status Get(const std::string& id, v1::GetDocumentResponse* response,
                   bool omit_body = false) {
    v1::GetDocumentRequest request;
    request.set_document_id(id);
    request.set_omit_body(omit_body);
    grpc::ClientContext context;
    return dedup_->GetDocument(&context, request, response);
  }
  grpc::Status Delete(const std::string& id, v1::DeleteDocumentResponse* response,
                      const std::string& reason = "") {
    v1::DeleteDocumentRequest request;
    request.set_document_id(id);
    request.set_reason(reason);
    grpc::ClientContext context;
    return dedup_->DeleteDocument(&context, request, response);
  }
};

TEST_F(DocumentsTest, ADocumentIsReadBackAsItWasSent) {
  v1::Document sent = MakeDocument("a", ArticleText(1), HeadlineText(1));
  sent.set_publisher("한국신문");
  sent.set_url("https://example.kr/a");
  sent.set_byline("홍길동 기자");
  sent.set_section("사회");
  sent.set_content_type(v1::CONTENT_TYPE_TEXT);
  sent.mutable_published_at()->set_seconds(1'700'000'000);
  (*sent.mutable_labels())["키"] = "값";
  const v1::Decision decision = MustSubmit(sent);
  v1::GetDocumentResponse response;
  ASSERT_TRUE(Get("a", &response).ok());
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(response.document().document(), sent))
      << response.DebugString();
  EXPECT_EQ(response.document().cluster_id(), decision.cluster_id());
  EXPECT_EQ(response.document().canonical_document_id(), "a");
  EXPECT_EQ(response.document().sequence(), decision.sequence());
  EXPECT_GT(response.document().received_at().seconds(), 0);
  ASSERT_TRUE(Get("a", &response, /*omit_body=*/true).ok());
  EXPECT_EQ(response.document().document().body(), "");
  EXPECT_EQ(response.document().document().title(), HeadlineText(1));
}

TEST_F(DocumentsTest, AnUnknownAndADeletedDocumentAreToldApart) {
  v1::GetDocumentResponse got;
  grpc::Status status = Get("a", &got);
  EXPECT_REFUSED(status, StatusCode::NOT_FOUND, "");
  EXPECT_EQ(DetailsOf(status).reason, "DOCUMENT_NOT_FOUND");
  MustSubmit(MakeDocument("a", ArticleText(1)));
  v1::DeleteDocumentResponse deleted;
  ASSERT_TRUE(Delete("a", &deleted, "정정 요청").ok());
  EXPECT_TRUE(deleted.deleted());
  EXPECT_EQ(deleted.tombstone().document_id(), "a");
  EXPECT_EQ(deleted.tombstone().reason(), "정정 요청");
  EXPECT_GT(deleted.tombstone().sequence(), 0);
  status = Get("a", &got);
  EXPECT_REFUSED(status, StatusCode::NOT_FOUND, "");
  EXPECT_EQ(DetailsOf(status).reason, "DOCUMENT_DELETED");
  const uint64_t sequence = deleted.tombstone().sequence();
  ASSERT_TRUE(Delete("a", &deleted, "again").ok());
  EXPECT_FALSE(deleted.deleted());
  EXPECT_EQ(deleted.tombstone().sequence(), sequence);
  EXPECT_EQ(deleted.tombstone().reason(), "정정 요청");
}

TEST_F(DocumentsTest, DeletingTheCanonicalElectsAnother) {
  MustSubmit(MakeDocument("a", ArticleText(1)));
  const v1::Decision copy = MustSubmit(MakeDocument("b", ArticleText(1)));
  v1::DeleteDocumentResponse deleted;
  ASSERT_TRUE(Delete("a", &deleted).ok());
  v1::GetDocumentResponse got;
  ASSERT_TRUE(Get("b", &got).ok());
  EXPECT_EQ(got.document().canonical_document_id(), "b");
  EXPECT_EQ(got.document().cluster_id(), copy.cluster_id());
}

TEST_F(DocumentsTest, BatchesKeepOrderAndErrorsTheirPlace) {
  MustSubmit(MakeDocument("a", ArticleText(1)));
  MustSubmit(MakeDocument("b", ArticleText(2)));
  v1::BatchGetDocumentsRequest request;
  for (const char* id : {"b", "none", "", "a", "b"}) request.add_document_ids(id);
  v1::BatchGetDocumentsResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(dedup_->BatchGetDocuments(&context, request, &response).ok());
  ASSERT_EQ(response.results_size(), 5);
  EXPECT_EQ(response.results(0).document().document().body(), ArticleText(2));
  EXPECT_REFUSED(response.results(1).error(), StatusCode::NOT_FOUND, "");
  EXPECT_REFUSED(response.results(2).error(), StatusCode::INVALID_ARGUMENT, "document_ids[2]");
  EXPECT_EQ(response.results(3).document().document().id(), "a");
  EXPECT_EQ(response.results(4).document().document().id(), "b");

  v1::BatchDeleteDocumentsRequest removal;
  for (const char* id : {"", "b", "none", "a", "b"}) removal.add_document_ids(id);
  removal.set_reason("정리");
  v1::BatchDeleteDocumentsResponse removed;
  grpc::ClientContext remove;
  ASSERT_TRUE(dedup_->BatchDeleteDocuments(&remove, removal, &removed).ok());
  ASSERT_EQ(removed.results_size(), 5);
  EXPECT_REFUSED(removed.results(0).error(), StatusCode::INVALID_ARGUMENT, "document_ids[0]");
  EXPECT_EQ(removed.results(1).tombstone().document_id(), "b");
  EXPECT_REFUSED(removed.results(2).error(), StatusCode::NOT_FOUND, "");
  EXPECT_EQ(removed.results(3).tombstone().document_id(), "a");
  EXPECT_EQ(removed.results(4).tombstone().sequence(), removed.results(1).tombstone().sequence());
  EXPECT_EQ(Stats().documents(), 0);
}

TEST_F(DocumentsTest, EmptyBatchesAreAnswered) {
  v1::BatchGetDocumentsResponse got;
  grpc::ClientContext get;
  EXPECT_TRUE(dedup_->BatchGetDocuments(&get, {}, &got).ok());
  v1::BatchDeleteDocumentsResponse removed;
  grpc::ClientContext remove;
  EXPECT_TRUE(dedup_->BatchDeleteDocuments(&remove, {}, &removed).ok());
}

TEST_F(DocumentsTest, BatchesPastTheLimitAndBadReasonsAreRefused) {
  v1::BatchGetDocumentsRequest request;
  for (int i = 0; i < 1'001; ++i) request.add_document_ids("a");
  v1::BatchGetDocumentsResponse response;
  grpc::ClientContext context;
  EXPECT_REFUSED(dedup_->BatchGetDocuments(&context, request, &response),
                 StatusCode::INVALID_ARGUMENT, "document_ids");
  v1::DeleteDocumentResponse deleted;
  EXPECT_REFUSED(Delete("a", &deleted, std::string(1'025, 'x')), StatusCode::INVALID_ARGUMENT,
                 "reason");
  EXPECT_REFUSED(Delete("", &deleted), StatusCode::INVALID_ARGUMENT, "document_id");
  EXPECT_REFUSED(Delete("unknown", &deleted), StatusCode::NOT_FOUND, "");
}

TEST_F(DocumentsTest, AResponsePastTheMessageLimitSaysWhichDocumentsToAskForAgain) {
  const std::string body = ArticleText(1, 2'600);  // about 250 KiB
  ASSERT_LT(body.size(), 256 << 10);
  MustSubmit(MakeDocument("large", body));
  v1::BatchGetDocumentsRequest request;
  for (int i = 0; i < 200; ++i) request.add_document_ids("large");
  v1::BatchGetDocumentsResponse response;
  grpc::ClientContext context;
  const grpc::Status status = dedup_->BatchGetDocuments(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(response.results(0).has_document());
  EXPECT_EQ(DetailsOf(response.results(199).error()).reason, "RESPONSE_TOO_LARGE");
  EXPECT_LT(response.ByteSizeLong(), 16 << 20);
}

}  // namespace
}  // namespace wonbon
