// A document as its publisher sent it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace wonbon {

enum class ContentType : uint8_t { kDetect = 0, kText = 1, kHtml = 2 };

// One article, as the client knows it. All text is UTF-8; `Validate()` (core/engine/validate.h)
// checks it and the limits of core/limits.h.
struct Document {
  std::string id;
  std::string title;
  std::string body;
  ContentType content_type = ContentType::kDetect;
  std::string publisher;
  std::string url;
  std::optional<absl::Time> published_at;
  std::string byline;
  std::string section;
  std::vector<std::pair<std::string, std::string>> labels;  // sorted by key, keys distinct
};

}  // namespace wonbon
