// Words that headlines are searched for.
//
// Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace wonbon {

class TitleWords {
 public:
  // Words between spaces; none where `text` is empty. INVALID_ARGUMENT on "title_words": longer
  // than kMaxTitleWordsBytes, or without a letter or digit.
  static absl::StatusOr<TitleWords> Parse(std::string_view text);

  bool empty() const { return words_.empty(); }
  // Whether a headline has all words: of both only letters and digits count, whatever their case
  // and width, and a word may be part of a longer one.
  bool StandIn(std::string_view title) const;

 private:
  std::vector<std::u16string> words_;  // units (core/text/canonical.h)
};

}  // namespace wonbon
