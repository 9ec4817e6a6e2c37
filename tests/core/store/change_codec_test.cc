// Changes as bytes: what is written reads back whole, and no damage is taken for a change.
#include "core/store/change_codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "core/limits.h"
#include "core/store/rice.h"
#include "tests/core/store/record_equality.h"
#include "tests/core/store/sample_records.h"
#include "xxhash.h"

namespace wonbon {
namespace {

TEST(ChangeCodecTest, RandomChangesReadBackAsTheyWereWritten) {
  SampleRecords records(31);
  EXPECT_EQ(*DecodeChange(EncodeChange(Change())), Change());
  for (Sequence sequence = 10; sequence < 200; ++sequence) {
    const Change change = records.AnyChange(sequence);
    const absl::StatusOr<Change> read = DecodeChange(EncodeChange(change));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_TRUE(*read == change) << sequence;
  }
}

TEST(ChangeCodecTest, EveryTruncationIsDataLoss) {
  SampleRecords records(32);
  const std::string bytes = EncodeChange(records.AnyChange(10));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(DecodeChange(bytes.substr(0, size)).status())) << size;
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeChange(bytes + '\0').status()));
}

TEST(ChangeCodecTest, EveryFlippedBitIsDataLoss) {
  SampleRecords records(33);
  const std::string bytes = EncodeChange(records.AnyChange(10));
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_TRUE(absl::IsDataLoss(DecodeChange(damaged).status())) << bit;
  }
}

// Whoever writes a checksum of their own gets no further than a well-formed change.
TEST(ChangeCodecTest, DamageUnderARightChecksumNeitherCrashesNorGrows) {
  constexpr size_t kHead = 9;
  SampleRecords records(34);
  std::mt19937_64 random(34);
  size_t refused = 0;
  constexpr int kRounds = 20'000;
  const std::string bytes = EncodeChange(records.AnyChange(10));
  for (int round = 0; round < kRounds; ++round) {
    std::string damaged = bytes;
    for (uint64_t i = 0, flips = 1 + random() % 8; i < flips; ++i) {
      damaged[kHead + random() % (damaged.size() - kHead)] = static_cast<char>(random());
    }
    if (random() % 4 == 0) damaged.resize(kHead + random() % (damaged.size() - kHead));
    const uint64_t checksum = XXH3_64bits(damaged.data() + kHead, damaged.size() - kHead);
    std::memcpy(damaged.data() + 1, &checksum, sizeof checksum);
    const absl::StatusOr<Change> read = DecodeChange(damaged);
    refused += !read.ok();
    EXPECT_TRUE(!read.ok() || EncodeChange(*read).size() <= 2 * damaged.size());
  }
  EXPECT_GT(refused, kRounds / 4);  // the rest changed a number or a letter
}

TEST(RiceTest, AnyAscendingNumbersReadBack) {
  SampleRecords records(35);
  std::vector<std::vector<uint32_t>> lists = {
      {}, {0}, {~0u}, {0, 1, 2, 3}, {0, ~0u}, {~0u - 1, ~0u}, {5, 1u << 31, ~0u}};
  for (int i = 0; i < 300; ++i) lists.push_back(records.Ascending(kMaxCountedShingles));
  for (const std::vector<uint32_t>& numbers : lists) {
    std::string bytes;
    ByteWriter writer(&bytes);
    EncodeAscending(numbers, &writer);
    ByteReader reader(bytes);
    EXPECT_EQ(DecodeAscending(kMaxCountedShingles, &reader), numbers);
    EXPECT_TRUE(reader.Finish().ok());
  }
}

TEST(RiceTest, HashesTakeLittleMoreThanTheirEntropy) {
  std::mt19937 random(36);
  std::vector<uint32_t> hashes;
  for (int i = 0; i < 700; ++i) hashes.push_back(random());
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  hashes.resize(kMaxCountedShingles);
  std::string bytes;
  ByteWriter writer(&bytes);
  EncodeAscending(hashes, &writer);
  // The smallest 512 of 700: each difference has log2(2^32 / 700) + log2(e) bits.
  const double entropy = (std::log2(std::pow(2.0, 32) / 700) + std::log2(std::exp(1.0))) / 8;
  EXPECT_LE(static_cast<double>(bytes.size()), 1.01 * entropy * kMaxCountedShingles + 8);
}

TEST(RiceTest, MoreNumbersThanAllowedAreRefused) {
  std::string bytes;
  ByteWriter writer(&bytes);
  EncodeAscending({1, 2, 3}, &writer);
  ByteReader reader(bytes);
  EXPECT_TRUE(DecodeAscending(2, &reader).empty());
  EXPECT_FALSE(reader.Finish().ok());
}

}  // namespace
}  // namespace wonbon
