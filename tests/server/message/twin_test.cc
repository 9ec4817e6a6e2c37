// The private twin of the messages that carry documents (proto/make_twin) has the contract's wire
// form.
#include <gtest/gtest.h>

#include <string>

#include "server/message/wire.h"
#include "wonbon/v1/submission.pb.h"
#include "wonbon/v1/wire/submission.pb.h"

namespace wonbon::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

// An enum travels as an int32 does.
FieldDescriptor::Type WireType(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_ENUM ? FieldDescriptor::TYPE_INT32 : field.type();
}

void ExpectSameWireForm(const Descriptor& contract, const Descriptor& twin) {
  SCOPED_TRACE(contract.full_name());
  EXPECT_EQ(PublicName(twin), contract.full_name());
  ASSERT_EQ(twin.field_count(), contract.field_count());
  for (int i = 0; i < contract.field_count(); ++i) {
    const FieldDescriptor& field = *contract.field(i);
    const FieldDescriptor* same = twin.FindFieldByNumber(field.number());
    ASSERT_NE(same, nullptr) << field.full_name();
    EXPECT_EQ(same->name(), field.name());
    EXPECT_EQ(WireType(*same), WireType(field)) << field.full_name();
    EXPECT_EQ(same->is_repeated(), field.is_repeated()) << field.full_name();
    EXPECT_EQ(same->is_packed(), field.is_packed()) << field.full_name();
    EXPECT_EQ(same->real_containing_oneof() != nullptr, field.real_containing_oneof() != nullptr);
    if (field.message_type() != nullptr) {
      EXPECT_EQ(PublicName(*same->message_type()), field.message_type()->full_name());
    }
  }
}

void ExpectSameWireForm(const FileDescriptor& contract, const FileDescriptor& twin) {
  ASSERT_EQ(twin.message_type_count(), contract.message_type_count());
  for (int i = 0; i < contract.message_type_count(); ++i) {
    ExpectSameWireForm(*contract.message_type(i), *twin.message_type(i));
  }
}

TEST(TwinTest, HasTheWireFormOfTheContract) {
  ExpectSameWireForm(*v1::Document::descriptor()->file(),
                     *v1::wire::Document::descriptor()->file());
  ExpectSameWireForm(*v1::SubmitRequest::descriptor()->file(),
                     *v1::wire::SubmitRequest::descriptor()->file());
}

TEST(TwinTest, ClientsHaveProto3WhereTheServerHasProto2) {
  EXPECT_EQ(v1::Document::descriptor()->file()->syntax(), FileDescriptor::SYNTAX_PROTO3);
  EXPECT_EQ(v1::wire::Document::descriptor()->file()->syntax(), FileDescriptor::SYNTAX_PROTO2);
  EXPECT_EQ(v1::wire::SubmitRequest::descriptor()->FindFieldByName("document")->message_type(),
            v1::wire::Document::descriptor());
}

}  // namespace
}  // namespace wonbon::server
