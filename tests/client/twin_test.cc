#include "client/twin.h"

#include <gtest/gtest.h>

#include "google/protobuf/util/message_differencer.h"

namespace wonbon::client {
namespace {

using google::protobuf::util::MessageDifferencer;

v1::Document FullDocument() {
  v1::Document document;
  document.set_id("a-1");
  document.set_title("제목");
  document.set_body("본문입니다");
  document.set_content_type(v1::CONTENT_TYPE_HTML);
  document.set_publisher("신문");
  document.set_url("https://example.kr/1");
  document.mutable_published_at()->set_seconds(1'000);
  document.set_byline("기자");
  document.set_section("정치");
  (*document.mutable_labels())["a"] = "1";
  return document;
}

TEST(TwinTest, EveryFieldGoesOverAndComesBack) {
  const v1::Document sent = FullDocument();
  std::vector<const google::protobuf::FieldDescriptor*> set;
  sent.GetReflection()->ListFields(sent, &set);
  ASSERT_EQ(set.size(), static_cast<size_t>(v1::Document::descriptor()->field_count()))
      << "a field of Document that this test does not know";
  v1::Document document = sent;
  v1::wire::Document twin;
  Swap(document, twin);
  EXPECT_TRUE(MessageDifferencer::Equals(document, v1::Document()));
  v1::Document on_the_wire;
  ASSERT_TRUE(on_the_wire.ParseFromString(twin.SerializeAsString()));
  EXPECT_TRUE(MessageDifferencer::Equals(on_the_wire, sent));
  Swap(document, twin);
  EXPECT_TRUE(MessageDifferencer::Equals(document, sent));
}

}  // namespace
}  // namespace wonbon::client
