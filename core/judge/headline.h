// What a headline says besides its words: the stage that an affair has reached, and whether the
// item announces itself as an update.
//
// Pure functions, thread-safe.
#pragma once

#include <bitset>
#include <cstddef>
#include <string_view>

namespace wonbon {

// The stages named in a text: 체포, 기소, 항소, 개막, 폐막 ... One bit for each word of the list in
// headline.cc. A follow-up names a stage that the first report did not know.
inline constexpr size_t kStageBits = 192;
using StageSet = std::bitset<kStageBits>;

// Those of a case: police, prosecution, court. They follow one another, and each is news.
const StageSet& CaseStages();

// `units`: letters and digits of a headline or a lead (see CanonicalText).
StageSet ReadStages(std::u16string_view units);

// True for a headline marked as a further version of one item: "(종합)", "[종합2보]", "(3보)",
// "[상보]". `folded`: with its punctuation.
bool IsUpdate(std::u16string_view folded);

}  // namespace wonbon
