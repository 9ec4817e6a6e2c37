#include "core/text/utf8.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace wonbon {
namespace {

using namespace std::string_literals;

struct Case {
  std::string what;
  std::string text;
  size_t invalid_at;  // npos: valid
};

constexpr size_t kValid = std::string::npos;

const Case kCases[] = {
    {"empty", "", kValid},
    {"ASCII", "wonbon", kValid},
    {"NUL is UTF-8", "a\0b"s, kValid},
    {"Hangul", "원본", kValid},
    {"first of two bytes", "\xC2\x80", kValid},
    {"last of two bytes", "\xDF\xBF", kValid},
    {"first of three bytes", "\xE0\xA0\x80", kValid},
    {"last before the surrogates", "\xED\x9F\xBF", kValid},
    {"first past the surrogates", "\xEE\x80\x80", kValid},
    {"last of three bytes", "\xEF\xBF\xBF", kValid},
    {"first of four bytes", "\xF0\x90\x80\x80", kValid},
    {"U+10FFFF", "\xF4\x8F\xBF\xBF", kValid},
    {"overlong two bytes", "a\xC0\x80", 1},
    {"overlong slash", "a\xC1\xAF", 1},
    {"overlong three bytes", "가\xE0\x9F\xBF", 3},
    {"overlong four bytes", "\xF0\x8F\xBF\xBF", 0},
    {"first surrogate", "가나\xED\xA0\x80", 6},
    {"last surrogate", "\xED\xBF\xBF", 0},
    {"past U+10FFFF", "\xF4\x90\x80\x80", 0},
    {"five bytes", "\xF8\x88\x80\x80\x80", 0},
    {"FE", "ab\xFE", 2},
    {"FF", "\xFF", 0},
    {"stray continuation", "ab\x80", 2},
    {"truncated two bytes", "a\xC3", 1},
    {"truncated Hangul", "가\xEA\xB0", 3},
    {"truncated Hangul, one byte", "가\xEA", 3},
    {"truncated four bytes", "\xF0\x9F\x98", 0},
    {"second byte is ASCII", "가\xEA(\x80", 3},
    {"third byte is a lead byte", "\xEA\xB0\xEA\xB0\x80", 0},
    {"fourth byte is ASCII", "\xF0\x9F\x98z", 0},
    {"after eight ASCII bytes", "abcdefgh\xFFijklmnop", 8},
    {"CP949", "\xBF\xF8\xBA\xBB", 0},
};

TEST(Utf8Test, FindsTheFirstIllFormedSequence) {
  for (const Case& c : kCases) {
    const size_t expected = c.invalid_at == kValid ? c.text.size() : c.invalid_at;
    EXPECT_EQ(FindInvalidUtf8(c.text), expected) << c.what;
    // The same behind and before text that takes the fast paths.
    const std::string before = "기사 본문, ascii text 123 ";
    EXPECT_EQ(FindInvalidUtf8(before + c.text), before.size() + expected) << c.what;
    if (c.invalid_at == kValid) {
      const std::string longer = c.text + "뒤에 오는 글";
      EXPECT_EQ(FindInvalidUtf8(longer), longer.size()) << c.what;
    }
  }
}

// Unicode 15, table 3-7, read off as ranges: slow and obvious.
size_t WellFormedBytes(const std::string& s, size_t i) {
  struct Row {
    int first_low, first_high, second_low, second_high;
    size_t bytes;
  };
  constexpr Row kRows[] = {
      {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
      {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
      {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
  };
  const auto byte = [&](size_t at) { return static_cast<int>(static_cast<uint8_t>(s[at])); };
  for (const Row& row : kRows) {
    if (byte(i) < row.first_low || byte(i) > row.first_high) continue;
    if (i + row.bytes > s.size()) return 0;
    if (row.bytes > 1 && (byte(i + 1) < row.second_low || byte(i + 1) > row.second_high)) return 0;
    for (size_t k = 2; k < row.bytes; ++k) {
      if (byte(i + k) < 0x80 || byte(i + k) > 0xBF) return 0;
    }
    return row.bytes;
  }
  return 0;
}

size_t SlowFindInvalidUtf8(const std::string& s) {
  size_t i = 0;
  while (i < s.size()) {
    const size_t bytes = WellFormedBytes(s, i);
    if (bytes == 0) return i;
    i += bytes;
  }
  return s.size();
}

TEST(Utf8Test, AgreesWithTheTableOnEveryTwoBytesInContext) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      for (const std::string& tail : {""s, "\x80"s, "\x80\x80"s, "\xBF가"s}) {
        std::string s = {static_cast<char>(first), static_cast<char>(second)};
        s += tail;
        ASSERT_EQ(FindInvalidUtf8(s), SlowFindInvalidUtf8(s)) << first << " " << second;
      }
    }
  }
}

TEST(Utf8Test, AgreesWithTheTableOnDamagedText) {
  const uint32_t seed = 20240611;
  std::mt19937 random(seed);
  SCOPED_TRACE(seed);
  const std::string text = "서울 – 😀 한글과 ascii, é, ￡, 𠮷野家. 기사의 끝.";
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = text;
    for (int i = 0; i < 2; ++i) {
      damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
    }
    if (random() % 2 == 0) damaged.resize(random() % damaged.size());
    ASSERT_EQ(FindInvalidUtf8(damaged), SlowFindInvalidUtf8(damaged));
  }
}

}  // namespace
}  // namespace wonbon
