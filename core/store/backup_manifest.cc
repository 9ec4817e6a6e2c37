#include "core/store/backup_manifest.h"

#include <filesystem>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/views.h"
#include "xxhash.h"

namespace wonbon {
namespace {

constexpr char kMagic[] = "wonbon backup";
constexpr char kVersion[] = "1";
constexpr char kTimeFormat[] = "%Y-%m-%dT%H:%M:%E3SZ";
constexpr char kChecksum[] = "checksum ";

std::string Hex(uint64_t number) { return absl::StrCat(absl::Hex(number, absl::kZeroPad16)); }

bool StaysBelow(const std::string& path) {
  const std::filesystem::path parts(path);
  if (path.empty() || parts.is_absolute()) return false;
  for (const auto& part : parts) {
    if (part == ".." || part == ".") return false;
  }
  return true;
}

bool ParseFile(absl::string_view line, BackupFile* file) {
  const std::vector<std::string> fields = absl::StrSplit(line, absl::MaxSplits(' ', 2));
  if (fields.size() != 3 || !absl::SimpleAtoi(fields[0], &file->bytes) ||
      !absl::SimpleHexAtoi(fields[1], &file->checksum)) {
    return false;
  }
  file->path = fields[2];
  return StaysBelow(file->path);
}

// Lines in the order they are read; false once one is not what it should be.
class Lines {
 public:
  explicit Lines(absl::string_view text) : left_(absl::StrSplit(text, '\n')) {}

  bool Take(absl::string_view name, std::string* value) {
    if (next_ == left_.size()) return false;
    absl::string_view line = left_[next_];
    if (!absl::ConsumePrefix(&line, name)) return false;
    *value = std::string(line);
    ++next_;
    return true;
  }
  bool Ended() const { return next_ + 1 == left_.size() && left_[next_].empty(); }

 private:
  const std::vector<absl::string_view> left_;
  size_t next_ = 0;
};

}  // namespace

uint64_t BackupManifest::bytes() const {
  uint64_t sum = 0;
  for (const BackupFile& file : files) sum += file.bytes;
  return sum;
}

std::string ManifestText(const BackupManifest& manifest) {
  std::string text = absl::StrCat(
      kMagic, "\nformat ", kVersion, "\nprogram ", manifest.program, "\nstore_id ",
      manifest.store_id, "\ncreated_at ",
      absl::FormatTime(kTimeFormat, manifest.created_at, absl::UTCTimeZone()), "\nsequence ",
      manifest.sequence, "\n");
  for (const BackupFile& file : manifest.files) {
    absl::StrAppend(&text, "file ", file.bytes, " ", Hex(file.checksum), " ", file.path, "\n");
  }
  absl::StrAppend(&text, kChecksum, Hex(XXH3_64bits(text.data(), text.size())), "\n");
  return text;
}

absl::StatusOr<BackupManifest> ParseManifest(std::string_view text, const std::string& path) {
  const absl::Status damaged =
      absl::DataLossError(absl::StrCat(path, ": damaged: found other bytes than were written; "
                                             "expected the manifest of a backup"));
  const size_t end = text.rfind(kChecksum);
  if (end == std::string_view::npos ||
      text.substr(end) != absl::StrCat(kChecksum, Hex(XXH3_64bits(text.data(), end)), "\n")) {
    return damaged;
  }
  BackupManifest manifest;
  Lines lines(Absl(text.substr(0, end)));
  std::string value;
  if (!lines.Take(kMagic, &value) || !lines.Take("format ", &value)) return damaged;
  if (value != kVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": found a backup of format ", value, "; expected format ", kVersion,
                     "; restore it with the wonbond that made it"));
  }
  std::string time;
  std::string sequence;
  std::string error;
  if (!lines.Take("program ", &manifest.program) || !lines.Take("store_id ", &manifest.store_id) ||
      !lines.Take("created_at ", &time) || !lines.Take("sequence ", &sequence) ||
      !absl::ParseTime(kTimeFormat, time, &manifest.created_at, &error) ||
      !absl::SimpleAtoi(sequence, &manifest.sequence)) {
    return damaged;
  }
  while (lines.Take("file ", &value)) {
    if (!ParseFile(value, &manifest.files.emplace_back())) return damaged;
  }
  if (!lines.Ended()) return damaged;
  return manifest;
}

}  // namespace wonbon
