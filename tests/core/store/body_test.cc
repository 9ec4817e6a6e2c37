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
