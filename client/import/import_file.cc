#include "client/import/import_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "client/limits.h"

namespace wonbon::client {
namespace {

// Enough to tell what a file is. More is looked at where it is there.
constexpr size_t kPeekBytes = 64;

}  // namespace

absl::Status ArticleFile::CheckHead() {
  const absl::StatusOr<std::string_view> head = lines.Peek(kPeekBytes);
  const absl::Status status = head.ok() ? CheckBeginning(*head) : absl::OkStatus();
  if (status.ok()) return status;
  return absl::InvalidArgumentError((path == "-" ? "the standard input" : path) + " " +
                                    std::string(status.message()));
}

absl::StatusOr<std::optional<Line>> ArticleFile::Next() {
  absl::StatusOr<std::optional<Line>> line = lines.Next();
  if (!absl::IsDataLoss(line.status())) return line;
  return absl::DataLossError(std::string(line.status().message()) + "; the " +
                             std::to_string(lines.count()) +
                             " whole lines before that were read, what is behind is missing");
}

absl::Status ArticleFile::Read(const Line& line, v1::Document* document) {
  if (absl::Status why = documents.Read(line, lines, document); !why.ok()) return why;
  if (document->ByteSizeLong() > kMaxDocumentBytes) {
    return absl::InvalidArgumentError("larger than a message may be");
  }
  return absl::OkStatus();
}

uint64_t Importer::File::SettledBytes() const {
  const uint64_t settled = acks.Settled().offset;
  const double share = static_cast<double>(settled) /
                       static_cast<double>(std::max<uint64_t>(acks.Entered().offset, 1));
  // Of a file that is not packed the first is what was read ahead too much.
  return std::min(static_cast<uint64_t>(static_cast<double>(input->consumed()) * share), settled);
}

std::string RejectsPath(const ImportOptions& options, const std::string& file) {
  if (!options.rejects.empty()) return options.rejects;
  const std::string name = file == "-" ? "stdin" : std::filesystem::path(file).filename().string();
  return name + ".rejects.jsonl";
}

absl::Status CheckFiles(const ImportOptions& options) {
  std::set<std::pair<dev_t, ino_t>> inputs;
  struct stat info {};
  for (const std::string& path : options.files) {
    if (path == "-") continue;
    if (const auto input = OpenInput(path); !input.ok()) return input.status();
    if (::stat(path.c_str(), &info) == 0) inputs.emplace(info.st_dev, info.st_ino);
  }
  for (const std::string& path : options.files) {
    const std::string rejects = RejectsPath(options, path);
    if (::stat(rejects.c_str(), &info) != 0) continue;
    if (!inputs.contains({info.st_dev, info.st_ino})) continue;
    return absl::InvalidArgumentError("lines of " + path + " that are turned away would go to " +
                                      rejects + ", which is to be imported itself: name another " +
                                      "file with --rejects");
  }
  return absl::OkStatus();
}

RejectsFile::InputLine InputLineOf(const ImportOptions& options, const std::string& file,
                                   uint64_t line) {
  return {.file = options.files.size() > 1 ? file : "", .line = line};
}

}  // namespace wonbon::client
