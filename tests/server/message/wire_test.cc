#include "server/message/wire.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "google/protobuf/util/message_differencer.h"
#include "server/message/status.h"
#include "wonbon/v1/collection_service.pb.h"
#include "wonbon/v1/dedup_service.pb.h"
#include "wonbon/v1/wire/submission.pb.h"

namespace wonbon::server {
namespace {

grpc::ByteBuffer Bytes(const std::string& text) {
  const grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

TEST(WireTest, AMessageSurvivesTheTrip) {
  v1::wire::SubmitBatchRequest request;
  request.set_collection("news");
  for (int i = 0; i < 1'000; ++i) {
    v1::wire::Document& document = *request.add_documents();
    document.set_id(std::to_string(i));
    document.set_body("본문");
    (*document.mutable_labels())["k"] = "v";
  }
  v1::wire::SubmitBatchRequest parsed;
  ASSERT_TRUE(Parse(Serialize(request), parsed).ok());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(request, parsed));
}

TEST(WireTest, BytesThatAreNoMessageAreRefusedWithAReason) {
  v1::wire::SubmitRequest request;
  for (const std::string& bytes :
       {std::string("\x0a\xff"), std::string("\x12\x05\x0a\xff"), std::string("\xff\xff\xff"),
        std::string("\x0b")}) {
    const absl::Status status = Parse(Bytes(bytes), request);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(Reason(status), "MALFORMED_MESSAGE");
    EXPECT_TRUE(absl::StartsWith(status.message(), "the request is not a well-formed wonbon.v1."));
    EXPECT_FALSE(absl::StrContains(status.message(), "wire")) << "the twin is private";
  }
}

TEST(WireTest, InvalidUtf8OfADocumentIsLeftToTheEngine) {
  v1::wire::SubmitRequest request;
  request.mutable_document()->set_title("\xff\xfe");
  v1::wire::SubmitRequest parsed;
  ASSERT_TRUE(Parse(Serialize(request), parsed).ok());
  EXPECT_EQ(parsed.document().title(), "\xff\xfe");
}

TEST(WireTest, TextOutsideDocumentsThatIsNoUtf8IsRefusedWithItsField) {
  // Assembled by hand: the library would not serialize it.
  v1::GetDocumentRequest get;
  absl::Status status = Parse(Bytes("\x0a\x04news\x12\x03" "a\xff" "b"), get);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "document_id: is not valid UTF-8 at byte 1");
  EXPECT_EQ(Reason(status), "INVALID_FIELD");
  v1::BatchGetDocumentsRequest batch;
  status = Parse(Bytes("\x12\x01" "a" "\x12\x02" "b\xed"), batch);
  EXPECT_EQ(status.message(), "document_ids[1]: is not valid UTF-8 at byte 1");
  v1::CreateCollectionRequest nested;
  nested.set_name("x");
  nested.mutable_settings()->add_wire_publishers("QQ");
  std::string bytes = nested.SerializeAsString();
  bytes.replace(bytes.find("QQ"), 2, "\xc0\x80");
  EXPECT_EQ(Parse(Bytes(bytes), nested).message(),
            "settings.wire_publishers[0]: is not valid UTF-8 at byte 0");
}

TEST(WireTest, MillionsOfEmptyDocumentsAreRefusedUnparsed) {
  std::string bytes;
  for (int i = 0; i < 4'000'000; ++i) bytes += std::string("\x12\x00", 2);
  v1::wire::SubmitBatchRequest request;
  const absl::Status status = Parse(Bytes(bytes), request);
  EXPECT_EQ(status.message(), "documents: at most 1000 in one call");
  EXPECT_EQ(request.documents_size(), 0);
}

TEST(WireTest, MillionsOfLabelsAreRefusedUnparsed) {
  std::string labels;
  for (int i = 0; i < 300; ++i) labels += std::string("\x52\x03\x0a\x01", 4) + char('A' + i % 26);
  v1::wire::SubmitBatchRequest request;
  request.add_documents()->set_id("a");
  std::string bytes = request.SerializeAsString();
  bytes += '\x12';
  bytes += static_cast<char>(0x80 | (labels.size() & 0x7F));
  bytes += static_cast<char>(labels.size() >> 7);
  bytes += labels;
  EXPECT_EQ(Parse(Bytes(bytes), request).message(), "documents[1].labels: more than 64 labels");
}

TEST(WireTest, MillionsOfUnknownFieldsAreRefusedUnparsed) {
  std::string bytes;
  for (int i = 0; i < 1'000'000; ++i) bytes += std::string("\x78\x01", 2);
  v1::GetDocumentRequest request;
  EXPECT_EQ(Reason(Parse(Bytes(bytes), request)), "MALFORMED_MESSAGE");
}

TEST(WireTest, MillionsOfIdsAreRefusedUnparsed) {
  std::string bytes;
  for (int i = 0; i < 1'001; ++i) bytes += std::string("\x12\x00", 2);
  v1::BatchGetDocumentsRequest request;
  EXPECT_EQ(Parse(Bytes(bytes), request).message(), "document_ids: at most 1000 in one call");
}

}  // namespace
}  // namespace wonbon::server
