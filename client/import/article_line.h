// One article line: a JSON object becomes a document.
//
//   {"id","title","body","publisher","published_at","url","byline","section","content_type"}
//
// Known keys are text or null; id may be a whole number; published_at is a time in one of the forms
// of timestamp.h; content_type is text or html. Entries of an object "labels" and all other keys
// become labels: text as it is, numbers and booleans as their JSON text, lists and objects as
// compact JSON; null is left out, and so is, with a note, a key that no label has room for. Whether
// an id is needed is for the caller to say.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "wonbon/v1/document.pb.h"

namespace wonbon::client {

// How the lines of a file are to be read.
struct ArticleLineFormat {
  // Key in the file -> field: {"text": "body"}. A field that stands here is read from that key
  // alone; a key of the file with the field's name is then one like any other.
  std::map<std::string, std::string, std::less<>> field_of_key;
  // Of times that name none.
  absl::TimeZone zone = absl::FixedTimeZone(9 * 3'600);
};

// Adds "body=text" (field=key). INVALID_ARGUMENT: not of that form, no such field, given twice.
absl::Status AddMapping(std::string_view field_and_key, ArticleLineFormat* format);

// What the files call a field: its own name, unless another key stands for it.
std::string KeyOf(std::string_view field, const ArticleLineFormat& format);

// What was read otherwise than it stands, and keys of the line that are no field.
struct ArticleLineNotes {
  std::vector<std::string> labels;    // keys that became labels; not those of an object "labels"
  std::vector<std::string> left_out;  // keys that no label has room for, cut to kMaxLabelKeyBytes
  bool zone_assumed = false;
};

// Not thread-safe.
class ArticleLineParser {
 public:
  explicit ArticleLineParser(ArticleLineFormat format = {});
  ~ArticleLineParser();
  ArticleLineParser(const ArticleLineParser&) = delete;
  ArticleLineParser& operator=(const ArticleLineParser&) = delete;

  // Fills `document`, which must be empty; after an error it holds what was read until then.
  // INVALID_ARGUMENT: what is wrong with the line, for its author. DATA_LOSS: it is not UTF-8.
  // REQUIRES: kLinePadding bytes behind `line` may be read.
  absl::Status Parse(std::string_view line, v1::Document* document);
  // Of the last Parse().
  const ArticleLineNotes& notes() const { return notes_; }

 private:
  struct Json;
  const ArticleLineFormat format_;
  const std::unique_ptr<Json> json_;
  ArticleLineNotes notes_;
};

// Parses text that has no padding behind it.
absl::Status ParseArticleLine(std::string_view text, v1::Document* document);

}  // namespace wonbon::client
