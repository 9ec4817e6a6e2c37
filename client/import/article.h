// One article line: a JSON object becomes a document.
//
//   {"id","title","body","publisher","published_at","url","byline","section","content_type"}
//
// Known keys are text or null; id may be a whole number; published_at is RFC 3339; content_type is
// text or html. Entries of an object "labels" and all other keys become labels: text as it is,
// numbers and booleans as their JSON text, lists and objects as compact JSON; null is left out.
// Whether an id is needed is for the caller to say.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "wonbon/v1/document.pb.h"

namespace wonbon::client {

// Not thread-safe.
class ArticleParser {
 public:
  ArticleParser();
  ~ArticleParser();
  ArticleParser(const ArticleParser&) = delete;
  ArticleParser& operator=(const ArticleParser&) = delete;

  // Fills `document`, which must be empty; after an error it holds what was read until then.
  // INVALID_ARGUMENT: what is wrong with the line, for its author. DATA_LOSS: it is not UTF-8.
  // REQUIRES: kLinePadding bytes behind `line` may be read.
  absl::Status Parse(std::string_view line, v1::Document* document);

 private:
  struct Json;
  const std::unique_ptr<Json> json_;
};

// Parses text that has no padding behind it.
absl::Status ParseArticle(std::string_view text, v1::Document* document);

}  // namespace wonbon::client
