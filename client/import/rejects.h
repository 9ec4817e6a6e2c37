// The file of lines that an import could not take: one JSON object a line,
// {"line","id","reason","document"}, with "file" where several files are imported. "document" is
// the article as the import reads it, or the line as text where it is not JSON: the file can be
// imported again as it is, with the options of the first import.
//
// Thread-safe. The file is made with the first reject: an import without rejects leaves none.
#pragma once

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "client/import/article_line.h"
#include "absl/synchronization/mutex.h"
#include "wonbon/v1/document.pb.h"

namespace wonbon::client {

// The article line in a line of such a file.
struct RejectedArticle {
  std::string line;
  bool lost_bytes = false;  // it could not be read, and U+FFFD stands for what is lost
};
// Nothing where it is another line.
std::optional<RejectedArticle> ArticleOfReject(std::string_view line);

class RejectsFile {
 public:
  struct Options {
    std::string path;     // "-" is the standard output
    bool append = false;  // behind what is there
    // What an article's fields are called in it.
    ArticleLineFormat format;
  };
  explicit RejectsFile(Options options) : options_(std::move(options)) {}
  ~RejectsFile();
  RejectsFile(const RejectsFile&) = delete;
  RejectsFile& operator=(const RejectsFile&) = delete;

  struct InputLine {
    std::string file;  // empty: not named in the report
    uint64_t line = 0;
  };

  // A line that did not become a document.
  absl::Status AddLine(const InputLine& at, std::string_view line, std::string_view reason);
  // A document that the server turned away.
  absl::Status AddDocument(const InputLine& at, const v1::Document& document,
                           std::string_view reason);

  const std::string& path() const { return options_.path; }
  uint64_t count() const;

 private:
  // `article`: as JSON.
  absl::Status Write(const InputLine& at, const std::string& id, std::string_view reason,
                     std::string_view article);

  const Options options_;
  mutable absl::Mutex mutex_;
  std::FILE* file_ ABSL_GUARDED_BY(mutex_) = nullptr;
  uint64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace wonbon::client
