// Bodies as they are stored.
#include "core/store/body.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include <thread>
#include <vector>

#include "core/store/limits.h"
#include "core/store/store.h"
#include "tests/core/store/sample_records.h"

namespace wonbon {
namespace {

void AppendLetter(uint32_t letter, std::string& out) {
  const auto rest = [&](int shift) { out += static_cast<char>(0x80 | (letter >> shift & 0x3F)); };
  if (letter < 0x80) {
    out += static_cast<char>(letter);
    return;
  }
  if (letter < 0x800) {
    out += static_cast<char>(0xC0 | letter >> 6);
  } else if (letter < 0x10000) {
    out += static_cast<char>(0xE0 | letter >> 12);
    rest(6);
  } else {
    out += static_cast<char>(0xF0 | letter >> 18);
    rest(12);
    rest(6);
  }
  rest(0);
}

TEST(BodyTest, BodiesOfEverySizeUnpackToThemselves) {
  SampleRecords records(21);
  for (const size_t size : {0, 1, 63, 64, 65, 500, 4'300, 262'144, 1'000'000}) {
    for (const std::string& body :
         {records.Text(size), std::string(size, '\0'), records.Bytes(size)}) {
      const auto unpacked = UnpackBody(PackBody(body));
      ASSERT_TRUE(unpacked.ok()) << unpacked.status();
      EXPECT_EQ(*unpacked, body);
    }
  }
}

TEST(BodyTest, KoreanTextShrinksAndNoiseGrowsByOneByte) {
  SampleRecords records(22);
  const std::string text = records.Text(4'300);
  EXPECT_LT(PackBody(text).size(), text.size() * 6 / 10);
  const std::string noise = records.Bytes(10'000);
  EXPECT_EQ(PackBody(noise), std::string(1, '\0') + noise);
  EXPECT_EQ(PackBody("short"), std::string(1, '\0') + "short");
}

TEST(BodyTest, EveryLetterUnpacksToItself) {
  // Among syllables, so that the whole is shorter in Korean code.
  const std::string syllables = "대한민국의 아침은 조용하다 ";
  for (uint32_t first = 1; first < 0x110000; first += 16) {
    if (first > 0x11000 && first % 0x1000 > 64) continue;
    std::string body = syllables + syllables + syllables + syllables;
    for (uint32_t letter = first; letter < first + 16; ++letter) {
      if (letter < 0xD800 || letter > 0xDFFF) AppendLetter(letter, body);
    }
    body += syllables + syllables;
    const std::string packed = PackBody(body);
    ASSERT_EQ(packed.front(), 2) << first;
    ASSERT_EQ(*UnpackBody(packed), body) << first;
  }
}

TEST(BodyTest, OnlyWhatKoreanCodeShortensIsWrittenInIt) {
  std::string english, korean, repeated;
  for (int i = 0; i < 20; ++i) english += "The committee met on Monday and decided nothing. ";
  for (int i = 0; i < 20; ++i) korean += "위원회는 월요일에 모여 아무것도 정하지 않았다. ";
  while (repeated.size() <= 16 << 10) repeated += korean;
  EXPECT_EQ(PackBody(english).front(), 1);
  EXPECT_EQ(PackBody(korean).front(), 2);
  EXPECT_EQ(PackBody(repeated).front(), 1);
  EXPECT_EQ(PackBody(korean + "\xED\xA0\x80").front(), 1);  // not UTF-8
}

TEST(BodyTest, CodeOfAnotherSizeIsDataLoss) {
  std::string body;
  for (int i = 0; i < 20; ++i) body += "한 글자도 잃지 않는다 ";
  std::string packed = PackBody(body);
  for (const int change : {-3, -1, 1, 3, 120}) {
    std::string other = packed;
    other[1] = static_cast<char>(other[1] + change);
    EXPECT_TRUE(absl::IsDataLoss(UnpackBody(other).status())) << change;
  }
  for (const char* lead : {"\xD0", "\xFE\x11", "\xFF\x01\xF6"}) {  // a letter that is cut
    EXPECT_TRUE(absl::IsDataLoss(UnpackBody(packed + lead).status()));
  }
  EXPECT_TRUE(absl::IsDataLoss(UnpackBody(std::string("\2\0\0\0", 4)).status()));
}

TEST(BodyTest, DamageIsDataLossOrAnotherBodyButNeverACrash) {
  SampleRecords records(23);
  const std::string packed = PackBody(records.Text(3'000));
  for (size_t size = 0; size < packed.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(UnpackBody(packed.substr(0, size)).status())) << size;
  }
  for (int round = 0; round < 5'000; ++round) {
    std::string damaged = packed;
    damaged[records.Number(damaged.size())] ^= static_cast<char>(1 + records.Number(255));
    const auto body = UnpackBody(damaged);
    EXPECT_TRUE(body.ok() || absl::IsDataLoss(body.status()));
  }
}

TEST(BodyTest, AFrameThatPromisesTooMuchIsRefusedBeforeMemoryIsReserved) {
  const std::string zeros(kMaxCompressedBodyBytes + 1, '\0');
  std::string bomb(1 + ZSTD_compressBound(zeros.size()), '\1');
  bomb.resize(1 + ZSTD_compress(bomb.data() + 1, bomb.size() - 1, zeros.data(), zeros.size(), 1));
  EXPECT_TRUE(absl::IsDataLoss(UnpackBody(bomb).status()));
  // Such a body is stored as it is.
  EXPECT_EQ(*UnpackBody(PackBody(zeros)), zeros);
}

TEST(BodyTest, ThreadsPackAlike) {
  SampleRecords records(24);
  const std::string text = records.Text(4'300);
  const std::string packed = PackBody(text);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        EXPECT_EQ(PackBody(text), packed);
        EXPECT_EQ(*UnpackBody(packed), text);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace wonbon
