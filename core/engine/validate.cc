#include "core/engine/validate.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/text/utf8.h"

namespace wonbon {
namespace {

// The byte of the first control character (U+0000 to 1F, 7F to 9F), or the size of the text.
size_t FindControl(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char byte = text[i];
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && (text[i + 1] & 0xE0) == 0x80;
    if (byte < 0x20 || byte == 0x7F || c1) return i;
  }
  return text.size();
}

}  // namespace

absl::Status ValidateText(std::string_view field, std::string_view text, size_t max_bytes) {
  if (text.size() > max_bytes) {
    return InvalidField(field, absl::StrCat("has ", text.size(), " bytes, at most ", max_bytes,
                                            " are allowed"));
  }
  if (const size_t offset = FindInvalidUtf8(text); offset != text.size()) {
    return InvalidField(field, absl::StrCat("is not valid UTF-8 at byte ", offset));
  }
  if (const size_t offset = text.find('\0'); offset != std::string_view::npos) {
    return InvalidField(field, absl::StrCat("has a NUL byte at byte ", offset));
  }
  return absl::OkStatus();
}

absl::Status ValidateId(std::string_view field, std::string_view id) {
  if (id.empty()) return InvalidField(field, "is required");
  if (absl::Status status = ValidateText(field, id, kMaxIdBytes); !status.ok()) return status;
  if (const size_t offset = FindControl(id); offset != id.size()) {
    return InvalidField(field, absl::StrCat("has a control character at byte ", offset));
  }
  return absl::OkStatus();
}

absl::Status ValidateDocument(const Document& document, size_t max_body_bytes, bool id_optional) {
  if (!id_optional || !document.id.empty()) {
    if (absl::Status status = ValidateId("document.id", document.id); !status.ok()) return status;
  }
  const struct {
    std::string_view field;
    std::string_view text;
    size_t max_bytes;
  } fields[] = {{"document.title", document.title, kMaxTitleBytes},
                {"document.body", document.body, max_body_bytes},
                {"document.publisher", document.publisher, kMaxPublisherBytes},
                {"document.url", document.url, kMaxUrlBytes},
                {"document.byline", document.byline, kMaxBylineBytes},
                {"document.section", document.section, kMaxSectionBytes}};
  for (const auto& [field, text, max_bytes] : fields) {
    if (absl::Status status = ValidateText(field, text, max_bytes); !status.ok()) return status;
  }
  if (document.labels.size() > kMaxLabels) {
    return InvalidField("document.labels",
                        absl::StrCat("has ", document.labels.size(), " entries, at most ",
                                     kMaxLabels, " are allowed"));
  }
  for (const auto& [key, value] : document.labels) {
    if (key.empty()) return InvalidField("document.labels", "has an empty key");
    absl::Status status = ValidateText("document.labels", key, kMaxLabelKeyBytes);
    if (!status.ok()) return status;
    status = ValidateText(absl::StrCat("document.labels[", key, "]"), value, kMaxLabelValueBytes);
    if (!status.ok()) return status;
  }
  static const absl::Time kFirst = absl::FromCivil(absl::CivilSecond(1), absl::UTCTimeZone());
  static const absl::Time kLast = absl::FromCivil(absl::CivilSecond(10000), absl::UTCTimeZone());
  if (document.published_at.has_value() &&
      (*document.published_at < kFirst || *document.published_at >= kLast)) {
    return InvalidField("document.published_at", "is outside the years 1 to 9999");
  }
  return absl::OkStatus();
}

absl::Status ValidateCollectionName(std::string_view name) {
  if (name.empty()) return InvalidField("name", "is required");
  if (name.size() > kMaxCollectionNameBytes) {
    return InvalidField("name", absl::StrCat("has ", name.size(), " bytes, at most ",
                                             kMaxCollectionNameBytes, " are allowed"));
  }
  const auto allowed = [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_';
  };
  if (!std::all_of(name.begin(), name.end(), allowed) || name[0] == '-' || name[0] == '_') {
    return InvalidField("name",
                        "may have a-z, 0-9, '-' and '_' only, and starts with one of a-z, 0-9");
  }
  return absl::OkStatus();
}

absl::Status ValidateSettings(const CollectionSettings& settings) {
  const struct {
    std::string_view field;
    const std::vector<std::string>& publishers;
  } lists[] = {{"settings.preferred_publishers", settings.preferred_publishers},
               {"settings.wire_publishers", settings.wire_publishers}};
  for (const auto& [field, publishers] : lists) {
    if (publishers.size() > kMaxPublisherListEntries) {
      return InvalidField(field, absl::StrCat("has ", publishers.size(), " entries, at most ",
                                              kMaxPublisherListEntries, " are allowed"));
    }
    for (const std::string& publisher : publishers) {
      if (publisher.empty()) return InvalidField(field, "has an empty entry");
      absl::Status status = ValidateText(field, publisher, kMaxPublisherBytes);
      if (!status.ok()) return status;
    }
  }
  if (settings.retention < absl::ZeroDuration() ||
      (settings.retention > absl::ZeroDuration() && settings.retention < absl::Minutes(1))) {
    return InvalidField("settings.retention", "must be zero (never) or at least one minute");
  }
  return absl::OkStatus();
}

}  // namespace wonbon
