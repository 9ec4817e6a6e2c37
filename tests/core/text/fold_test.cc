#include "core/text/fold.h"

#include <gtest/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <random>
#include <string>

#include "core/text/jamo.h"
#include "core/text/limits.h"
#include "tests/core/text/utf8_of.h"

namespace wonbon {
namespace {

struct Case {
  std::string what;
  std::string text;
  std::u16string folded;
};

const Case kCases[] = {
    {"plain Hangul stays", "한글 기사.", u"한글 기사."},
    {"capitals", "KOSPI Ünïcode", u"kospi ünïcode"},
    {"decomposed Hangul", "\u1112\u1161\u11AB\u1100\u1173\u11AF", u"한글"},
    {"decomposed Hangul behind a syllable", "각각", u"각각"},
    {"decomposed accent", "Cafe\u0301", u"caf\u00E9"},
    {"full width", "ＫＢＳ　２０２４년　１２．５％", u"kbs 2024년 12.5%"},
    {"half width Hangul", "ﾡﾢ", u"ᄀᄁ"},
    {"half width kana with its mark", "ｶﾞ", u"ガ"},
    {"compatibility Hanja", "金\uF90A 樂\uF914", u"金金 樂樂"},
    {"Hanja are not converted", "大統領 美 中", u"大統領 美 中"},
    {"compatibility jamo", "ㅋㅋ", u"ᄏᄏ"},
    {"syllables spelled in compatibility jamo", "ㅎㅏㄴㄱㅡㄹ ㄷㅏㄺㅇㅣ", u"한글 닭이"},
    {"syllables spelled in half width jamo", "ﾾￂﾤﾡￚﾩ", u"한글"},
    {"jamo that spell nothing between syllables", "와ㅋㅋ ㅠㅠ ㄱ씨 하ㄴ", u"와ᄏᄏ ᅲᅲ ᄀ씨 하ᄂ"},
    {"spelled syllables beside others", "각ㄱㅏㄴ각", u"각간각"},
    {"ligatures and symbols", "ﬁ ㎏ ㈜ ½ ℃", u"fi kg (주) 1⁄2 °c"},
    {"circled digits", "①②", u"12"},
    {"sharp s", "Straße", u"strasse"},
    {"zero width characters", "대\u200B한\u200C민\u200D국\uFEFF", u"대한민국"},
    {"soft hyphen", "co\u00ADoperate", u"cooperate"},
    {"variation selector", "葛\uFE0F葛\U000E0100", u"葛葛"},
    {"word joiner and direction marks", "가\u2060나\u200E다\u202A라\u202C", u"가나다라"},
    {"no-break and other spaces", "가\u00A0나\u2003다\u3000라\t마", u"가 나 다 라 마"},
    {"every kind of line end", "가\r나\n다\u2028라\u2029마\u0085바", u"가\n나\n다\n라\n마\n바"},
    {"araea typed as middle dot", "6ㆍ4 선거", u"6·4 선거"},
    {"circled c typed as copyright sign", "ⓒ Ⓒ ©", u"© © ©"},
    {"past the basic plane", "𠮷 😀 𝐀", u"𠮷 😀 a"},
    {"a mark alone", "\u0301", u"\u0301"},
    {"a mark in front", "\u0301가", u"\u0301가"},
    {"decomposed at the end", "끝\u1101\u1161", u"끝까"},
};

TEST(FoldTest, FoldsByTable) {
  for (const Case& c : kCases) {
    EXPECT_EQ(Fold(c.text, false).text, c.folded) << c.what;
  }
}

TEST(FoldTest, AsksForSourceWithoutChangingTheText) {
  for (const Case& c : kCases) {
    const FoldedText folded = Fold(c.text, true);
    EXPECT_EQ(folded.text, c.folded) << c.what;
    ASSERT_EQ(folded.source.size(), folded.text.size()) << c.what;
    ASSERT_EQ(folded.source_end.size(), folded.text.size()) << c.what;
  }
}

TEST(FoldTest, SourceOfAComposedSyllableIsAllItsJamo) {
  const std::string text = "a\u1112\u1161\u11AB\u1100\u1173\u11AFb";
  const FoldedText folded = Fold(text, true);
  ASSERT_EQ(folded.text, u"a한글b");
  EXPECT_EQ(folded.source, (std::vector<uint32_t>{0, 1, 10, 19}));
  EXPECT_EQ(folded.source_end, (std::vector<uint32_t>{1, 10, 19, 20}));
}

TEST(FoldTest, SourceOfWhatOneCharacterBecameIsThatCharacter) {
  const FoldedText folded = Fold("가㎏나", true);
  ASSERT_EQ(folded.text, u"가kg나");
  EXPECT_EQ(folded.source, (std::vector<uint32_t>{0, 3, 3, 6}));
  EXPECT_EQ(folded.source_end, (std::vector<uint32_t>{3, 6, 6, 9}));
}

std::string RandomText(std::mt19937* random) {
  static const std::vector<std::string> kPieces = {
      "가", "힣",     "각",     "a",      "Z",  "\u00E9", "e\u0301", "ᄀ", "ᅡ", "ᆨ",
      "ㅗ", "ㅣ",     "ㄳ",     "ㄸ",     "ﾾ",  "ￂ",
      "ㄱ", "ㅏ",     "\u200B", "\u00AD", "金", "\uF90A", "ﬁ",       "１", "Ａ", " ",
      "\n", "\u0301", "\u0323", "😀",      "𠮷", "ガ",     "ｶ",       "ﾞ",  "ß",  "İ",
      "Σ",  "①",      "\u0345", "\uFE0F", "ⓒ",  "…",      "“",       "·"};
  std::string text;
  for (size_t i = (*random)() % 40; i > 0; --i) text += kPieces[(*random)() % kPieces.size()];
  return text;
}

// All at once by ICU, with the differences that fold.h announces.
std::u16string SlowFold(const std::string& text) {
  icu::UnicodeString all = icu::UnicodeString::fromUTF8(text);
  std::u32string characters(static_cast<size_t>(all.countChar32()), 0);
  UErrorCode status = U_ZERO_ERROR;
  all.toUTF32(reinterpret_cast<UChar32*>(characters.data()),
              static_cast<int32_t>(characters.size()), status);
  icu::UnicodeString replaced;
  for (size_t i = 0; i < characters.size();) {
    const SpelledSyllable spelled = SpellSyllable(std::u32string_view(characters).substr(i));
    if (spelled.jamo > 0) {
      replaced.append(spelled.syllable);
      i += spelled.jamo;
      continue;
    }
    replaced.append(characters[i] == U'ⓒ' ? UChar32{0xA9} : static_cast<UChar32>(characters[i]));
    ++i;
  }
  const icu::UnicodeString folded =
      icu::Normalizer2::getNFKCCasefoldInstance(status)->normalize(replaced, status);
  return std::u16string(folded.getBuffer(), static_cast<size_t>(folded.length()));
}

TEST(FoldTest, AgreesWithFoldingAllAtOnce) {
  const uint32_t seed = 7;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 50'000; ++round) {
    const std::string text = RandomText(&random);
    const FoldedText folded = Fold(text, true);
    ASSERT_EQ(folded.text, SlowFold(text)) << text;
    ASSERT_EQ(folded.text, Fold(text, false).text) << text;
    for (size_t i = 0; i < folded.text.size(); ++i) {
      ASSERT_LT(folded.source[i], folded.source_end[i]) << text;
      ASSERT_LE(folded.source_end[i], text.size()) << text;
      if (i > 0) {
        ASSERT_LE(folded.source[i - 1], folded.source[i]) << text;
      }
    }
  }
}

TEST(FoldTest, FoldingTwiceChangesNothing) {
  const uint32_t seed = 8;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 5'000; ++round) {
    const std::u16string once = Fold(RandomText(&random), false).text;
    const std::string utf8 = Utf8(once);
    EXPECT_EQ(Fold(utf8, false).text, once) << utf8;
  }
}

TEST(FoldTest, CutsARunOfCombiningMarks) {
  std::string text = "a";
  for (size_t i = 0; i < kMaxCombiningMarks + 100; ++i) text += "\u0323";
  const std::u16string folded = Fold(text + "가", false).text;
  EXPECT_LE(folded.size(), kMaxCombiningMarks + 2);
  EXPECT_EQ(folded.back(), u'가');
}

// Reordering a run of marks is quadratic in its length: 250,000 marks would take minutes, which the
// time limit of the test shows.
TEST(FoldTest, FoldsAMegabyteOfCombiningMarks) {
  for (const std::string marks :
       {"\u0301", "\u0323\u0301", "\u0301\u0323\u0345", "\u1161", "\u11A8", "\u200D", "ﾞ",
        "\u0F71\u0F72", "ㄱ", "ㄱㅏ", "ㅏ"}) {
    std::string text = "a";
    while (text.size() < (1 << 20)) text += marks;
    EXPECT_EQ(Fold(text + "끝", true).text.back(), u'끝') << marks;
  }
}

TEST(FoldTest, SurvivesWhatIsNotUtf8) {
  std::mt19937 random(9);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 20, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 256);
    const FoldedText folded = Fold(bytes, true);
    for (uint32_t end : folded.source_end) ASSERT_LE(end, bytes.size());
  }
}

TEST(FoldTest, UnitsAreLettersAndDigits) {
  for (char16_t c : std::u16string(u"가힣az09漢ᄀé½ガ²")) EXPECT_TRUE(IsUnit(c)) << int{c};
  for (char16_t c : std::u16string(u" \n.,·“”©-_()[]%°\u0301→▶")) EXPECT_FALSE(IsUnit(c)) << int{c};
  EXPECT_TRUE(IsSupplementaryUnit(u"𠮷"[0], u"𠮷"[1]));
  EXPECT_FALSE(IsSupplementaryUnit(u"😀"[0], u"😀"[1]));
}

}  // namespace
}  // namespace wonbon
