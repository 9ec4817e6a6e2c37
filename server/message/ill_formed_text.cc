#include "server/message/ill_formed_text.h"

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/text/utf8.h"
#include "google/protobuf/wire_format_lite.h"

namespace wonbon::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

class TextWalk {
 public:
  explicit TextWalk(CodedInputStream& input) : input_(input) {}

  // False where the walk is over: something was found, or the bytes cannot be read.
  bool Walk(const Descriptor& type, const std::string& path) {
    std::map<int, size_t> elements;  // seen so far, by field number
    while (const uint32_t tag = input_.ReadTag()) {
      const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      const bool delimited =
          WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
      if (field == nullptr || !delimited || !LeadsToText(*field)) {
        if (!WireFormatLite::SkipField(&input_, tag)) return false;
        continue;
      }
      std::string inside = path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
      if (field->is_repeated() && !field->is_map()) {
        absl::StrAppend(&inside, "[", elements[field->number()]++, "]");
      }
      if (!Value(*field, inside)) return false;
    }
    return true;
  }

  const std::optional<absl::Status>& found() const { return found_; }

 private:
  static bool LeadsToText(const FieldDescriptor& field) {
    if (field.type() == FieldDescriptor::TYPE_MESSAGE) return true;
    return field.type() == FieldDescriptor::TYPE_STRING &&
           field.file()->syntax() == FileDescriptor::SYNTAX_PROTO3;
  }

  bool Value(const FieldDescriptor& field, const std::string& path) {
    uint32_t length = 0;
    if (!input_.ReadVarint32(&length)) return false;
    if (field.type() == FieldDescriptor::TYPE_STRING) return Text(static_cast<int>(length), path);
    const auto limit = input_.PushLimit(static_cast<int>(length));
    const bool go_on = Walk(*field.message_type(), path);
    input_.PopLimit(limit);
    return go_on;
  }

  bool Text(int length, const std::string& path) {
    std::string text;
    if (!input_.ReadString(&text, length)) return false;
    const size_t bad = FindInvalidUtf8(text);
    if (bad == text.size()) return true;
    found_ = InvalidField(path, absl::StrCat("is not valid UTF-8 at byte ", bad));
    return false;
  }

  CodedInputStream& input_;
  std::optional<absl::Status> found_;
};

}  // namespace

std::optional<absl::Status> FindIllFormedText(const Descriptor& type, CodedInputStream& input) {
  TextWalk walk(input);
  walk.Walk(type, "");
  return walk.found();
}

}  // namespace wonbon::server
