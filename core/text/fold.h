// Unicode folding, the second step of the canonical text: UTF-8 -> NFKC, case folded, default
// ignorable characters (zero width, soft hyphen, variation selectors) gone; as UTF-16. Hanja stay
// Hanja; every kind of line end becomes '\n', every other white space ' '.
//
// The folding is ICU's NFKC_Casefold, with syllables that are spelled in compatibility jamo
// composed (jamo.h). Characters that it maps one to one come from a table built from ICU once; only
// what combines (decomposed Hangul, accents, ligatures) goes through ICU.
// Thread-safe. Linear time: see kMaxCombiningMarks (limits.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wonbon {

struct FoldedText {
  std::u16string text;
  // Only if asked for: byte offsets, in what was folded, of the character that text[i] comes from
  // and of the byte just past it. Where several characters became one, all of them.
  std::vector<uint32_t> source;
  std::vector<uint32_t> source_end;
};

FoldedText Fold(std::string_view utf8, bool with_source);

// Whether a UTF-16 unit is (half of) a letter or a digit: Unicode L* and N*. Halves of surrogate
// pairs are judged as IsSupplementaryUnit.
bool IsUnit(char16_t c);
bool IsSupplementaryUnit(char16_t high, char16_t low);

}  // namespace wonbon
