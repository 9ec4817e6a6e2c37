#include "client/import/article.h"

#include <simdjson.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "client/import/line_reader.h"
#include "client/import/timestamp.h"
#include "client/limits.h"

namespace wonbon::client {

namespace ondemand = simdjson::ondemand;

struct ArticleParser::Json {
  ondemand::parser parser;
  // Lists and objects are rare: they are checked in full by a second parser.
  simdjson::dom::parser nested;
};

namespace {

static_assert(kLinePadding >= simdjson::SIMDJSON_PADDING);

absl::Status Reject(std::string reason) { return absl::InvalidArgumentError(std::move(reason)); }

absl::Status NotJson(simdjson::error_code error) {
  if (error == simdjson::UTF8_ERROR) return absl::DataLossError("the line is not UTF-8");
  if (error == simdjson::EMPTY) return Reject("the line is empty");
  return Reject(std::string("not JSON: ") + simdjson::error_message(error));
}

std::string Quoted(std::string_view key) {
  return '"' + std::string(key.substr(0, kMaxLabelKeyBytes)) + '"';
}

std::string_view Trimmed(std::string_view token) {
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  return token;
}

// Text, or nothing for null.
absl::Status ReadText(std::string_view key, ondemand::value value,
                      std::optional<std::string_view>* text) {
  ondemand::json_type type;
  if (auto error = value.type().get(type)) return NotJson(error);
  if (type == ondemand::json_type::null) {
    bool null = false;
    if (auto error = value.is_null().get(null); error || !null) return Reject("not JSON");
    return absl::OkStatus();
  }
  if (type != ondemand::json_type::string) return Reject(Quoted(key) + " must be text");
  std::string_view read;
  if (auto error = value.get_string().get(read)) {
    return Reject(Quoted(key) + ": " + simdjson::error_message(error));
  }
  *text = read;
  return absl::OkStatus();
}

// A number or a boolean as its JSON text.
absl::Status ReadScalarToken(std::string_view key, ondemand::json_type type, ondemand::value value,
                             std::string_view* token) {
  *token = Trimmed(value.raw_json_token());
  if (type == ondemand::json_type::boolean) {
    bool ignored = false;
    if (value.get_bool().get(ignored)) return Reject(Quoted(key) + ": not JSON");
    return absl::OkStatus();
  }
  ondemand::number ignored;
  if (value.get_number().get(ignored)) return Reject(Quoted(key) + ": not a number");
  return absl::OkStatus();
}

absl::Status ReadContentType(std::string_view text, v1::Document* document) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (lower.empty() || lower == "content_type_unspecified") return absl::OkStatus();
  if (lower == "text" || lower == "text/plain" || lower == "content_type_text") {
    document->set_content_type(v1::CONTENT_TYPE_TEXT);
  } else if (lower == "html" || lower == "text/html" || lower == "content_type_html") {
    document->set_content_type(v1::CONTENT_TYPE_HTML);
  } else {
    return Reject("content_type must be text or html, not " + Quoted(text));
  }
  return absl::OkStatus();
}

absl::Status ReadPublishedAt(std::string_view text, v1::Document* document) {
  if (text.empty()) return absl::OkStatus();
  absl::StatusOr<google::protobuf::Timestamp> time = ParseTimestamp(text);
  if (!time.ok()) return Reject("published_at: " + std::string(time.status().message()));
  *document->mutable_published_at() = *std::move(time);
  return absl::OkStatus();
}

absl::Status AddLabel(std::string_view key, std::string_view text, v1::Document* document) {
  if (key.empty() || key.size() > kMaxLabelKeyBytes) {
    return Reject("the key " + Quoted(key) + " becomes a label and must have 1 to " +
                  std::to_string(kMaxLabelKeyBytes) + " bytes");
  }
  if (text.size() > kMaxLabelValueBytes) {
    return Reject("label " + Quoted(key) + " has " + std::to_string(text.size()) +
                  " bytes; at most " + std::to_string(kMaxLabelValueBytes));
  }
  auto& labels = *document->mutable_labels();
  labels[std::string(key)].assign(text);
  if (labels.size() > static_cast<size_t>(kMaxLabels)) {
    return Reject("more than " + std::to_string(kMaxLabels) + " labels");
  }
  return absl::OkStatus();
}

std::string* KnownText(std::string_view key, v1::Document* document) {
  if (key == "title") return document->mutable_title();
  if (key == "body") return document->mutable_body();
  if (key == "publisher") return document->mutable_publisher();
  if (key == "url") return document->mutable_url();
  if (key == "byline") return document->mutable_byline();
  if (key == "section") return document->mutable_section();
  return nullptr;
}

absl::Status ReadId(ondemand::value value, v1::Document* document) {
  ondemand::json_type type;
  if (auto error = value.type().get(type)) return NotJson(error);
  if (type == ondemand::json_type::number) {
    std::string_view token;
    if (absl::Status status = ReadScalarToken("id", type, value, &token); !status.ok()) {
      return status;
    }
    if (token.find_first_of(".eE") != token.npos) return Reject("\"id\" must be text");
    document->mutable_id()->assign(token);
    return absl::OkStatus();
  }
  std::optional<std::string_view> text;
  absl::Status status = ReadText("id", value, &text);
  if (text.has_value()) document->mutable_id()->assign(*text);
  return status;
}

class FieldReader {
 public:
  FieldReader(simdjson::dom::parser* nested, v1::Document* document)
      : nested_(nested), document_(document) {}

  absl::Status Read(std::string_view key, ondemand::value value) {
    if (key == "id") return ReadId(value, document_);
    if (key == "labels") {
      ondemand::json_type type;
      if (auto error = value.type().get(type)) return NotJson(error);
      if (type == ondemand::json_type::object) return ReadLabels(value);
    }
    std::string* const known = KnownText(key, document_);
    const bool special = key == "published_at" || key == "content_type";
    if (known == nullptr && !special) return ReadLabel(key, value);
    std::optional<std::string_view> text;
    if (absl::Status status = ReadText(key, value, &text); !status.ok()) return status;
    if (!text.has_value()) return absl::OkStatus();
    if (known == nullptr) {
      return key == "published_at" ? ReadPublishedAt(*text, document_)
                                   : ReadContentType(*text, document_);
    }
    known->assign(*text);
    return absl::OkStatus();
  }

 private:
  absl::Status ReadLabels(ondemand::value value) {
    ondemand::object object;
    if (auto error = value.get_object().get(object)) return NotJson(error);
    for (auto field : object) {
      std::string_view key;
      ondemand::value entry;
      if (auto error = field.unescaped_key().get(key)) return NotJson(error);
      if (auto error = field.value().get(entry)) return NotJson(error);
      if (absl::Status status = ReadLabel(key, entry); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ReadLabel(std::string_view key, ondemand::value value) {
    ondemand::json_type type;
    if (auto error = value.type().get(type)) return NotJson(error);
    switch (type) {
      case ondemand::json_type::array:
      case ondemand::json_type::object: return ReadNestedLabel(key, value);
      case ondemand::json_type::number:
      case ondemand::json_type::boolean: {
        std::string_view token;
        absl::Status status = ReadScalarToken(key, type, value, &token);
        return status.ok() ? AddLabel(key, token, document_) : status;
      }
      default: {
        std::optional<std::string_view> text;
        absl::Status status = ReadText(key, value, &text);
        if (!status.ok() || !text.has_value()) return status;
        return AddLabel(key, *text, document_);
      }
    }
  }

  absl::Status ReadNestedLabel(std::string_view key, ondemand::value value) {
    std::string_view raw;
    if (auto error = simdjson::to_json_string(value).get(raw)) return NotJson(error);
    simdjson::dom::element element;
    if (auto error = nested_->parse(raw.data(), raw.size()).get(element)) return NotJson(error);
    // Numbers keep their text: only spaces outside of strings go.
    std::string compact(raw.size(), '\0');
    size_t size = 0;
    if (auto error = simdjson::minify(raw.data(), raw.size(), compact.data(), size)) {
      return NotJson(error);
    }
    compact.resize(size);
    return AddLabel(key, compact, document_);
  }

  simdjson::dom::parser* const nested_;
  v1::Document* const document_;
};

}  // namespace

ArticleParser::ArticleParser() : json_(std::make_unique<Json>()) {}
ArticleParser::~ArticleParser() = default;

absl::Status ArticleParser::Parse(std::string_view line, v1::Document* document) {
  ondemand::document json;
  if (auto error =
          json_->parser.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING)
              .get(json)) {
    return NotJson(error);
  }
  ondemand::object object;
  if (auto error = json.get_object().get(object)) {
    return error == simdjson::INCORRECT_TYPE ? Reject("not a JSON object") : NotJson(error);
  }
  FieldReader reader(&json_->nested, document);
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if (auto error = field.unescaped_key().get(key)) return NotJson(error);
    if (auto error = field.value().get(value)) return NotJson(error);
    if (absl::Status status = reader.Read(key, value); !status.ok()) return status;
  }
  // OUT_OF_BOUNDS is what the end of the line looks like.
  if (json.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    return Reject("not JSON: there is more behind the object");
  }
  return absl::OkStatus();
}

absl::Status ParseArticle(std::string_view text, v1::Document* document) {
  std::string padded(text);
  padded.append(kLinePadding, '\0');
  return ArticleParser().Parse(std::string_view(padded).substr(0, text.size()), document);
}

}  // namespace wonbon::client
