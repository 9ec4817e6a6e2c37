#include "core/text/jamo.h"

#include <cstdint>

namespace wonbon {
namespace {

// A jamo by its place in the compatibility block, ㄱ = 1 ... ㅣ = 51; 0 for anything else.
using Letter = uint8_t;
constexpr Letter kFirstVowel = 31;  // ㅏ
constexpr Letter kLastLetter = 51;
constexpr char32_t kBeforeFirst = 0x3130;

// Of consonants ㄱ (1) ... ㅎ (30): their number as a lead and as a final, from 1; 0 for none.
constexpr uint8_t kLeads[] = {0, 1, 2, 0, 3,  0, 0,  4,  5,  6,  0,  0,  0,  0,  0, 0,
                              0, 7, 8, 9, 0,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
constexpr uint8_t kFinals[] = {0,  1,  2,  3, 4,  5,  6,  7,  0,  8, 9,  10, 11, 12, 13, 14,
                               15, 16, 17, 0, 18, 19, 20, 21, 22, 0, 23, 24, 25, 26, 27};

struct Pair {
  Letter first, second, both;
};
constexpr Pair kVowelPairs[] = {{39, 31, 40}, {39, 32, 41}, {39, 51, 42}, {44, 35, 45},
                                {44, 36, 46}, {44, 51, 47}, {49, 51, 50}};
constexpr Pair kFinalPairs[] = {{1, 21, 3},   {4, 24, 5},   {4, 30, 6},   {9, 1, 10},
                                {9, 17, 11},  {9, 18, 12},  {9, 21, 13},  {9, 28, 14},
                                {9, 29, 15},  {9, 30, 16},  {18, 21, 20}};

template <size_t kPairs>
Letter Join(const Pair (&pairs)[kPairs], Letter first, Letter second) {
  for (const Pair& pair : pairs) {
    if (pair.first == first && pair.second == second) return pair.both;
  }
  return 0;
}

Letter LetterOf(char32_t c) {
  if (c > kBeforeFirst && c <= kBeforeFirst + kLastLetter) {
    return static_cast<Letter>(c - kBeforeFirst);
  }
  if (c >= 0xFFA1 && c <= 0xFFBE) return static_cast<Letter>(c - 0xFFA0);
  if (c < 0xFFC2 || c > 0xFFDC) return 0;
  // Half-width vowels stand in rows of six, with two places between.
  const char32_t in_row = (c - 0xFFC2) % 8;
  if (in_row >= 6) return 0;
  return static_cast<Letter>(kFirstVowel + (c - 0xFFC2) / 8 * 6 + in_row);
}

bool IsVowel(Letter letter) { return letter >= kFirstVowel; }

}  // namespace

bool IsSpelledJamo(char32_t c) { return LetterOf(c) != 0; }

SpelledSyllable SpellSyllable(std::u32string_view jamo) {
  const auto at = [jamo](size_t i) { return i < jamo.size() ? LetterOf(jamo[i]) : Letter{0}; };
  const auto lead_at = [&at](size_t i) { return IsVowel(at(i)) ? uint8_t{0} : kLeads[at(i)]; };
  const auto final_at = [&at, &lead_at](size_t i) {
    const bool is_next_lead = lead_at(i) > 0 && IsVowel(at(i + 1));
    return IsVowel(at(i)) || is_next_lead ? uint8_t{0} : kFinals[at(i)];
  };
  const uint8_t lead = lead_at(0);
  if (lead == 0 || !IsVowel(at(1))) return {};
  size_t used = 2;
  Letter vowel = at(1);
  if (const Letter both = Join(kVowelPairs, vowel, at(2)); both != 0) {
    vowel = both;
    ++used;
  }
  uint8_t final = final_at(used);
  if (final != 0) {
    const Letter both = final_at(used + 1) != 0 ? Join(kFinalPairs, at(used), at(used + 1)) : 0;
    if (both != 0) final = kFinals[both];
    used += both != 0 ? 2 : 1;
  }
  const int index = ((lead - 1) * 21 + (vowel - kFirstVowel)) * 28 + final;
  return {static_cast<char16_t>(0xAC00 + index), used};
}

}  // namespace wonbon
