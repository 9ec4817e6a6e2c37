// Everything a client can send wrong: the right code, the field, and a server that goes on.
#include <functional>

#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;

class BadInputTest : public RunningServer {
 protected:
  grpc::Status Submit(const v1::SubmitRequest& request) {
    v1::SubmitResponse response;
    grpc::ClientContext context;
    return dedup_->Submit(&context, request, &response);
  }
  grpc::Status Submit(const v1::Document& document) {
    v1::SubmitRequest request;
    *request.mutable_document() = document;
    return Submit(request);
  }
};

TEST_F(BadInputTest, ABadDocumentIsRefusedWithItsField) {
  const struct {
    const char* what;
    std::function<void(v1::Document&)> spoil;
    const char* field;
    const char* description;
  } cases[] = {
      {"empty body", [](auto& d) { d.clear_body(); }, "document.body", ""},
      {"whitespace body", [](auto& d) { d.set_body(" \t\r\n\u3000"); }, "document.body", ""},
      {"punctuation body", [](auto& d) { d.set_body("... !? ---"); }, "document.body", ""},
      {"missing id", [](auto& d) { d.clear_id(); }, "document.id", ""},
      {"over-long id", [](auto& d) { d.set_id(std::string(257, 'x')); }, "document.id", "256"},
      {"invalid body", [](auto& d) { d.set_body("가나다\xc3("); }, "document.body", "byte 9"},
      {"surrogate", [](auto& d) { d.set_title("ab\xed\xa0\x80"); }, "document.title", "byte 2"},
      {"overlong", [](auto& d) { d.set_publisher("\xc0\x80"); }, "document.publisher", "byte 0"},
      {"NUL in body", [](auto& d) { d.set_body(std::string("가\0나", 7)); }, "document.body",
       "NUL"},
      {"NUL in id", [](auto& d) { d.set_id(std::string("a\0b", 3)); }, "document.id", "NUL"},
      {"large body", [](auto& d) { d.set_body(std::string((256 << 10) + 1, 'x')); },
       "document.body", "262144"},
      {"long title", [](auto& d) { d.set_title(std::string(4'097, 'x')); }, "document.title", ""},
      {"year 10000", [](auto& d) { d.mutable_published_at()->set_seconds(253'402'300'800); },
       "document.published_at", "9999"},
      {"bad nanos", [](auto& d) { d.mutable_published_at()->set_nanos(-5); },
       "document.published_at", ""},
      {"65 labels",
       [](auto& d) {
         for (int i = 0; i < 65; ++i) (*d.mutable_labels())["k" + std::to_string(i)] = "v";
       },
       "document.labels", "64"},
      {"300 labels",
       [](auto& d) {
         for (int i = 0; i < 300; ++i) (*d.mutable_labels())["k" + std::to_string(i)] = "v";
       },
       "document.labels", "64"},
  };
  for (const auto& bad : cases) {
    SCOPED_TRACE(bad.what);
    v1::Document document = MakeDocument("bad", ArticleText(1));
    bad.spoil(document);
    const grpc::Status status = Submit(document);
    EXPECT_REFUSED(status, StatusCode::INVALID_ARGUMENT, bad.field);
    EXPECT_THAT(DetailsOf(status).description, HasSubstr(bad.description));
  }
  EXPECT_EQ(Stats().documents(), 0);
  ExpectUnharmed();
}

TEST_F(BadInputTest, AMegabyteOfCombiningMarksIsRefusedOrTakenQuickly) {
  std::string marks = "가";
  while (marks.size() < 1 << 20) marks += "\xcc\x81";
  EXPECT_REFUSED(Submit(MakeDocument("marks", marks)), StatusCode::INVALID_ARGUMENT,
                 "document.body");
  // Within the limit they are text, however silly.
  const absl::Time began = absl::Now();
  Submit(MakeDocument("marks", ArticleText(1) + marks.substr(0, 200 << 10)));
  EXPECT_LT(absl::Now() - began, absl::Seconds(5));
  ExpectUnharmed();
}

TEST_F(BadInputTest, AnHtmlBombIsSurvived) {
  std::string nested;
  while (nested.size() < 200 << 10) nested += "<div>";
  std::string attributes = "<p ";
  while (attributes.size() < 200 << 10) attributes += "a='&amp;&lt;' ";
  std::string open;
  while (open.size() < 200 << 10) open += "<table><tr><td><b><i><a href=x>";
  for (const std::string& bomb : {nested, attributes, open, std::string(200 << 10, '<')}) {
    v1::Document document = MakeDocument("bomb", bomb + ArticleText(1));
    document.set_content_type(v1::CONTENT_TYPE_HTML);
    const absl::Time began = absl::Now();
    Submit(document);
    EXPECT_LT(absl::Now() - began, absl::Seconds(5)) << bomb.substr(0, 20);
  }
  ExpectUnharmed();
}

TEST_F(BadInputTest, AnUnknownCollectionIsNotFoundAndFailsTheWholeBatch) {
  v1::SubmitRequest request;
  request.set_collection("nowhere");
  *request.mutable_document() = MakeDocument("a", ArticleText(1));
  const grpc::Status status = Submit(request);
  EXPECT_REFUSED(status, StatusCode::NOT_FOUND, "");
  EXPECT_EQ(DetailsOf(status).reason, "COLLECTION_NOT_FOUND");
  v1::SubmitBatchRequest batch;
  batch.set_collection("nowhere");
  *batch.add_documents() = MakeDocument("a", ArticleText(1));
  v1::SubmitBatchResponse response;
  grpc::ClientContext context;
  EXPECT_REFUSED(dedup_->SubmitBatch(&context, batch, &response), StatusCode::NOT_FOUND, "");
}

TEST_F(BadInputTest, ABatchPastAThousandIsRefusedWhole) {
  v1::SubmitBatchRequest batch;
  for (int i = 0; i < 1'001; ++i) *batch.add_documents() = MakeDocument("a", "b");
  v1::SubmitBatchResponse response;
  grpc::ClientContext context;
  EXPECT_REFUSED(dedup_->SubmitBatch(&context, batch, &response), StatusCode::INVALID_ARGUMENT,
                 "documents");
  EXPECT_EQ(Stats().documents(), 0);
}

TEST_F(BadInputTest, TooManyFullViewsInABatchAreRefused) {
  v1::SubmitBatchRequest batch;
  batch.set_view(v1::VIEW_FULL);
  for (int i = 0; i < 100; ++i) *batch.add_documents() = MakeDocument("a", "b");
  v1::SubmitBatchResponse response;
  grpc::ClientContext context;
  EXPECT_REFUSED(dedup_->SubmitBatch(&context, batch, &response), StatusCode::INVALID_ARGUMENT,
                 "view");
}

TEST_F(BadInputTest, AnUnknownViewIsRefused) {
  v1::SubmitRequest request;
  *request.mutable_document() = MakeDocument("a", ArticleText(1));
  request.set_view(static_cast<v1::View>(99));
  EXPECT_REFUSED(Submit(request), StatusCode::INVALID_ARGUMENT, "view");
}

TEST_F(BadInputTest, ACompareWithoutASideIsRefused) {
  v1::CompareRequest request;
  request.mutable_a()->set_document_id("nothing");
  v1::CompareResponse response;
  {
    grpc::ClientContext context;
    EXPECT_REFUSED(dedup_->Compare(&context, request, &response), StatusCode::INVALID_ARGUMENT,
                   "b");
  }
  *request.mutable_b()->mutable_document() = MakeDocument("", ArticleText(1));
  {
    grpc::ClientContext context;
    EXPECT_REFUSED(dedup_->Compare(&context, request, &response), StatusCode::NOT_FOUND, "");
  }
  *request.mutable_a()->mutable_document() = MakeDocument("", "...");
  {
    grpc::ClientContext context;
    EXPECT_REFUSED(dedup_->Compare(&context, request, &response), StatusCode::INVALID_ARGUMENT,
                   "a.document.body");
  }
  *request.mutable_a()->mutable_document() = MakeDocument("", "\xff");
  {
    grpc::ClientContext context;
    EXPECT_REFUSED(dedup_->Compare(&context, request, &response), StatusCode::INVALID_ARGUMENT,
                   "a.document.body");
  }
}

TEST_F(BadInputTest, BytesThatAreNoRequestAreRefusedWithDetails) {
  grpc::GenericStub stub(channel_);
  for (const std::string& bytes :
       {std::string("\xff\xff\xff\xff"), std::string("\x0a\x7f"), std::string(1'000'000, '\x0b')}) {
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    auto call = stub.PrepareUnaryCall(&context, "/wonbon.v1.DedupService/Submit", request, &queue);
    call->StartCall();
    grpc::Status status;
    call->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    ASSERT_TRUE(queue.Next(&tag, &ok));
    EXPECT_REFUSED(status, StatusCode::INVALID_ARGUMENT, "");
    EXPECT_EQ(DetailsOf(status).reason, "MALFORMED_MESSAGE");
  }
  ExpectUnharmed();
}

TEST_F(BadInputTest, AMessagePastSixteenMegabytesIsRefused) {
  v1::Document document = MakeDocument("large", std::string(17 << 20, 'x'));
  EXPECT_EQ(Submit(document).error_code(), StatusCode::RESOURCE_EXHAUSTED);
  ExpectUnharmed();
}

TEST_F(BadInputTest, AnUnknownContentTypeIsRefused) {
  v1::Document document = MakeDocument("a", ArticleText(1));
  document.set_content_type(static_cast<v1::ContentType>(99));
  EXPECT_REFUSED(Submit(document), StatusCode::INVALID_ARGUMENT, "document.content_type");
  ExpectUnharmed();
}

}  // namespace
}  // namespace wonbon
