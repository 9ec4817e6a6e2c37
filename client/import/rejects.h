// The file of lines that an import could not take: one JSON object a line,
// {"line","id","reason","document"}, with "file" where several files are imported. "document" is
// the article, ready to be corrected and imported again, or the line as text where it is not JSON.
//
// Thread-safe. The file is made with the first reject: an import without rejects leaves none.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "wonbon/v1/document.pb.h"

namespace wonbon::client {

class RejectsFile {
 public:
  // Writes to `path`, behind what is there where `append` is set.
  RejectsFile(std::string path, bool append) : path_(std::move(path)), append_(append) {}
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

  const std::string& path() const { return path_; }
  uint64_t count() const;

 private:
  absl::Status Write(const std::string& json);

  const std::string path_;
  const bool append_;
  mutable absl::Mutex mutex_;
  std::FILE* file_ ABSL_GUARDED_BY(mutex_) = nullptr;
  uint64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace wonbon::client
