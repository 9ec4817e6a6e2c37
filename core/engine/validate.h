// Checks what clients send, before any work is done on it.
//
// Errors are those of InvalidField (core/error.h) with the path of the field. Thread-safe.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "core/document.h"
#include "core/record.h"

namespace wonbon {

// Lengths (core/limits.h), UTF-8, NUL bytes, dates. `id_optional`: an empty id is fine.
absl::Status ValidateDocument(const Document& document, size_t max_body_bytes, bool id_optional);
// An id on its own, as `field`.
absl::Status ValidateId(std::string_view field, std::string_view id);
// A piece of text of at most `max_bytes`, as `field`.
absl::Status ValidateText(std::string_view field, std::string_view text, size_t max_bytes);
// "name": 1 to kMaxCollectionNameBytes of a-z, 0-9, '-' and '_', the first a letter or a digit.
absl::Status ValidateCollectionName(std::string_view name);
absl::Status ValidateSettings(const CollectionSettings& settings);

}  // namespace wonbon
