// A line of an article file → a document: decides what the line is written in, converts, parses.
//
// Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "client/import/article_line.h"
#include "client/import/encoding.h"
#include "client/import/line_reader.h"

namespace wonbon::client {

// Whether a file that begins like this can be article lines at all. INVALID_ARGUMENT: it is UTF-16,
// a list or a table (CSV), and what to do with it.
absl::Status CheckBeginning(std::string_view head);

class DocumentReader {
 public:
  // One per file. With kAuto every line is taken for what it is: UTF-8, else CP949.
  explicit DocumentReader(Encoding encoding, ArticleLineFormat format = {})
      : encoding_(encoding), parser_(std::move(format)) {}

  // Nothing but spaces: not a document, and not an error.
  static bool IsBlank(const Line& line);

  // Fills `document`, which must be empty. INVALID_ARGUMENT, DATA_LOSS: what is wrong with the
  // line.
  absl::Status Read(const Line& line, const LineReader& lines, v1::Document* document);
  // Of the line read last.
  const ArticleLineNotes& notes() const { return parsed_ ? parser_.notes() : kNoNotes; }

  // The line as UTF-8, as far as that is possible, for a report.
  std::string Text(const Line& line);

  // Lines that were CP949.
  uint64_t converted() const { return converted_; }

 private:
  absl::Status Parse(const Line& line, const LineReader& lines, v1::Document* document);
  // UTF-8 with kLinePadding bytes behind it, and without.
  absl::Status ParsePadded(std::string_view text, v1::Document* document);
  absl::Status ParseText(std::string text, v1::Document* document);
  absl::Status ParseCp949(std::string_view text, v1::Document* document);
  // Of a line that is UTF-8 and CP949 alike: what the lines around it are.
  Encoding AsItsNeighbours(const LineReader& lines);

  static const ArticleLineNotes kNoNotes;

  const Encoding encoding_;
  Encoding last_ = Encoding::kAuto;  // of the last line that could be nothing else
  uint64_t converted_ = 0;
  ArticleLineParser parser_;
  bool parsed_ = false;  // the line read last came as far as the parser
  Cp949Converter cp949_;
};

}  // namespace wonbon::client
