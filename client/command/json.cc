#include "client/command/json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include <cctype>

#include "client/import/timestamp.h"

namespace wonbon::client {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

Json MessageToJson(const Message& message) {
  // Well-known types are of one class here: messages come from generated code.
  if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
    return FormatTimestamp(*time);
  }
  if (const auto* duration = dynamic_cast<const google::protobuf::Duration*>(&message)) {
    return google::protobuf::util::TimeUtil::ToString(*duration);
  }
  return ToJson(message);
}

Json SingleToJson(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: return reflection->GetInt32(message, field);
    case FieldDescriptor::CPPTYPE_INT64: return reflection->GetInt64(message, field);
    case FieldDescriptor::CPPTYPE_UINT32: return reflection->GetUInt32(message, field);
    case FieldDescriptor::CPPTYPE_UINT64: return reflection->GetUInt64(message, field);
    case FieldDescriptor::CPPTYPE_DOUBLE: return reflection->GetDouble(message, field);
    case FieldDescriptor::CPPTYPE_FLOAT: return reflection->GetFloat(message, field);
    case FieldDescriptor::CPPTYPE_BOOL: return reflection->GetBool(message, field);
    case FieldDescriptor::CPPTYPE_ENUM: return BareName(*reflection->GetEnum(message, field));
    case FieldDescriptor::CPPTYPE_STRING: return reflection->GetString(message, field);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageToJson(reflection->GetMessage(message, field));
  }
  return nullptr;
}

Json RepeatedToJson(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  const int size = reflection->FieldSize(message, field);
  Json list = Json::array();
  for (int i = 0; i < size; ++i) {
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        list.push_back(MessageToJson(reflection->GetRepeatedMessage(message, field, i)));
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        list.push_back(BareName(*reflection->GetRepeatedEnum(message, field, i)));
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        list.push_back(reflection->GetRepeatedString(message, field, i));
        break;
      default: break;  // the contract has no lists of numbers
    }
  }
  return list;
}

// The contract has only maps of text to text.
Json MapToJson(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  nlohmann::json sorted = nlohmann::json::object();
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    const Message& entry = reflection->GetRepeatedMessage(message, field, i);
    const auto* type = entry.GetDescriptor();
    const Reflection* inner = entry.GetReflection();
    sorted[inner->GetString(entry, type->map_key())] = inner->GetString(entry, type->map_value());
  }
  return sorted;
}

}  // namespace

Json ToJson(const Message& message) {
  Json json = Json::object();
  const auto* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->is_map()) {
      json[field->name()] = MapToJson(message, field);
    } else if (field->is_repeated()) {
      json[field->name()] = RepeatedToJson(message, field);
    } else if (!field->has_presence() || message.GetReflection()->HasField(message, field)) {
      json[field->name()] = SingleToJson(message, field);
    }
  }
  return json;
}

std::string BareName(const google::protobuf::EnumValueDescriptor& value) {
  std::string prefix;
  for (const char c : value.type()->name()) {
    if (std::isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  prefix += '_';
  const std::string& name = value.name();
  return name.compare(0, prefix.size(), prefix) == 0 ? name.substr(prefix.size()) : name;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Pretty(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace wonbon::client
