#include "client/import/dry_run.h"

#include <optional>
#include <utility>

#include "client/import/import_file.h"
#include "client/import/key_counts.h"
#include "client/limits.h"

namespace wonbon::client {
namespace {

void CountFields(const v1::Document& document, DryRunReport* report) {
  for (const auto& [field, there] : LineFields(document)) {
    if (field != "id") report->fields[std::string(field)] += there ? 1 : 0;  // all have one
  }
  report->fields["labels"] += document.labels().empty() ? 0 : 1;
  if (document.body().empty()) ++report->empty_bodies;
  if (document.body().size() > kDefaultBodyBytes) ++report->long_bodies;
}

bool HasControl(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && (text[i + 1] & 0xE0) == 0x80;
    if (byte < 0x20 || byte == 0x7F || c1) return true;
  }
  return false;
}

}  // namespace

absl::Status CheckLimits(const v1::Document& document) {
  const struct {
    const char* field;
    const std::string& text;
    size_t max_bytes;
  } fields[] = {{"id", document.id(), kMaxIdBytes},
                {"title", document.title(), kMaxTitleBytes},
                {"body", document.body(), kMaxDocumentBytes},
                {"publisher", document.publisher(), kMaxPublisherBytes},
                {"url", document.url(), kMaxUrlBytes},
                {"byline", document.byline(), kMaxBylineBytes},
                {"section", document.section(), kMaxSectionBytes}};
  for (const auto& [field, text, max_bytes] : fields) {
    const std::string name = std::string("document.") + field;
    if (text.size() > max_bytes) {
      return absl::InvalidArgumentError(name + ": has " + std::to_string(text.size()) +
                                        " bytes, at most " + std::to_string(max_bytes) +
                                        " are allowed");
    }
    if (text.find('\0') != std::string::npos) {
      return absl::InvalidArgumentError(name + ": has a NUL byte");
    }
  }
  if (HasControl(document.id())) {
    return absl::InvalidArgumentError("document.id: has a control character");
  }
  return absl::OkStatus();
}

absl::StatusOr<DryRunReport> DryRun(
    const ImportOptions& options,
    const std::function<absl::Status(const RejectsFile::InputLine& at, std::string_view article,
                                     std::string_view reason)>& on_reject) {
  if (absl::Status status = CheckFiles(options); !status.ok()) return status;
  DryRunReport report;
  absl::Status damaged;
  for (const std::string& path : options.files) {
    absl::StatusOr<std::unique_ptr<InputStream>> input = OpenInput(path);
    if (!input.ok()) return input.status();
    ArticleFile file(path, options, *std::move(input));
    if (absl::Status status = file.CheckHead(); !status.ok()) return status;
    for (;;) {
      const absl::StatusOr<std::optional<Line>> line = file.Next();
      if (absl::IsDataLoss(line.status())) damaged.Update(line.status());
      if (absl::IsDataLoss(line.status())) break;
      if (!line.ok()) return line.status();
      if (!line->has_value()) break;
      if (DocumentReader::IsBlank(**line)) continue;
      v1::Document document;
      absl::Status why = file.Read(**line, &document);
      const ArticleLineNotes& notes = file.documents.notes();
      report.keys.Add(notes, document);
      if (notes.zone_assumed) ++report.times_without_zone;
      if (why.ok()) why = CheckLimits(document);
      if (!why.ok()) {
        ++report.rejected;
        const std::string reason(why.message());
        if (absl::Status status = on_reject(InputLineOf(options, path, (*line)->number),
                                            file.documents.Text(**line), reason);
            !status.ok()) {
          return status;
        }
        continue;
      }
      CountFields(document, &report);
      report.bytes += document.ByteSizeLong();
      if (report.documents++ == 0) report.first = std::move(document);
    }
    report.converted += file.documents.converted();
  }
  if (!damaged.ok()) return damaged;
  return report;
}

}  // namespace wonbon::client
