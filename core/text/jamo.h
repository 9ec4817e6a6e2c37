// Syllables spelled in compatibility jamo ("ㅎㅏㄴㄱㅡㄹ", U+3131...) or half-width jamo
// (U+FFA1...), which Unicode composes without their finals. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace wonbon {

// Whether `c` is a modern compatibility or half-width jamo.
bool IsSpelledJamo(char32_t c);

// A syllable spelled at the start of `jamo`.
struct SpelledSyllable {
  char16_t syllable = 0;  // 0: none is spelled there
  size_t jamo = 0;        // how many it took
};

// The most jamo that decide on one syllable: lead, two vowels, two finals, and one that tells
// whether the last final is the lead of the next syllable.
inline constexpr size_t kSpelledSyllableJamo = 6;

// A consonant in front of a vowel is the lead of that vowel, as on a keyboard: of "ㄱㅏㄱㅏ" both are
// "가", of "ㄱㅏㄱ" the whole is "각". Vowels and finals of two letters may be spelled as one or as
// two. Letters that form no syllable ("ㅋㅋ", "ㅠㅠ") are none.
SpelledSyllable SpellSyllable(std::u32string_view jamo);

}  // namespace wonbon
