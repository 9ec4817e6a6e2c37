#include "client/import/rejects.h"

#include <simdjson.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "client/import/timestamp.h"
#include "client/limits.h"

namespace wonbon::client {
namespace {

using Json = nlohmann::ordered_json;

// U+FFFD: what Dump() puts in place of bytes that are not UTF-8.
constexpr std::string_view kLostBytes = "\xEF\xBF\xBD";

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The article line that would give this document.
Json ToArticleLine(const v1::Document& document, const ArticleLineFormat& format) {
  Json json;
  const auto add = [&](std::string_view field, const std::string& text) {
    if (!text.empty()) json[KeyOf(field, format)] = text;
  };
  add("id", document.id());
  add("title", document.title());
  add("body", document.body());
  add("publisher", document.publisher());
  if (document.has_published_at()) add("published_at", FormatTimestamp(document.published_at()));
  add("url", document.url());
  add("byline", document.byline());
  add("section", document.section());
  if (document.content_type() == v1::CONTENT_TYPE_TEXT) add("content_type", "text");
  if (document.content_type() == v1::CONTENT_TYPE_HTML) add("content_type", "html");
  if (!document.labels().empty()) {
    json[KeyOf("labels", format)] =
        std::map<std::string, std::string>(document.labels().begin(), document.labels().end());
  }
  return json;
}

}  // namespace

std::optional<RejectedArticle> ArticleOfReject(std::string_view line) {
  namespace ondemand = simdjson::ondemand;
  if (!line.starts_with("{\"line\":") && !line.starts_with("{\"file\":")) return std::nullopt;
  const simdjson::padded_string padded(line);
  ondemand::parser parser;
  ondemand::document json;
  ondemand::object object;
  if (parser.iterate(padded).get(json) || json.get_object().get(object)) return std::nullopt;
  bool has_line = false;
  bool has_reason = false;
  std::optional<RejectedArticle> article;
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if (field.unescaped_key().get(key) || field.value().get(value)) return std::nullopt;
    if (key == "line") has_line = true;
    if (key == "reason") has_reason = true;
    if (key != "document") continue;
    ondemand::object inner;
    std::string_view text;
    const bool is_text = value.get_object().get(inner) != simdjson::SUCCESS;
    if (is_text ? value.get_string().get(text) : inner.raw_json().get(text)) return std::nullopt;
    article = {.line = std::string(text),
               .lost_bytes = is_text && text.find(kLostBytes) != std::string_view::npos};
  }
  return has_line && has_reason ? article : std::nullopt;
}

RejectsFile::~RejectsFile() {
  if (file_ != nullptr) std::fclose(file_);
}

absl::Status RejectsFile::AddLine(const InputLine& at, std::string_view line,
                                  std::string_view reason) {
  const Json document = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) {
    const std::string text(line.substr(0, kMaxRejectedLineBytes));
    return Write(at, "null", reason, Dump(text));
  }
  const auto id = document.find("id");
  // The line itself: no number of it is read and written anew.
  return Write(at, id == document.end() ? "null" : Dump(*id), reason, line);
}

absl::Status RejectsFile::AddDocument(const InputLine& at, const v1::Document& document,
                                      std::string_view reason) {
  return Write(at, Dump(document.id()), reason, Dump(ToArticleLine(document, options_.format)));
}

uint64_t RejectsFile::count() const {
  absl::MutexLock lock(&mutex_);
  return count_;
}

absl::Status RejectsFile::Write(const InputLine& at, const std::string& id,
                                std::string_view reason, std::string_view article) {
  std::string json = "{";
  if (!at.file.empty()) json += "\"file\":" + Dump(at.file) + ",";
  json += "\"line\":" + std::to_string(at.line) + ",\"id\":" + id +
          ",\"reason\":" + Dump(std::string(reason)) + ",\"document\":";
  json.append(article).append("}\n");
  absl::MutexLock lock(&mutex_);
  const std::string& path = options_.path;
  if (file_ == nullptr) {
    file_ = path == "-" ? ::fdopen(::dup(STDOUT_FILENO), "w")
                        : std::fopen(path.c_str(), options_.append ? "ae" : "we");
  }
  ++count_;
  // Flushed each time: rejects are rare, and the import may be interrupted.
  if (file_ == nullptr || std::fwrite(json.data(), 1, json.size(), file_) != json.size() ||
      std::fflush(file_) != 0) {
    return absl::UnknownError("cannot write the rejects file " + path + ": " +
                              std::strerror(errno));
  }
  return absl::OkStatus();
}

}  // namespace wonbon::client
