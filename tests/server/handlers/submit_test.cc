// Submit, SubmitBatch, Check and Compare over the wire.
#include <algorithm>

#include "gmock/gmock.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using ::testing::Contains;
using ::testing::Not;

using SubmitTest = RunningServer;

TEST_F(SubmitTest, TheFirstDocumentIsCanonicalAndACopyJoinsIt) {
  const v1::Decision first = MustSubmit(MakeDocument("a", ArticleText(1), HeadlineText(1)));
  EXPECT_EQ(first.outcome(), v1::OUTCOME_CREATED);
  EXPECT_EQ(first.relation(), v1::RELATION_UNIQUE);
  EXPECT_TRUE(first.is_canonical());
  EXPECT_EQ(first.canonical().document_id(), "a");
  EXPECT_EQ(first.cluster_size(), 1);
  EXPECT_GT(first.sequence(), 0);
  const v1::Decision copy = MustSubmit(MakeDocument("b", ArticleText(1), HeadlineText(1)));
  EXPECT_EQ(copy.relation(), v1::RELATION_EXACT);
  EXPECT_EQ(copy.cluster_id(), first.cluster_id());
  EXPECT_EQ(copy.canonical().document_id(), "a");
  EXPECT_EQ(copy.best_match().document_id(), "a");
  EXPECT_EQ(copy.cluster_size(), 2);
  EXPECT_GT(copy.sequence(), first.sequence());
}

TEST_F(SubmitTest, AnEditedCopyIsNearAndAnotherArticleIsUnique) {
  const v1::Decision first = MustSubmit(MakeDocument("a", ArticleText(2, 20), HeadlineText(2)));
  const v1::Decision edited = MustSubmit(MakeDocument("b", EditedText(2, 20), HeadlineText(2)));
  EXPECT_EQ(edited.relation(), v1::RELATION_NEAR);
  EXPECT_EQ(edited.cluster_id(), first.cluster_id());
  EXPECT_GT(edited.best_match().jaccard(), .7);
  const v1::Decision other = MustSubmit(MakeDocument("c", ArticleText(3, 20), HeadlineText(3)));
  EXPECT_NE(other.cluster_id(), first.cluster_id());
}

TEST_F(SubmitTest, TheSameIdIsUnchangedOrUpdated) {
  const v1::Decision first = MustSubmit(MakeDocument("a", ArticleText(4)));
  const v1::Decision again = MustSubmit(MakeDocument("a", ArticleText(4)));
  EXPECT_EQ(again.outcome(), v1::OUTCOME_UNCHANGED);
  EXPECT_EQ(again.sequence(), first.sequence());
  const v1::Decision updated = MustSubmit(MakeDocument("a", EditedText(4)));
  EXPECT_EQ(updated.outcome(), v1::OUTCOME_UPDATED);
  EXPECT_GT(updated.sequence(), first.sequence());
}

TEST_F(SubmitTest, TheFullViewCarriesTheCanonicalBody) {
  MustSubmit(MakeDocument("a", ArticleText(5)));
  v1::SubmitRequest request;
  *request.mutable_document() = MakeDocument("b", ArticleText(5));
  request.set_view(v1::VIEW_FULL);
  v1::SubmitResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(dedup_->Submit(&context, request, &response).ok());
  EXPECT_EQ(response.decision().canonical().body(), ArticleText(5));
  EXPECT_EQ(MustSubmit(MakeDocument("c", ArticleText(5))).canonical().body(), "");
}

TEST_F(SubmitTest, ABatchKeepsItsOrderAndABadItemSparesItsNeighbours) {
  v1::SubmitBatchRequest request;
  for (int i = 0; i < 40; ++i) {
    *request.add_documents() = MakeDocument("d" + std::to_string(i), ArticleText(100 + i % 20));
  }
  request.mutable_documents(7)->set_body(" \t\n");
  request.mutable_documents(9)->mutable_published_at()->set_nanos(-1);
  request.mutable_documents(11)->set_title("가\xff");
  const v1::SubmitBatchResponse response = MustSubmitBatch(request);
  for (int i = 0; i < 40; ++i) {
    if (i == 7 || i == 9 || i == 11) continue;
    ASSERT_TRUE(response.results(i).has_decision()) << i;
    const v1::Decision& decision = response.results(i).decision();
    EXPECT_EQ(decision.document_id(), "d" + std::to_string(i));
    if (i >= 20 && i != 27 && i != 29 && i != 31) {
      EXPECT_EQ(decision.relation(), v1::RELATION_EXACT) << i;
      EXPECT_EQ(decision.best_match().document_id(), "d" + std::to_string(i - 20));
    }
  }
  EXPECT_REFUSED(response.results(7).error(), grpc::StatusCode::INVALID_ARGUMENT,
                 "documents[7].body");
  EXPECT_REFUSED(response.results(9).error(), grpc::StatusCode::INVALID_ARGUMENT,
                 "documents[9].published_at");
  EXPECT_REFUSED(response.results(11).error(), grpc::StatusCode::INVALID_ARGUMENT,
                 "documents[11].title");
  EXPECT_THAT(DetailsOf(response.results(11).error()).description, testing::HasSubstr("byte 3"));
}

TEST_F(SubmitTest, DuplicateIdsInABatchAreTakenInOrder) {
  v1::SubmitBatchRequest request;
  *request.add_documents() = MakeDocument("same", ArticleText(6));
  *request.add_documents() = MakeDocument("same", ArticleText(6));
  *request.add_documents() = MakeDocument("same", EditedText(6));
  const v1::SubmitBatchResponse response = MustSubmitBatch(request);
  EXPECT_EQ(response.results(0).decision().outcome(), v1::OUTCOME_CREATED);
  EXPECT_EQ(response.results(1).decision().outcome(), v1::OUTCOME_UNCHANGED);
  EXPECT_EQ(response.results(2).decision().outcome(), v1::OUTCOME_UPDATED);
}

TEST_F(SubmitTest, AFullBatchOfAThousandIsTakenAndAnEmptyOneIsNoError) {
  v1::SubmitBatchRequest request;
  EXPECT_EQ(MustSubmitBatch(request).results_size(), 0);
  for (int i = 0; i < 1'000; ++i) {
    *request.add_documents() = MakeDocument(std::to_string(i), ArticleText(1'000 + i, 4));
  }
  const v1::SubmitBatchResponse response = MustSubmitBatch(request);
  for (const v1::SubmitResult& result : response.results()) EXPECT_TRUE(result.has_decision());
  EXPECT_EQ(Stats().documents(), 1'000);
}

TEST_F(SubmitTest, AnAnswerThatWouldBeTooLargeIsShortened) {
  v1::SubmitBatchRequest request;
  for (int i = 0; i < 1'000; ++i) {
    v1::Document& document = *request.add_documents();
    document = MakeDocument(std::to_string(i), ArticleText(1'000 + i, 4));
    document.set_title(std::string(4'096, 'x'));
    document.set_url("https://news.example/" + std::string(4'000, 'y') + std::to_string(i));
  }
  const v1::SubmitBatchResponse response = MustSubmitBatch(request);
  EXPECT_LT(response.ByteSizeLong(), 4 << 20);
  const v1::Decision& first = response.results(0).decision();
  EXPECT_THAT(first.flags(), Not(Contains(v1::FLAG_SHORTENED_ANSWER)));
  EXPECT_EQ(first.canonical().title().size(), 4'096);
  const v1::Decision& last = response.results(999).decision();
  EXPECT_THAT(last.flags(), Contains(v1::FLAG_SHORTENED_ANSWER));
  EXPECT_EQ(last.canonical().title(), "");
  EXPECT_EQ(last.canonical().document_id(), "999");
  EXPECT_NE(last.cluster_id(), "");
}

TEST_F(SubmitTest, CheckAnswersLikeSubmitAndWritesNothing) {
  const v1::Decision first = MustSubmit(MakeDocument("a", ArticleText(8), HeadlineText(8)));
  v1::CheckRequest request;
  *request.mutable_document() = MakeDocument("", ArticleText(8), HeadlineText(8));
  v1::CheckResponse response;
  grpc::ClientContext context;
  const grpc::Status status = dedup_->Check(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.decision().relation(), v1::RELATION_EXACT);
  EXPECT_EQ(response.decision().cluster_id(), first.cluster_id());
  EXPECT_EQ(response.decision().outcome(), v1::OUTCOME_UNSPECIFIED) << "nothing was done";
  EXPECT_EQ(Stats().documents(), 1);
  *request.mutable_document() = MakeDocument("", ArticleText(9));
  grpc::ClientContext unknown;
  ASSERT_TRUE(dedup_->Check(&unknown, request, &response).ok());
  EXPECT_EQ(response.decision().cluster_id(), "");
  EXPECT_FALSE(response.decision().has_best_match());
}

TEST_F(SubmitTest, CompareTellsScoresAndSharedSpans) {
  MustSubmit(MakeDocument("a", ArticleText(10, 20), HeadlineText(10)));
  v1::CompareRequest request;
  request.mutable_a()->set_document_id("a");
  *request.mutable_b()->mutable_document() = MakeDocument("", EditedText(10, 20), HeadlineText(10));
  v1::CompareResponse response;
  grpc::ClientContext context;
  const grpc::Status status = dedup_->Compare(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(response.same_article());
  EXPECT_GT(response.jaccard(), .7);
  EXPECT_GT(response.score(), .5);
  EXPECT_NE(response.rule(), "");
  EXPECT_GT(response.features_size(), 10);
  EXPECT_GT(response.model_version(), 0);
  EXPECT_TRUE(std::any_of(response.features().begin(), response.features().end(),
                          [](const v1::Feature& feature) { return feature.contribution() != 0; }));
  ASSERT_GT(response.shared_size(), 0);
  const std::string a = ArticleText(10, 20);
  const std::string b = EditedText(10, 20);
  const v1::SharedSpan& span = response.shared(0);
  ASSERT_LE(span.a().end(), a.size());
  ASSERT_LE(span.b().end(), b.size());
  EXPECT_EQ(a.substr(span.a().begin(), span.a().end() - span.a().begin()),
            b.substr(span.b().begin(), span.b().end() - span.b().begin()));
  request.set_view(v1::VIEW_BASIC);
  grpc::ClientContext without;
  ASSERT_TRUE(dedup_->Compare(&without, request, &response).ok());
  EXPECT_EQ(response.shared_size(), 0);
}

TEST_F(SubmitTest, AnExpiredDeadlineStopsTheCall) {
  v1::SubmitRequest request;
  *request.mutable_document() = MakeDocument("late", ArticleText(11));
  v1::SubmitResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  EXPECT_EQ(dedup_->Submit(&context, request, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  ExpectUnharmed();
}

}  // namespace
}  // namespace wonbon
