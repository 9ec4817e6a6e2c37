#include "server/http/openapi.h"

#include <set>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "core/views.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/support/log.h"
#include "server/rpc/rpc_table.h"

namespace wonbon::server {
namespace {

using Json = nlohmann::ordered_json;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

struct Embedded {
  std::string_view name;
  std::string_view bytes;
};
// The .proto files with their comments, as protoc writes them.
constexpr Embedded kContract[] = {
#include "contract.inc"
};

template <class Thing>
std::string CommentOf(const Thing& thing) {
  google::protobuf::SourceLocation location;
  if (!thing.GetSourceLocation(&location)) return "";
  const std::string text = absl::StrReplaceAll(location.leading_comments, {{"\n ", "\n"}});
  return std::string(absl::StripAsciiWhitespace(text));
}

// With what each value stands for.
std::string CommentOf(const EnumDescriptor& type) {
  std::string text = CommentOf<EnumDescriptor>(type);
  for (int i = 0; i < type.value_count(); ++i) {
    absl::StrAppend(&text, "\n- `", type.value(i)->name(), "`: ", CommentOf(*type.value(i)));
  }
  return text;
}

Json Described(Json schema, const std::string& description) {
  if (!description.empty()) schema["description"] = description;
  return schema;
}

Json Whole(const char* format) { return {{"type", "integer"}, {"format", format}}; }
Json Text(const char* format) { return {{"type", "string"}, {"format", format}}; }

// What proto3 JSON makes of messages that it knows; null of any other.
Json WellKnown(const std::string& type) {
  if (type == "google.protobuf.Timestamp") return Text("date-time");
  if (type == "google.protobuf.Duration") {
    return {{"type", "string"}, {"pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$"}};
  }
  if (type == "google.protobuf.FieldMask") return {{"type", "string"}};
  if (type == "google.protobuf.Any") {
    return {{"type", "object"}, {"properties", {{"@type", {{"type", "string"}}}}}};
  }
  return nullptr;
}

// The schemas of messages and enums that paths lead to.
class Schemas {
 public:
  // A reference to it.
  template <class Type>
  Json Of(const Type& type) {
    if (seen_.insert(type.full_name()).second) {
      Json schema = Described(Write(type), CommentOf(type));  // may add others
      schemas_[type.full_name()] = std::move(schema);
    }
    return {{"$ref", absl::StrCat("#/components/schemas/", type.full_name())}};
  }
  Json Take() { return std::move(schemas_); }

 private:
  Json Write(const Descriptor& message) {
    Json properties = Json::object();
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      properties[field.json_name()] = Described(OfField(field), CommentOf(field));
    }
    return {{"type", "object"}, {"properties", std::move(properties)}};
  }

  static Json Write(const EnumDescriptor& type) {
    Json names = Json::array();
    for (int i = 0; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
    return {{"type", "string"}, {"enum", std::move(names)}};
  }

  Json OfField(const FieldDescriptor& field) {
    if (field.is_map()) {
      return {{"type", "object"},
              {"additionalProperties", OfValue(*field.message_type()->map_value())}};
    }
    if (field.is_repeated()) return {{"type", "array"}, {"items", OfValue(field)}};
    return OfValue(field);
  }

  Json OfValue(const FieldDescriptor& field) {
    switch (field.type()) {
      case FieldDescriptor::TYPE_BOOL: return {{"type", "boolean"}};
      case FieldDescriptor::TYPE_DOUBLE:
      case FieldDescriptor::TYPE_FLOAT: return {{"type", "number"}};
      case FieldDescriptor::TYPE_BYTES:
        return {{"type", "string"}, {"contentEncoding", "base64"}};
      case FieldDescriptor::TYPE_ENUM: return Of(*field.enum_type());
      case FieldDescriptor::TYPE_MESSAGE: {
        Json known = WellKnown(field.message_type()->full_name());
        return known.is_null() ? Of(*field.message_type()) : known;
      }
      case FieldDescriptor::TYPE_STRING: return {{"type", "string"}};
      default: break;
    }
    // JavaScript's numbers do not hold them: JSON has them as text.
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64) return Text("int64");
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64) return Text("uint64");
    return Whole(field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ? "uint32" : "int32");
  }

  std::set<std::string> seen_;
  Json schemas_ = Json::object();
};

Json InJson(Json schema) {
  return {{"application/json", {{"schema", std::move(schema)}}}};
}

Json Responses(Json ok) {
  return {{"200", {{"description", "OK"}, {"content", std::move(ok)}}},
          {"default", {{"$ref", "#/components/responses/Error"}}}};
}

Json Operation(const MethodDescriptor& method) {
  return Described({{"operationId", absl::StrCat(method.service()->name(), "_", method.name())},
                    {"tags", {method.service()->name()}},
                    {"summary", method.name()}},
                   CommentOf(method));
}

Json PathOf(const MethodDescriptor& method, Schemas& schemas) {
  Json operation = Operation(method);
  Json response = schemas.Of(*method.output_type());
  if (!method.server_streaming()) {
    operation["requestBody"] = {{"required", true},
                                {"content", InJson(schemas.Of(*method.input_type()))}};
    operation["responses"] = Responses(InJson(std::move(response)));
    return {{"post", std::move(operation)}};
  }
  const auto parameter = [](const char* name, const char* in, const char* what) -> Json {
    return {{"name", name},
            {"in", in},
            {"description", what},
            {"schema", {{"type", "string"}}}};
  };
  operation["parameters"] = {
      parameter("collection", "query", "Whose clusters; empty means \"default\"."),
      parameter("after", "query",
                "Events with a greater sequence are sent. Unset: from now on; 0: from the first."),
      parameter("Last-Event-ID", "header", "Goes before `after`: the id of the last event seen.")};
  operation["responses"] = Responses({{"text/event-stream",
                                       {{"schema", {{"type", "string"}}},
                                        {"x-data", std::move(response)}}}});
  return {{"get", std::move(operation)}};
}

Json ErrorResponse() {
  const Json text = {{"type", "string"}};
  const Json detail = {{"type", "object"},
                       {"properties",
                        {{"type", text},
                         {"value", {{"type", "string"}, {"contentEncoding", "base64"}}},
                         {"debug", {{"type", "object"}}}}}};
  return {{"description",
           "What went wrong: `code` is gRPC's, in lower case; `details` are google.rpc messages, "
           "readable in `debug`: ErrorInfo says the reason (wonbon.v1.ErrorReason), BadRequest the "
           "field, RetryInfo when to try again."},
          {"content", InJson({{"type", "object"},
                              {"properties",
                               {{"code", text},
                                {"message", text},
                                {"details", {{"type", "array"}, {"items", detail}}}}}})}};
}

std::string Make() {
  google::protobuf::FileDescriptorSet files;
  GPR_ASSERT(files.ParseFromArray(kContract[0].bytes.data(),
                                  static_cast<int>(kContract[0].bytes.size())));
  google::protobuf::DescriptorPool pool;
  for (const google::protobuf::FileDescriptorProto& file : files.file()) pool.BuildFile(file);
  Schemas schemas;
  Json paths = Json::object();
  for (const Rpc& rpc : RpcTable()) {
    const MethodDescriptor* const method =
        pool.FindMethodByName(absl::StrCat(Absl(rpc.service), ".", Absl(rpc.method)));
    GPR_ASSERT(method != nullptr);
    if (method->client_streaming()) continue;
    paths[absl::StrCat("/", Absl(rpc.service), "/", Absl(rpc.method))] = PathOf(*method, schemas);
  }
  const Json page = {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "wonbon"},
        {"version", WONBON_VERSION},
        {"description", "Near-duplicate detection for Korean news. Requests and responses are the "
                        "messages of wonbon.v1 in proto3 JSON."}}},
      {"servers", {{{"url", "/"}}}},
      {"security", {Json::object(), {{"bearer", Json::array()}}, {{"apiKey", Json::array()}}}},
      {"paths", std::move(paths)},
      {"components",
       {{"schemas", schemas.Take()},
        {"responses", {{"Error", ErrorResponse()}}},
        {"securitySchemes",
         {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
          {"apiKey", {{"type", "apiKey"}, {"in", "header"}, {"name", "x-api-key"}}}}}}}};
  return page.dump(1) + "\n";
}

}  // namespace

void AddOpenApi(HttpRoutes& routes) {
  routes.Add("GET", "/openapi.json", [](const HttpRequest&) {
    static const std::string* const page = new std::string(Make());  // takes milliseconds
    return HttpReply{.content_type = "application/json", .body = *page};
  });
}

}  // namespace wonbon::server
