// What an import would send, without a server: the stages that read, and the contract's limits.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/import/importer.h"
#include "client/import/key_counts.h"
#include "client/import/rejects.h"
#include "wonbon/v1/document.pb.h"

namespace wonbon::client {

// What was found. Value type.
struct DryRunReport {
  uint64_t documents = 0;  // that would be sent
  uint64_t bytes = 0;      // of them, as they would be sent
  uint64_t rejected = 0;   // lines
  uint64_t converted = 0;  // lines of CP949
  uint64_t times_without_zone = 0;
  uint64_t empty_bodies = 0;
  // More than kDefaultBodyBytes: a server takes them where it was told to.
  uint64_t long_bodies = 0;
  std::map<std::string, uint64_t> fields;  // documents that have it, by field
  KeyCounts keys;
  v1::Document first;  // that would be sent
};

// Past a limit of document.proto: INVALID_ARGUMENT that names the field, as the server would. Which
// bodies are too long only the server knows.
absl::Status CheckLimits(const v1::Document& document);

// Reads all files. `on_reject` is told of every line that would be turned away; an error of it ends
// the run. Errors are those of Importer::Run(), as far as they come of reading.
absl::StatusOr<DryRunReport> DryRun(
    const ImportOptions& options,
    const std::function<absl::Status(const RejectsFile::InputLine& at, std::string_view article,
                                     std::string_view reason)>& on_reject);

}  // namespace wonbon::client
