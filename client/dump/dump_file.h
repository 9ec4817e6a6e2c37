// The file of a whole server: `wonbon dump` writes it, `wonbon load` reads it. JSON, an object a
// line, messages of the contract by its field names:
//
//   {"wonbon_dump":{"format":1,"version":"0.1.0","store_id":"…","sequence":42}}
//   {"collection":{…}}   a v1.Collection; what follows is of it, up to the next one
//   {"document":{…}}     a v1.StoredDocument with its body, in the order of commits
//   {"tombstone":{…}}    a v1.Tombstone of an id that is blocked
//   {"cluster":{…}}      a v1.Cluster that an editor said something of, with its members
//   {"end":{"lines":41,"sha256":"…"}}   the lines before this one, and what they hash to
//
// A newer program may add fields, which an older one passes over; another `format` it refuses.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/dump/line_hash.h"
#include "client/import/input_stream.h"
#include "client/import/line_reader.h"
#include "google/protobuf/message.h"
#include "wonbon/v1/admin_service.pb.h"

namespace wonbon::client {

// Of the form above.
inline constexpr int kDumpFormat = 1;

class DumpWriter {
 public:
  // Writes `path`.new, which gets its name in Finish, and goes where that is not called.
  // ALREADY_EXISTS: there is a `path`. UNKNOWN: it cannot be written.
  static absl::StatusOr<std::unique_ptr<DumpWriter>> Create(const std::string& path);
  ~DumpWriter();

  absl::Status Begin(const v1::GetStatsResponse& stats);
  absl::Status Add(std::string_view kind, const google::protobuf::Message& message);
  // The last line; on disk when it returns.
  absl::Status Finish();

 private:
  DumpWriter(std::string path, std::FILE* file);
  absl::Status Write(const std::string& line);
  absl::Status Failed(const char* what) const;

  const std::string path_;
  const std::string unfinished_;
  std::FILE* file_;
  uint64_t lines_ = 0;
  LineHash hash_;
};

// A line of a dump, between the first and the last.
struct DumpLine {
  std::string kind;
  std::string json;
  uint64_t number = 0;
  std::string place;  // "FILE: line 12", for errors

  // INVALID_ARGUMENT, naming the place, where the line is none of its kind.
  absl::Status Parse(google::protobuf::Message* message) const;
};

class DumpReader {
 public:
  // Packed files are unpacked. Errors of OpenInput; INVALID_ARGUMENT: it is no dump;
  // FAILED_PRECONDITION: it has another format.
  static absl::StatusOr<std::unique_ptr<DumpReader>> Open(const std::string& path);

  // The next line; nothing behind the last one, once all are known to be as they were written.
  // DATA_LOSS: cut off, or damaged.
  absl::StatusOr<std::optional<DumpLine>> Next();

 private:
  DumpReader(std::string path, std::unique_ptr<InputStream> input)
      : path_(std::move(path)), input_(std::move(input)), lines_(input_.get()) {}
  absl::Status Begin();
  absl::StatusOr<std::optional<DumpLine>> ReadLine();
  absl::Status CheckEnd(const DumpLine& end);

  const std::string path_;
  const std::unique_ptr<InputStream> input_;
  LineReader lines_;
  LineHash hash_;
};

// Reads all of a dump. OK: it is whole.
absl::Status CheckDump(const std::string& path);

}  // namespace wonbon::client
