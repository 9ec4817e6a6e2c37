// A line of an article file → a document: decides what the file is written in, converts, parses.
//
// Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "client/import/article.h"
#include "client/import/encoding.h"
#include "client/import/line_reader.h"

namespace wonbon::client {

class DocumentReader {
 public:
  // One per file. With kAuto the first line that is not ASCII decides, with what was read ahead.
  explicit DocumentReader(Encoding encoding) : encoding_(encoding) {}

  // Nothing but spaces: not a document, and not an error.
  static bool IsBlank(const Line& line);

  // Fills `document`, which must be empty. INVALID_ARGUMENT, DATA_LOSS: what is wrong with the
  // line.
  absl::Status Read(const Line& line, const LineReader& lines, v1::Document* document);

  // The line as UTF-8, as far as that is possible, for a report.
  std::string Text(const Line& line);

  // What the file turned out to be; kAuto as long as all was ASCII.
  Encoding encoding() const { return encoding_; }

 private:
  absl::Status Parse(const Line& line, const LineReader& lines, v1::Document* document);
  absl::Status ParseCp949(std::string_view text, v1::Document* document);

  Encoding encoding_;
  ArticleParser parser_;
  Cp949Converter cp949_;
};

}  // namespace wonbon::client
