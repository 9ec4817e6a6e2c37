#include "client/dump/dump_file.h"

#include <fcntl.h>
#include <google/protobuf/util/json_util.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"

namespace wonbon::client {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr char kHeader[] = "wonbon_dump";
constexpr char kEnd[] = "end";

// {"KIND":JSON}
std::string LineOf(std::string_view kind, std::string_view json) {
  return std::string("{\"").append(kind).append("\":").append(json).append("}");
}

}  // namespace

absl::StatusOr<std::unique_ptr<DumpWriter>> DumpWriter::Create(const std::string& path) {
  std::error_code error;
  if (fs::exists(path, error)) {
    return absl::AlreadyExistsError(absl::StrCat(path, " is there already: give another name"));
  }
  // Articles are for their owner alone.
  const std::string unfinished = path + ".new";
  const int fd = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::FILE* const file = fd < 0 ? nullptr : fdopen(fd, "wb");
  if (file == nullptr) {
    return absl::UnknownError(
        absl::StrCat("cannot write ", unfinished, ": ", std::strerror(errno)));
  }
  return std::unique_ptr<DumpWriter>(new DumpWriter(path, file));
}

DumpWriter::DumpWriter(std::string path, std::FILE* file)
    : path_(std::move(path)), unfinished_(path_ + ".new"), file_(file) {}

DumpWriter::~DumpWriter() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  std::error_code error;
  fs::remove(unfinished_, error);
}

absl::Status DumpWriter::Failed(const char* what) const {
  return absl::UnknownError(absl::StrCat(what, " ", unfinished_, ": ", std::strerror(errno)));
}

absl::Status DumpWriter::Write(const std::string& line) {
  hash_.Add(line);
  ++lines_;
  if (std::fwrite(line.data(), 1, line.size(), file_) != line.size() ||
      std::fputc('\n', file_) == EOF) {
    return Failed("cannot write");
  }
  return absl::OkStatus();
}

absl::Status DumpWriter::Begin(const v1::GetStatsResponse& stats) {
  const Json header = {{"format", kDumpFormat},
                       {"version", stats.version()},
                       {"store_id", stats.store_id()},
                       {"sequence", stats.sequence()}};
  return Write(LineOf(kHeader, header.dump()));
}

absl::Status DumpWriter::Add(std::string_view kind, const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto printed = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!printed.ok()) return absl::InternalError(std::string(printed.message()));
  return Write(LineOf(kind, json));
}

absl::Status DumpWriter::Finish() {
  const Json end = {{"lines", lines_}, {"sha256", hash_.Finish()}};
  absl::Status written = Write(LineOf(kEnd, end.dump()));
  if (!written.ok()) return written;
  if (std::fflush(file_) != 0 || fsync(fileno(file_)) != 0) return Failed("cannot write");
  std::fclose(std::exchange(file_, nullptr));
  std::error_code error;
  fs::rename(unfinished_, path_, error);
  if (error) return absl::UnknownError(absl::StrCat("cannot name ", path_, ": ", error.message()));
  return absl::OkStatus();
}

absl::Status DumpLine::Parse(google::protobuf::Message* message) const {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, message, options);
  if (parsed.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(place, ": no ", kind, ": ", std::string(parsed.message())));
}

absl::StatusOr<std::unique_ptr<DumpReader>> DumpReader::Open(const std::string& path) {
  if (path == "-") {
    return absl::InvalidArgumentError("a dump is read twice: give a file, not \"-\"");
  }
  absl::StatusOr<std::unique_ptr<InputStream>> input = OpenInput(path);
  if (!input.ok()) return input.status();
  std::unique_ptr<DumpReader> reader(new DumpReader(path, *std::move(input)));
  if (absl::Status begun = reader->Begin(); !begun.ok()) return begun;
  return reader;
}

absl::Status DumpReader::Begin() {
  const absl::StatusOr<std::optional<DumpLine>> first = ReadLine();
  if (absl::IsDataLoss(first.status())) return first.status();
  const Json header = first.ok() && first->has_value() && (*first)->kind == kHeader
                          ? Json::parse((*first)->json, nullptr, /*allow_exceptions=*/false)
                          : Json();
  if (!header.is_object() || !header.contains("format") || !header["format"].is_number_integer()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path_, ": no dump of a wonbon server: expected a first line {\"", kHeader,
                     "\":{\"format\":", kDumpFormat, ",…}}"));
  }
  if (header["format"] == kDumpFormat) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path_, ": found a dump of format ", header["format"].dump(), ", expected ",
                   kDumpFormat, ": load it with the wonbon that made it, or a newer one"));
}

absl::StatusOr<std::optional<DumpLine>> DumpReader::ReadLine() {
  absl::StatusOr<std::optional<Line>> read = lines_.Next();
  if (!read.ok()) {
    return absl::Status(read.status().code(), absl::StrCat(path_, ": ", read.status().message()));
  }
  if (!read->has_value()) return std::nullopt;
  const Line& line = **read;
  DumpLine found{.kind = "", .json = "", .number = line.number, .place = ""};
  found.place = absl::StrCat(path_, ": line ", line.number);
  // The names of kinds have nothing that would need escaping.
  const size_t quote = line.text.starts_with("{\"") ? line.text.find("\":", 2) : line.text.npos;
  if (line.too_long || quote == line.text.npos || !line.text.ends_with('}')) {
    return absl::InvalidArgumentError(absl::StrCat(found.place, ": expected {\"KIND\":{…}}"));
  }
  found.kind = line.text.substr(2, quote - 2);
  found.json = line.text.substr(quote + 2, line.text.size() - quote - 3);
  if (found.kind != kEnd) hash_.Add(line.text);
  return found;
}

absl::StatusOr<std::optional<DumpLine>> DumpReader::Next() {
  absl::StatusOr<std::optional<DumpLine>> line = ReadLine();
  if (!line.ok()) {
    // What was a line when it was written.
    return absl::IsInvalidArgument(line.status())
               ? absl::DataLossError(absl::StrCat("damaged: ", line.status().message()))
               : line.status();
  }
  if (!line->has_value()) {
    return absl::DataLossError(absl::StrCat(path_, ": cut off behind line ", lines_.count(),
                                            ": expected a last line {\"", kEnd, "\":{…}}"));
  }
  if ((*line)->kind != kEnd) return line;
  if (absl::Status whole = CheckEnd(**line); !whole.ok()) return whole;
  return std::nullopt;
}

absl::Status DumpReader::CheckEnd(const DumpLine& end) {
  const Json told = Json::parse(end.json, nullptr, /*allow_exceptions=*/false);
  const uint64_t before = end.number - 1;
  if (!told.is_object() || told.value("lines", Json()) != before ||
      told.value("sha256", Json()) != hash_.Finish()) {
    return absl::DataLossError(absl::StrCat(path_, ": damaged: lines 1 to ", before,
                                            " are not as they were written"));
  }
  const absl::StatusOr<std::optional<Line>> behind = lines_.Next();
  if (!behind.ok()) return behind.status();
  if (!behind->has_value()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(path_, ": damaged: line ", end.number + 1,
                                          " stands behind the last one"));
}

absl::Status CheckDump(const std::string& path) {
  const absl::StatusOr<std::unique_ptr<DumpReader>> reader = DumpReader::Open(path);
  if (!reader.ok()) return reader.status();
  for (;;) {
    const absl::StatusOr<std::optional<DumpLine>> line = (*reader)->Next();
    if (!line.ok() || !line->has_value()) return line.status();
  }
}

}  // namespace wonbon::client
