// Article files, as the tools of this folder and the benchmarks read them.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "core/document.h"

namespace wonbon {

// Empty where the line has no such text.
inline std::string Field(const simdjson::dom::element& line, const char* name) {
  std::string_view text;
  return line[name].get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

inline Document ReadDocument(const simdjson::dom::element& line) {
  Document document{.id = Field(line, "id"),
                    .title = Field(line, "title"),
                    .body = Field(line, "body"),
                    .publisher = Field(line, "publisher"),
                    .url = Field(line, "url")};
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, Field(line, "published_at"), &time, &error)) {
    document.published_at = time;
  }
  return document;
}

inline std::vector<Document> ReadDocuments(const char* path) {
  simdjson::dom::parser parser;
  simdjson::dom::document_stream lines = parser.load_many(path, 1 << 24);
  std::vector<Document> documents;
  for (auto line : lines) documents.push_back(ReadDocument(line.value()));
  return documents;
}

}  // namespace wonbon
