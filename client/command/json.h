// Answers as JSON: fields by their names in the contract, enum values without their prefix
// ("NEAR"), times as RFC 3339, 64-bit numbers as numbers.
#pragma once

#include <google/protobuf/message.h>

#include <nlohmann/json.hpp>
#include <string>

namespace wonbon::client {

using Json = nlohmann::ordered_json;

// Numbers, texts, booleans and enums always; messages where they are set; lists and maps always.
Json ToJson(const google::protobuf::Message& message);

// "NEAR" for RELATION_NEAR: the value's name without the name of its enum.
std::string BareName(const google::protobuf::EnumValueDescriptor& value);

template <typename Enum>
std::string BareName(Enum value) {
  const auto* descriptor = google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value);
  return descriptor == nullptr ? std::to_string(static_cast<int>(value)) : BareName(*descriptor);
}

// On one line. Bytes that are not UTF-8 become U+FFFD.
std::string Dump(const Json& json);
// Indented.
std::string Pretty(const Json& json);

}  // namespace wonbon::client
