#include "core/store/format.h"

#include <charconv>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/limits.h"
#include "core/sketch/fingerprint.h"
#include "core/store/files.h"
#include "core/store/limits.h"
#include "core/text/canonical.h"
#include "xxhash.h"

namespace wonbon {
namespace {

constexpr std::string_view kMagic = "wonbon store\n";
constexpr std::string_view kChecksum = "checksum ";

// Of the masks in entries. The index posts the first kBands of them, and passes over the others.
constexpr uint32_t kStoredBands = 24;
static_assert(kBands <= kStoredBands);

std::string ChecksumLine(std::string_view text) {
  return absl::StrFormat("checksum %016x\n", XXH3_64bits(text.data(), text.size()));
}

// Takes "name value\n" off the front of `text`; nothing if it does not stand there.
std::optional<std::string_view> TakeLine(std::string_view name, std::string_view* text) {
  const size_t end = text->find('\n');
  if (end == std::string_view::npos || !text->starts_with(name)) return std::nullopt;
  std::string_view value = text->substr(name.size(), end - name.size());
  if (!value.starts_with(' ')) return std::nullopt;
  value.remove_prefix(1);
  text->remove_prefix(end + 1);
  return value;
}

std::optional<uint32_t> TakeNumber(std::string_view name, int base, std::string_view* text) {
  const std::optional<std::string_view> value = TakeLine(name, text);
  if (!value.has_value()) return std::nullopt;
  uint32_t number = 0;
  const char* const end = value->data() + value->size();
  const auto [stop, error] = std::from_chars(value->data(), end, number, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

absl::Status Damaged(std::string_view path, std::string_view what) {
  return absl::DataLossError(absl::StrCat(
      std::string(path), ": damaged: ", std::string(what),
      "; it is written once and never changes: restore it, or the whole folder, from a backup"));
}

absl::StatusOr<StoreFormat> ParseLines(std::string_view text, std::string_view path) {
  StoreFormat format;
  const auto store_id = TakeLine("store_id", &text);
  const auto seed_from = TakeLine("seed_from", &text);
  const auto seed_fingerprint = TakeNumber("seed_fingerprint", 16, &text);
  if (!store_id.has_value() || !seed_from.has_value() || !seed_fingerprint.has_value()) {
    return Damaged(path, "store_id, seed_from or seed_fingerprint is missing");
  }
  format.store_id = *store_id;
  format.seed_in_folder = *seed_from == "folder";
  format.seed_fingerprint = *seed_fingerprint;
  for (auto& [name, value] : format.parameters) {
    const auto number = TakeNumber(name, 10, &text);
    if (!number.has_value()) return Damaged(path, absl::StrCat(std::string(name), " is missing"));
    value = *number;
  }
  if (!text.empty()) return Damaged(path, "lines too many");
  return format;
}

}  // namespace

std::array<StoreFormat::Parameter, 10> StoreFormat::ProgramParameters() {
  return {{{"text_rules", kTextRulesVersion},
           {"sketch", kSketchVersion},
           {"shingle_units", kShingleUnits},
           {"bins", kSketchBins},
           {"bands", kStoredBands},
           {"rows_per_band", kRowsPerBand},
           {"sample_shingle_units", kSampleShingleUnits},
           {"sample_rate", kSampleRate},
           {"min_sample", kMinSampleSize},
           {"max_sample", kMaxSampleSize}}};
}

std::string FormatText(const StoreFormat& format) {
  std::string text(kMagic);
  absl::StrAppend(&text, "format ", kFormatVersion, "\nstore_id ", format.store_id, "\nseed_from ",
                  format.seed_in_folder ? "folder" : "file", "\nseed_fingerprint ",
                  absl::Hex(format.seed_fingerprint, absl::kZeroPad8), "\n");
  for (const auto& [name, value] : format.parameters) {
    absl::StrAppend(&text, std::string(name), " ", value, "\n");
  }
  return text + ChecksumLine(text);
}

absl::StatusOr<StoreFormat> ParseFormat(std::string_view text, std::string_view path) {
  if (!text.starts_with(kMagic)) return Damaged(path, "it does not start with \"wonbon store\"");
  const size_t checksum = text.rfind(kChecksum);
  if (checksum == std::string_view::npos ||
      text.substr(checksum) != ChecksumLine(text.substr(0, checksum))) {
    return Damaged(path, "its checksum is wrong");
  }
  text = text.substr(kMagic.size(), checksum - kMagic.size());
  const auto version = TakeNumber("format", 10, &text);
  if (!version.has_value()) return Damaged(path, "it has no format version");
  if (*version != kFormatVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        std::string(path), ": found format ", *version, "; expected format ", kFormatVersion,
        "; use the wonbond that wrote the folder, or import the articles into a new folder"));
  }
  return ParseLines(text, path);
}

absl::StatusOr<std::optional<StoreFormat>> ReadFormat(const std::string& path) {
  const absl::StatusOr<SmallFile> file = ReadSmallFile(path, kMaxFormatBytes);
  if (absl::IsNotFound(file.status())) return std::nullopt;
  if (!file.ok()) return file.status();
  absl::StatusOr<StoreFormat> format = ParseFormat(file->bytes, path);
  if (!format.ok()) return format.status();
  if (absl::Status status = CheckParameters(*format, path); !status.ok()) return status;
  return *std::move(format);
}

absl::Status CheckParameters(const StoreFormat& found, std::string_view path) {
  const auto expected = StoreFormat::ProgramParameters();
  for (size_t i = 0; i < expected.size(); ++i) {
    if (found.parameters[i].second == expected[i].second) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        std::string(path), ": found ", std::string(expected[i].first), " ",
        found.parameters[i].second, "; expected ", expected[i].second,
        "; use the wonbond that wrote the folder, or import the articles into a new folder"));
  }
  return absl::OkStatus();
}

absl::Status CheckSeed(const StoreFormat& found, uint32_t seed_fingerprint, std::string_view path) {
  if (found.seed_fingerprint == seed_fingerprint) return absl::OkStatus();
  const std::string cure = found.seed_in_folder
                               ? "start without --seed-file, or restore the folder's seed file"
                               : "give the --seed-file that the folder was made with";
  return absl::FailedPreconditionError(absl::StrCat(
      std::string(path), ": found an index made with the seed of fingerprint ",
      absl::Hex(found.seed_fingerprint, absl::kZeroPad8), "; expected fingerprint ",
      absl::Hex(seed_fingerprint, absl::kZeroPad8), ", that of the seed given; ", cure));
}

}  // namespace wonbon
