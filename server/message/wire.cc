#include "server/message/wire.h"

#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/text/utf8.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver_util.h"
#include "google/protobuf/wire_format_lite.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/proto_buffer_writer.h"
#include "server/limits.h"
#include "server/message/ill_formed_text.h"
#include "wonbon/v1/wire/document.pb.h"

namespace wonbon::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

absl::Status Malformed(const Descriptor& type) {
  return MakeError(absl::StatusCode::kInvalidArgument, {.reason = ErrorReason::kMalformedMessage},
                   absl::StrCat("the request is not a well-formed ", PublicName(type)));
}

// Walks the fields of one message, and those of the messages in it that lead to documents.
class ShapeCheck {
 public:
  explicit ShapeCheck(CodedInputStream& input) : input_(input) {}

  absl::Status Check(const Descriptor& type, const std::string& path) {
    const bool is_document = &type == v1::wire::Document::descriptor();
    size_t fields = 0;
    size_t elements = 0;
    size_t entries = 0;
    while (const uint32_t tag = input_.ReadTag()) {
      const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      const bool element = field != nullptr && field->is_repeated() && !field->is_map();
      if (element && ++elements > kMaxBatchDocuments) {
        return InvalidField(Inside(path, *field),
                            absl::StrCat("at most ", kMaxBatchDocuments, " in one call"));
      }
      const bool entry = field != nullptr && field->is_map() && !is_document;
      if (entry && ++entries > kMaxBatchDocuments) {
        return InvalidField(Inside(path, *field),
                            absl::StrCat("at most ", kMaxBatchDocuments, " in one call"));
      }
      if (!element && !entry && ++fields > kMaxFieldsPerMessage) {
        if (!is_document) return Malformed(type);
        return InvalidField(absl::StrCat(path, ".labels"),
                            absl::StrCat("more than ", kMaxLabels, " labels"));
      }
      if (field != nullptr && LeadsToDocuments(*field) &&
          WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
        std::string inside = Inside(path, *field);
        if (element) absl::StrAppend(&inside, "[", elements - 1, "]");
        const absl::Status nested = CheckNested(*field, inside);
        if (!nested.ok()) return nested;
      } else if (!WireFormatLite::SkipField(&input_, tag)) {
        return Malformed(type);
      }
    }
    return absl::OkStatus();
  }

 private:
  static bool LeadsToDocuments(const FieldDescriptor& field) {
    if (field.type() != FieldDescriptor::TYPE_MESSAGE || field.is_map()) return false;
    return absl::StartsWith(field.message_type()->full_name(), "wonbon.v1.");
  }

  static std::string Inside(const std::string& path, const FieldDescriptor& field) {
    return path.empty() ? field.name() : absl::StrCat(path, ".", field.name());
  }

  absl::Status CheckNested(const FieldDescriptor& field, const std::string& path) {
    uint32_t length = 0;
    if (!input_.ReadVarint32(&length)) return Malformed(*field.containing_type());
    const auto limit = input_.PushLimit(static_cast<int>(length));
    const absl::Status status = Check(*field.message_type(), path);
    input_.PopLimit(limit);
    return status;
  }

  CodedInputStream& input_;
};

// The types of the contract, for protobuf's JSON.
google::protobuf::util::TypeResolver& Types() {
  static google::protobuf::util::TypeResolver* const types =
      google::protobuf::util::NewTypeResolverForDescriptorPool(
          "type.googleapis.com", google::protobuf::DescriptorPool::generated_pool());
  return *types;
}

// What is wrong with bytes that protobuf refused.
absl::Status WhyRefused(const Descriptor& type, grpc::ByteBuffer& bytes) {
  grpc::ProtoBufferReader reader(&bytes);
  CodedInputStream input(&reader);
  return FindIllFormedText(type, input).value_or(Malformed(type));
}

}  // namespace

absl::Status Parse(grpc::ByteBuffer bytes, google::protobuf::Message& message) {
  const Descriptor& type = *message.GetDescriptor();
  {
    grpc::ProtoBufferReader reader(&bytes);
    if (!reader.status().ok()) return Malformed(type);
    CodedInputStream input(&reader);
    const absl::Status shape = ShapeCheck(input).Check(type, "");
    if (!shape.ok()) return shape;
  }
  bool parsed = false;
  {
    grpc::ProtoBufferReader reader(&bytes);
    parsed = reader.status().ok() && message.ParseFromZeroCopyStream(&reader);
  }
  return parsed ? absl::OkStatus() : WhyRefused(type, bytes);
}

namespace {

// Of objects, lists and what is in them; protobuf reads strings in either kind of quotes.
size_t CountValues(std::string_view json) {
  size_t values = 0;
  char quote = 0;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quote != 0) {
      if (c == '\\') ++i;
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else {
      values += static_cast<size_t>(c == ',' || c == '[' || c == '{');
    }
  }
  return values;
}

// What is wrong with the text, whatever the message; empty where nothing is.
std::string Unreadable(std::string_view json) {
  const size_t bad = FindInvalidUtf8(json);
  if (bad < json.size()) return absl::StrCat("is not valid UTF-8 at byte ", bad);
  if (CountValues(json) <= kMaxJsonValues) return "";
  return absl::StrCat("has more than ", kMaxJsonValues, " values");
}

}  // namespace

absl::Status ParseJson(grpc::ByteBuffer bytes, google::protobuf::Message& message) {
  const std::string name = PublicName(*message.GetDescriptor());
  grpc::Slice text;
  if (!bytes.DumpToSingleSlice(&text).ok()) return Malformed(*message.GetDescriptor());
  bytes.Clear();
  const std::string_view json(reinterpret_cast<const char*>(text.begin()), text.size());
  std::string why = Unreadable(json);
  grpc::Slice binary;
  if (why.empty()) {
    std::string converted;
    const auto status = google::protobuf::util::JsonToBinaryString(
        &Types(), absl::StrCat("type.googleapis.com/", name),
        {json.data(), json.size()}, &converted);
    why = status.message().ToString();
    binary = grpc::Slice(converted);
  }
  if (!why.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, {.reason = ErrorReason::kMalformedMessage},
                     absl::StrCat("the request is no JSON of a ", name, ": ", why));
  }
  return Parse(grpc::ByteBuffer(&binary, 1), message);
}

std::string PublicName(const Descriptor& type) {
  return absl::StrReplaceAll(type.full_name(), {{"wonbon.v1.wire.", "wonbon.v1."}});
}

grpc::ByteBuffer Serialize(const google::protobuf::Message& message) {
  grpc::ByteBuffer bytes;
  bool own_buffer = false;
  const grpc::Status status =
      grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(message, &bytes,
                                                                                 &own_buffer);
  GPR_ASSERT(status.ok());
  return bytes;
}

absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (status.ok()) return json;
  return absl::InternalError(
      absl::StrCat("the answer cannot be written as JSON: ", status.message().ToString()));
}

}  // namespace wonbon::server
