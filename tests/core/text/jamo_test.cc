#include "core/text/jamo.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace wonbon {
namespace {

constexpr std::u32string_view kLeads = U"ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
constexpr std::u32string_view kVowels = U"ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
constexpr std::u32string_view kFinals = U"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

std::u32string Spelled(char16_t syllable) {
  const int index = syllable - 0xAC00;
  std::u32string jamo{kLeads[index / 588], kVowels[index % 588 / 28]};
  if (index % 28 > 0) jamo += kFinals[index % 28 - 1];
  return jamo;
}

// Vowels and finals of two letters as they are typed.
std::u32string Typed(std::u32string jamo) {
  static constexpr std::u32string_view kPairs[] = {
      U"ㅘㅗㅏ", U"ㅙㅗㅐ", U"ㅚㅗㅣ", U"ㅝㅜㅓ", U"ㅞㅜㅔ", U"ㅟㅜㅣ", U"ㅢㅡㅣ", U"ㄳㄱㅅ", U"ㄵㄴㅈ",
      U"ㄶㄴㅎ", U"ㄺㄹㄱ", U"ㄻㄹㅁ", U"ㄼㄹㅂ", U"ㄽㄹㅅ", U"ㄾㄹㅌ", U"ㄿㄹㅍ", U"ㅀㄹㅎ", U"ㅄㅂㅅ"};
  std::u32string typed;
  for (const char32_t c : jamo) {
    std::u32string_view letters(&c, 1);
    for (const std::u32string_view pair : kPairs) {
      if (pair[0] == c) letters = pair.substr(1);
    }
    typed += letters;
  }
  return typed;
}

std::u32string HalfWidth(std::u32string jamo) {
  for (char32_t& c : jamo) {
    const char32_t vowel = c - U'ㅏ';
    c = c < U'ㅏ' ? c - U'ㄱ' + 0xFFA1 : 0xFFC2 + vowel / 6 * 8 + vowel % 6;
  }
  return jamo;
}

std::u16string Read(std::u32string_view jamo) {
  std::u16string read;
  for (size_t i = 0; i < jamo.size();) {
    const SpelledSyllable spelled = SpellSyllable(jamo.substr(i));
    read += spelled.jamo > 0 ? spelled.syllable : u'?';
    i += spelled.jamo > 0 ? spelled.jamo : 1;
  }
  return read;
}

TEST(JamoTest, ReadsEverySyllable) {
  for (char16_t c = 0xAC00; c <= 0xD7A3; ++c) {
    const std::u16string syllable(1, c);
    ASSERT_EQ(Read(Spelled(c)), syllable);
    ASSERT_EQ(Read(Typed(Spelled(c))), syllable);
    ASSERT_EQ(Read(HalfWidth(Spelled(c))), syllable);
  }
}

TEST(JamoTest, ReadsSyllablesInARow) {
  const uint32_t seed = 13;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 5'000; ++round) {
    std::u16string text;
    std::u32string jamo;
    for (size_t i = random() % 20; i > 0; --i) {
      text += static_cast<char16_t>(0xAC00 + random() % 11172);
      jamo += Spelled(text.back());
    }
    ASSERT_EQ(Read(jamo), text);
    ASSERT_EQ(Read(HalfWidth(jamo)), text);
  }
}

TEST(JamoTest, NeedsNoMoreThanItSays) {
  const std::u32string jamo = U"ㄷㅗㅐㄹㄱㅏ";
  ASSERT_EQ(jamo.size(), kSpelledSyllableJamo);
  EXPECT_EQ(SpellSyllable(jamo).syllable, u'됄');
  EXPECT_EQ(SpellSyllable(jamo.substr(0, 5)).syllable, SpellSyllable(U"ㄷㅙㄺ").syllable);
}

TEST(JamoTest, LettersThatFormNoSyllableAreNone) {
  for (const std::u32string_view jamo : {U"", U"ㄱ", U"ㅏ", U"ㅋㅋ", U"ㅠㅠ", U"ㅏㄱ", U"ㄳㅏ", U"가", U"a"}) {
    EXPECT_EQ(SpellSyllable(jamo).jamo, 0u);
  }
}

TEST(JamoTest, KnowsModernJamoOnly) {
  EXPECT_TRUE(IsSpelledJamo(U'ㄱ') && IsSpelledJamo(U'ㅣ'));
  EXPECT_TRUE(IsSpelledJamo(0xFFA1) && IsSpelledJamo(0xFFBE) && IsSpelledJamo(0xFFC2));
  EXPECT_TRUE(IsSpelledJamo(0xFFDC));
  for (const char32_t c : {0x3130u, 0x3164u, 0x318Du, 0xFFA0u, 0xFFBFu, 0xFFC1u, 0xFFC8u, 0xFFC9u,
                           0xFFDDu, 0x1100u, 0xAC00u}) {
    EXPECT_FALSE(IsSpelledJamo(c)) << static_cast<uint32_t>(c);
  }
}

}  // namespace
}  // namespace wonbon
