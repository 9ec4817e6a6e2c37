#include "client/import/rejects.h"

#include <cerrno>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "client/import/timestamp.h"
#include "client/limits.h"

namespace wonbon::client {
namespace {

using Json = nlohmann::ordered_json;

// The article line that would give this document.
Json ToArticleLine(const v1::Document& document) {
  Json json;
  json["id"] = document.id();
  if (!document.title().empty()) json["title"] = document.title();
  if (!document.body().empty()) json["body"] = document.body();
  if (!document.publisher().empty()) json["publisher"] = document.publisher();
  if (document.has_published_at()) json["published_at"] = FormatTimestamp(document.published_at());
  if (!document.url().empty()) json["url"] = document.url();
  if (!document.byline().empty()) json["byline"] = document.byline();
  if (!document.section().empty()) json["section"] = document.section();
  if (document.content_type() == v1::CONTENT_TYPE_TEXT) json["content_type"] = "text";
  if (document.content_type() == v1::CONTENT_TYPE_HTML) json["content_type"] = "html";
  if (!document.labels().empty()) {
    json["labels"] =
        std::map<std::string, std::string>(document.labels().begin(), document.labels().end());
  }
  return json;
}

std::string Report(const RejectsFile::InputLine& at, Json id, std::string_view reason,
                   Json document) {
  Json json;
  if (!at.file.empty()) json["file"] = at.file;
  json["line"] = at.line;
  json["id"] = std::move(id);
  json["reason"] = reason;
  json["document"] = std::move(document);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

RejectsFile::~RejectsFile() {
  if (file_ != nullptr) std::fclose(file_);
}

absl::Status RejectsFile::AddLine(const InputLine& at, std::string_view line,
                                  std::string_view reason) {
  Json id = nullptr;
  Json document = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (document.is_object()) {
    if (const auto it = document.find("id"); it != document.end()) id = *it;
  } else {
    document = std::string(line.substr(0, kMaxRejectedLineBytes));
  }
  return Write(Report(at, std::move(id), reason, std::move(document)));
}

absl::Status RejectsFile::AddDocument(const InputLine& at, const v1::Document& document,
                                      std::string_view reason) {
  return Write(Report(at, document.id(), reason, ToArticleLine(document)));
}

uint64_t RejectsFile::count() const {
  absl::MutexLock lock(&mutex_);
  return count_;
}

absl::Status RejectsFile::Write(const std::string& json) {
  absl::MutexLock lock(&mutex_);
  if (file_ == nullptr) {
    file_ = std::fopen(path_.c_str(), append_ ? "ae" : "we");
    if (file_ == nullptr) {
      return absl::UnknownError("cannot write the rejects file " + path_ + ": " +
                                std::strerror(errno));
    }
  }
  ++count_;
  // Flushed each time: rejects are rare, and the import may be interrupted.
  if (std::fwrite(json.data(), 1, json.size(), file_) != json.size() ||
      std::fputc('\n', file_) == EOF || std::fflush(file_) != 0) {
    return absl::UnknownError("cannot write the rejects file " + path_ + ": " +
                              std::strerror(errno));
  }
  return absl::OkStatus();
}

}  // namespace wonbon::client
