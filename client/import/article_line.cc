#include "client/import/article_line.h"

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

struct ArticleLineParser::Json {
  ondemand::parser parser;
  // Lists and objects are rare: they are checked in full by a second parser.
  simdjson::dom::parser nested;
};

namespace {

static_assert(kLinePadding >= simdjson::SIMDJSON_PADDING);

absl::Status Reject(const std::string& reason) { return absl::InvalidArgumentError(reason); }

absl::Status NotJson(simdjson::error_code error) {
  if (error == simdjson::UTF8_ERROR) return absl::DataLossError("the line is not UTF-8");
  if (error == simdjson::EMPTY) return Reject("the line is empty");
  return Reject(std::string("not JSON: ") + simdjson::error_message(error));
}

std::string Quoted(std::string_view key) {
  return '"' + std::string(key.substr(0, kMaxLabelKeyBytes)) + '"';
}

// The same, naming the key where it does not yet.
absl::Status AtKey(std::string_view key, const absl::Status& status) {
  const std::string quoted = Quoted(key);
  if (status.code() != absl::StatusCode::kInvalidArgument ||
      status.message().find(absl::string_view(quoted.data(), quoted.size())) !=
          absl::string_view::npos) {
    return status;
  }
  return Reject(quoted + ": " + std::string(status.message()));
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

// The fields that a line may have, with what each is called.
std::string* KnownText(std::string_view field, v1::Document* document) {
  if (field == "title") return document->mutable_title();
  if (field == "body") return document->mutable_body();
  if (field == "publisher") return document->mutable_publisher();
  if (field == "url") return document->mutable_url();
  if (field == "byline") return document->mutable_byline();
  if (field == "section") return document->mutable_section();
  return nullptr;
}

bool IsField(std::string_view name) {
  v1::Document document;
  return name == "id" || name == "published_at" || name == "content_type" || name == "labels" ||
         KnownText(name, &document) != nullptr;
}

// What a line that is not an object looks like, and what helps.
absl::Status NotAnObject(std::string_view line) {
  const size_t first = line.find_first_not_of(" \t");
  const char begin = first == line.npos ? ' ' : line[first];
  if (begin == '[' || begin == ']') {
    return Reject(
        "a list, not an object: one article a line is needed; jq -c '.[]' FILE | wonbon import -");
  }
  if (begin != '{') {
    return Reject(
        "not a JSON object: an article is one line, {\"id\":…,\"title\":…,\"body\":…}");
  }
  return Reject("not a JSON object");
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
  FieldReader(const ArticleLineFormat& format, simdjson::dom::parser* nested,
              v1::Document* document, ArticleLineNotes* notes)
      : format_(format), nested_(nested), document_(document), notes_(notes) {}

  absl::Status Read(std::string_view key, ondemand::value value) {
    const std::string_view field = FieldOf(key);
    if (field == "id") return ReadId(value, document_);
    if (field == "labels") {
      ondemand::json_type type;
      if (auto error = value.type().get(type)) return NotJson(error);
      if (type == ondemand::json_type::object) return ReadLabels(value);
    }
    if (field == "published_at") return ReadPublishedAt(key, value);
    std::string* const known = KnownText(field, document_);
    if (known == nullptr && field != "content_type") {
      return ReadLabel(key, value, Room::kLeaveOut);
    }
    std::optional<std::string_view> text;
    if (absl::Status status = ReadText(key, value, &text); !status.ok()) return status;
    if (!text.has_value()) return absl::OkStatus();
    if (known == nullptr) return ReadContentType(*text, document_);
    known->assign(*text);
    return absl::OkStatus();
  }

 private:
  // What becomes of an entry that no label has room for: one that the author called a label is an
  // error, a key that merely stands in the file is left out.
  enum class Room { kReject, kLeaveOut };

  // The field that a key of the file stands for; "" for none.
  std::string_view FieldOf(std::string_view key) const {
    const auto mapped = format_.field_of_key.find(key);
    if (mapped != format_.field_of_key.end()) return mapped->second;
    for (const auto& [other, field] : format_.field_of_key) {
      if (field == key) return "";
    }
    return key;
  }

  absl::Status ReadPublishedAt(std::string_view key, ondemand::value value) {
    ondemand::json_type type;
    if (auto error = value.type().get(type)) return NotJson(error);
    std::optional<std::string_view> text;
    if (type == ondemand::json_type::number) {
      std::string_view token;
      absl::Status status = ReadScalarToken(key, type, value, &token);
      if (!status.ok()) return status;
      text = token;
    } else if (absl::Status status = ReadText(key, value, &text); !status.ok()) {
      return status;
    }
    if (!text.has_value() || text->empty()) return absl::OkStatus();
    absl::StatusOr<ParsedTime> parsed = ParseTime(*text, format_.zone);
    if (!parsed.ok()) {
      return Reject(Quoted(key) + ": " + std::string(parsed.status().message()));
    }
    notes_->zone_assumed = parsed->zone_assumed;
    *document_->mutable_published_at() = parsed->time;
    return absl::OkStatus();
  }

  absl::Status AddLabel(std::string_view key, std::string_view text, Room room) {
    auto& labels = *document_->mutable_labels();
    std::string why;
    if (key.empty() || key.size() > kMaxLabelKeyBytes) {
      why = "the key " + Quoted(key) + " becomes a label and must have 1 to " +
            std::to_string(kMaxLabelKeyBytes) + " bytes";
    } else if (text.size() > kMaxLabelValueBytes) {
      why = "label " + Quoted(key) + " has " + std::to_string(text.size()) + " bytes; at most " +
            std::to_string(kMaxLabelValueBytes);
    } else if (labels.size() >= static_cast<size_t>(kMaxLabels) &&
               !labels.contains(std::string(key))) {
      why = "label " + Quoted(key) + ": more than " + std::to_string(kMaxLabels) + " labels";
    }
    if (why.empty()) {
      labels[std::string(key)].assign(text);
      if (room == Room::kLeaveOut) notes_->labels.emplace_back(key);
    } else if (room == Room::kLeaveOut) {
      notes_->left_out.emplace_back(key.substr(0, kMaxLabelKeyBytes));
    } else {
      return Reject(why);
    }
    return absl::OkStatus();
  }

  absl::Status ReadLabels(ondemand::value value) {
    ondemand::object object;
    if (auto error = value.get_object().get(object)) return NotJson(error);
    for (auto field : object) {
      std::string_view key;
      ondemand::value entry;
      if (auto error = field.unescaped_key().get(key)) return NotJson(error);
      if (auto error = field.value().get(entry)) return NotJson(error);
      if (absl::Status status = ReadLabel(key, entry, Room::kReject); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ReadLabel(std::string_view key, ondemand::value value, Room room) {
    ondemand::json_type type;
    if (auto error = value.type().get(type)) return NotJson(error);
    switch (type) {
      case ondemand::json_type::array:
      case ondemand::json_type::object: return ReadNestedLabel(key, value, room);
      case ondemand::json_type::number:
      case ondemand::json_type::boolean: {
        std::string_view token;
        absl::Status status = ReadScalarToken(key, type, value, &token);
        return status.ok() ? AddLabel(key, token, room) : status;
      }
      default: {
        std::optional<std::string_view> text;
        absl::Status status = ReadText(key, value, &text);
        if (!status.ok() || !text.has_value()) return status;
        return AddLabel(key, *text, room);
      }
    }
  }

  absl::Status ReadNestedLabel(std::string_view key, ondemand::value value, Room room) {
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
    return AddLabel(key, compact, room);
  }

  const ArticleLineFormat& format_;
  simdjson::dom::parser* const nested_;
  v1::Document* const document_;
  ArticleLineNotes* const notes_;
};

}  // namespace

absl::Status AddMapping(std::string_view field_and_key, ArticleLineFormat* format) {
  const size_t equals = field_and_key.find('=');
  if (equals == field_and_key.npos || equals + 1 == field_and_key.size()) {
    return absl::InvalidArgumentError("\"" + std::string(field_and_key) +
                                      "\" is not FIELD=KEY, as in body=text");
  }
  const std::string field(field_and_key.substr(0, equals));
  std::string key(field_and_key.substr(equals + 1));
  if (!IsField(field)) {
    return absl::InvalidArgumentError(
        "\"" + field +
        "\" is no field of an article: id, title, body, publisher, url, published_at, byline, "
        "section, content_type, labels");
  }
  for (const auto& [other, mapped] : format->field_of_key) {
    if (mapped == field) return absl::InvalidArgumentError("\"" + field + "\" is mapped twice");
  }
  if (!format->field_of_key.emplace(std::move(key), field).second) {
    return absl::InvalidArgumentError("\"" + std::string(field_and_key) +
                                      "\": this key stands for another field already");
  }
  return absl::OkStatus();
}

std::string KeyOf(std::string_view field, const ArticleLineFormat& format) {
  for (const auto& [key, mapped] : format.field_of_key) {
    if (mapped == field) return key;
  }
  return std::string(field);
}

ArticleLineParser::ArticleLineParser(ArticleLineFormat format)
    : format_(std::move(format)), json_(std::make_unique<Json>()) {}
ArticleLineParser::~ArticleLineParser() = default;

absl::Status ArticleLineParser::Parse(std::string_view line, v1::Document* document) {
  notes_ = {};
  if (const size_t last = line.find_last_not_of(" \t"); last != line.npos && line[last] == ',') {
    return Reject(
        "there is a comma behind the object, as in a list: jq -c '.[]' FILE | wonbon import -");
  }
  ondemand::document json;
  if (auto error =
          json_->parser.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING)
              .get(json)) {
    return NotJson(error);
  }
  ondemand::object object;
  if (auto error = json.get_object().get(object)) {
    return error == simdjson::INCORRECT_TYPE ? NotAnObject(line) : NotJson(error);
  }
  FieldReader reader(format_, &json_->nested, document, &notes_);
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if (auto error = field.unescaped_key().get(key)) return NotJson(error);
    if (auto error = field.value().get(value)) return AtKey(key, NotJson(error));
    if (absl::Status status = reader.Read(key, value); !status.ok()) return AtKey(key, status);
  }
  // OUT_OF_BOUNDS is what the end of the line looks like.
  if (json.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    return Reject("not JSON: there is more behind the object");
  }
  return absl::OkStatus();
}

absl::Status ParseArticleLine(std::string_view text, v1::Document* document) {
  std::string padded(text);
  padded.append(kLinePadding, '\0');
  return ArticleLineParser().Parse(std::string_view(padded).substr(0, text.size()), document);
}

}  // namespace wonbon::client
