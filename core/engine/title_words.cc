#include "core/engine/title_words.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/text/canonical.h"
#include "core/views.h"

namespace wonbon {

absl::StatusOr<TitleWords> TitleWords::Parse(std::string_view text) {
  if (text.size() > kMaxTitleWordsBytes) {
    return InvalidField("title_words",
                        absl::StrCat("must be at most ", kMaxTitleWordsBytes, " bytes"));
  }
  TitleWords parsed;
  if (text.empty()) return parsed;
  const std::string plain = absl::StrReplaceAll(Absl(text), {{"\u3000", " "}});
  for (const absl::string_view word : absl::StrSplit(plain, absl::ByAnyChar(" \t\r\n"))) {
    std::u16string units = CanonicalizeTitle(Std(word)).units;
    if (!units.empty()) parsed.words_.push_back(std::move(units));
  }
  if (parsed.empty()) return InvalidField("title_words", "must have a letter or a digit");
  return parsed;
}

bool TitleWords::StandIn(std::string_view title) const {
  const std::u16string units = CanonicalizeTitle(title).units;
  return std::all_of(words_.begin(), words_.end(), [&units](const std::u16string& word) {
    return units.find(word) != units.npos;
  });
}

}  // namespace wonbon
