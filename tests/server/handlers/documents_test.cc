// GetDocument, DeleteDocument and their batches over the wire.
#include <string>
#include <vector>

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
                   v1::View view = v1::VIEW_UNSPECIFIED) {
    v1::GetDocumentRequest request;
    request.set_document_id(id);
    request.set_view(view);
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
  ASSERT_TRUE(Get("a", &response, v1::VIEW_BASIC).ok());
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

TEST_F(DocumentsTest, ABlockedDocumentIsRefusedUntilItIsUnblocked) {
  MustSubmit(MakeDocument("a", ArticleText(1)));
  v1::DeleteDocumentRequest request;
  request.set_document_id("a");
  request.set_block(true);
  v1::DeleteDocumentResponse deleted;
  grpc::ClientContext context;
  ASSERT_TRUE(dedup_->DeleteDocument(&context, request, &deleted).ok());
  EXPECT_TRUE(deleted.tombstone().blocked());
  v1::SubmitRequest submit;
  *submit.mutable_document() = MakeDocument("a", ArticleText(1));
  v1::SubmitResponse response;
  grpc::ClientContext again;
  const grpc::Status refused = dedup_->Submit(&again, submit, &response);
  EXPECT_REFUSED(refused, StatusCode::FAILED_PRECONDITION, "");
  EXPECT_EQ(DetailsOf(refused).reason, "DOCUMENT_BLOCKED");
  v1::UnblockDocumentRequest unblock;
  unblock.set_document_id("a");
  v1::UnblockDocumentResponse unblocked;
  grpc::ClientContext later;
  ASSERT_TRUE(dedup_->UnblockDocument(&later, unblock, &unblocked).ok());
  EXPECT_TRUE(unblocked.unblocked());
  EXPECT_FALSE(unblocked.tombstone().blocked());
  MustSubmit(MakeDocument("a", ArticleText(1)));
}

TEST_F(DocumentsTest, ABatchExpectsSequencesByDocument) {
  const v1::Decision first = MustSubmit(MakeDocument("a", ArticleText(1)));
  MustSubmit(MakeDocument("a", ArticleText(2)));
  v1::SubmitBatchRequest batch;
  *batch.add_documents() = MakeDocument("a", ArticleText(3));
  *batch.add_documents() = MakeDocument("b", ArticleText(4));
  (*batch.mutable_expected_sequences())["a"] = first.sequence();
  const v1::SubmitBatchResponse response = MustSubmitBatch(batch);
  EXPECT_EQ(DetailsOf(response.results(0).error()).reason, "SEQUENCE_MISMATCH");
  EXPECT_EQ(response.results(1).decision().outcome(), v1::OUTCOME_CREATED);
  (*batch.mutable_expected_sequences())["c"] = 0;
  v1::SubmitBatchResponse refused;
  grpc::ClientContext context;
  EXPECT_REFUSED(dedup_->SubmitBatch(&context, batch, &refused), StatusCode::INVALID_ARGUMENT,
                 "expected_sequences");
}

TEST_F(DocumentsTest, AListIsReadInPagesWithItsFilters) {
  for (int i = 0; i < 5; ++i) {
    v1::Document document = MakeDocument(std::to_string(i), ArticleText(i + 1));
    document.set_publisher(i == 3 ? "다른신문" : "한국신문");
    document.mutable_published_at()->set_seconds(1'770'000'000 + i);
    MustSubmit(document);
  }
  v1::ListDocumentsRequest request;
  request.set_page_size(2);
  request.set_publisher("한국신문");
  request.mutable_published_from()->set_seconds(1'770'000'001);
  request.set_newest_first(true);
  std::vector<std::string> ids;
  do {
    v1::ListDocumentsResponse page;
    grpc::ClientContext context;
    const grpc::Status status = dedup_->ListDocuments(&context, request, &page);
    ASSERT_TRUE(status.ok()) << status.error_message();
    for (const auto& stored : page.documents()) {
      ids.push_back(stored.document().id());
      EXPECT_EQ(stored.document().body(), "") << "BASIC";
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(ids, (std::vector<std::string>{"4", "2", "1"}));
  request.mutable_published_before()->set_seconds(1'000'000'000'000);
  v1::ListDocumentsResponse page;
  grpc::ClientContext context;
  EXPECT_REFUSED(dedup_->ListDocuments(&context, request, &page), StatusCode::INVALID_ARGUMENT,
                 "published_before");
}

TEST_F(DocumentsTest, TombstonesAreListedInPagesByTheirIds) {
  const auto list = [this](int size, const std::string& token) {
    grpc::ClientContext context;
    v1::ListTombstonesRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    v1::ListTombstonesResponse response;
    EXPECT_TRUE(dedup_->ListTombstones(&context, request, &response).ok());
    return response;
  };
  EXPECT_EQ(list(0, "").tombstones_size(), 0);
  for (const char* id : {"c", "a", "e", "b"}) MustSubmit(MakeDocument(id, ArticleText(id[0])));
  for (const char* id : {"c", "a", "never"}) {
    grpc::ClientContext context;
    v1::DeleteDocumentRequest request;
    request.set_document_id(id);
    request.set_reason("takedown");
    request.set_block(id[0] != 'a');
    v1::DeleteDocumentResponse response;
    ASSERT_TRUE(dedup_->DeleteDocument(&context, request, &response).ok());
  }
  std::vector<std::string> ids;
  std::string token;
  do {
    const v1::ListTombstonesResponse page = list(1, token);
    for (const v1::Tombstone& tombstone : page.tombstones()) {
      ids.push_back(tombstone.document_id());
      EXPECT_EQ(tombstone.blocked(), tombstone.document_id() != "a");
      EXPECT_EQ(tombstone.reason(), "takedown");
    }
    EXPECT_LE(page.tombstones_size(), 1);
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(ids, (std::vector<std::string>{"a", "c", "never"}));
  MustSubmit(MakeDocument("a", ArticleText('a')));  // it stands again
  EXPECT_EQ(list(0, "").tombstones_size(), 2);
}

TEST_F(DocumentsTest, ADocumentOfABatchMayHaveArrivedBefore) {
  v1::SubmitBatchRequest batch;
  *batch.add_documents() = MakeDocument("a", ArticleText(1));
  *batch.add_documents() = MakeDocument("b", ArticleText(2));
  (*batch.mutable_received_at())["a"].set_seconds(1'700'000'000);
  (*batch.mutable_received_at())["b"].set_seconds(9'000'000'000);  // still to come
  MustSubmitBatch(batch);
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  for (const char* id : {"a", "b"}) {
    grpc::ClientContext context;
    v1::GetDocumentRequest request;
    request.set_document_id(id);
    v1::GetDocumentResponse response;
    ASSERT_TRUE(dedup_->GetDocument(&context, request, &response).ok());
    const int64_t received = response.document().received_at().seconds();
    if (id[0] == 'a') {
      EXPECT_EQ(received, 1'700'000'000);
    } else {
      EXPECT_NEAR(received, now, 60);
    }
  }
  (*batch.mutable_received_at())["c"].set_seconds(1'700'000'000);
  grpc::ClientContext context;
  v1::SubmitBatchResponse response;
  EXPECT_REFUSED(dedup_->SubmitBatch(&context, batch, &response),
                 grpc::StatusCode::INVALID_ARGUMENT, "received_at");
}

}  // namespace
}  // namespace wonbon
