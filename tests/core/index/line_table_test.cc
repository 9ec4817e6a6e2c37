#include "core/index/line_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace wonbon {
namespace {

using Wide = LineTable<uint32_t, 7>;
using Narrow = LineTable<uint16_t, 10>;

template <typename Table>
std::vector<uint32_t> Find(const Table& table, uint32_t hash) {
  std::vector<uint32_t> slots;
  table.ForEach(hash, [&slots](uint32_t slot) { slots.push_back(slot); });
  std::sort(slots.begin(), slots.end());
  return slots;
}

constexpr size_t kFour = 4 + Wide::kSpareLines;  // four homes

// The `i`th hash whose home is the last of four lines.
uint32_t LastLine(uint32_t i) { return 0xC0000000u + i; }

TEST(LineTableTest, EntriesOfAFullLineGoToTheNextAndAreFound) {
  Wide table(kFour, 0);
  for (uint32_t i = 0; i < 20; ++i) ASSERT_TRUE(table.Add(LastLine(i), i));
  EXPECT_EQ(table.size(), 20u);
  for (uint32_t i = 0; i < 20; ++i) EXPECT_EQ(Find(table, LastLine(i)), std::vector<uint32_t>{i});
  for (uint32_t i = 0; i < 20; ++i) EXPECT_TRUE(table.Remove(LastLine(i), i));
  EXPECT_EQ(table.size(), 0u);
  for (uint32_t i = 0; i < 20; ++i) EXPECT_TRUE(Find(table, LastLine(i)).empty());
}

TEST(LineTableTest, AnEntryStaysFoundWhenItsHomeLineEmpties) {
  Wide table(kFour, 0);
  for (uint32_t i = 0; i < 8; ++i) ASSERT_TRUE(table.Add(LastLine(i), i));
  for (uint32_t i = 0; i < 7; ++i) ASSERT_TRUE(table.Remove(LastLine(i), i));
  EXPECT_EQ(Find(table, LastLine(7)), std::vector<uint32_t>{7});
}

TEST(LineTableTest, AddRefusesWhatWouldGoPastTheLastLineAndChangesNothing) {
  Wide table(kFour, 0);
  for (uint32_t i = 0; i < 21; ++i) ASSERT_TRUE(table.Add(LastLine(i), i));
  EXPECT_FALSE(table.Add(LastLine(99), 99));
  EXPECT_EQ(table.size(), 21u);
  EXPECT_TRUE(table.Add(1, 100)) << "other lines have room";
  for (uint32_t i = 0; i < 21; ++i) EXPECT_EQ(Find(table, LastLine(i)), std::vector<uint32_t>{i});
}

TEST(LineTableTest, WhoIsFarthestFromHomeGoesFirst) {
  constexpr uint32_t kLine = uint32_t{1} << 27;  // 32 homes
  Wide table(32 + Wide::kSpareLines, 0);
  for (uint32_t i = 0; i < 7 * 7; ++i) ASSERT_TRUE(table.Add(i / 7 * kLine + i % 7, i));
  // Seven full lines: one more in the first is one line from home, as is the one that it pushes on,
  // and so forth; by turns they would be seven.
  ASSERT_TRUE(table.Add(100, 100));
  ASSERT_TRUE(table.Add(101, 101));
  for (uint32_t i = 0; i < 7 * 7; ++i) {
    EXPECT_EQ(Find(table, i / 7 * kLine + i % 7), std::vector<uint32_t>{i});
  }
  EXPECT_EQ(Find(table, 101), std::vector<uint32_t>{101});
}

TEST(LineTableTest, WhatIsNotThereIsNeitherRemovedNorReplaced) {
  Wide table(kFour, 0);
  ASSERT_TRUE(table.Add(1, 10));
  EXPECT_FALSE(table.Remove(1, 11));
  EXPECT_FALSE(table.Remove(2, 10));
  EXPECT_FALSE(table.Replace(2, 10, 12));
  EXPECT_TRUE(table.Replace(1, 10, 12));
  EXPECT_EQ(Find(table, 1), std::vector<uint32_t>{12});
}

TEST(LineTableTest, ShortTagsAreLosslessOnlyWhereALineHasFewHashes) {
  EXPECT_TRUE(Wide::IsLossless(8, 0));
  EXPECT_FALSE(Narrow::IsLossless(512, 0));
  EXPECT_FALSE(Narrow::IsLossless(256, 10));
  EXPECT_TRUE(Narrow::IsLossless(256, 11));
  EXPECT_TRUE(Narrow::IsLossless(512, 10));
}

// A table and a multimap under random operations, with hashes so close that lines overflow; what is
// refused goes into a table made anew.
template <typename Table>
void Walk(int depth, size_t lines, uint32_t spread) {
  std::mt19937_64 random(1);
  const uint32_t prefix = depth == 0 ? 0 : 0xFFFFFFFFu << (32 - depth);
  Table table(lines, depth);
  std::multimap<uint32_t, uint32_t> truth;
  size_t refused = 0;
  for (uint32_t step = 0; step < 40'000; ++step) {
    const uint32_t hash = prefix | ((random() % 500) * (step % 3 == 0 ? 1 : spread) & ~prefix);
    if (random() % 100 < 51) {
      if (table.Add(hash, step)) {
        truth.emplace(hash, step);
      } else {
        ++refused;
      }
    } else if (const auto it = truth.lower_bound(hash); it != truth.end()) {
      ASSERT_TRUE(table.Remove(it->first, it->second));
      truth.erase(it);
    }
    ASSERT_EQ(table.size(), truth.size());
    std::vector<uint32_t> expected;
    const auto [begin, end] = truth.equal_range(hash);
    for (auto it = begin; it != end; ++it) expected.push_back(it->second);
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(Find(table, hash), expected);
  }
  EXPECT_GT(refused, 0u);
  std::multimap<uint32_t, uint32_t> entries;
  table.ForEachEntry([&](uint32_t hash, uint32_t slot) { entries.emplace(prefix | hash, slot); });
  std::vector<std::pair<uint32_t, uint32_t>> found(entries.begin(), entries.end());
  std::vector<std::pair<uint32_t, uint32_t>> wanted(truth.begin(), truth.end());
  std::sort(found.begin(), found.end());
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(found, wanted);
}

TEST(LineTableTest, WideTagsAgreeWithAMultimap) { Walk<Wide>(0, 16, 8'000'000); }

TEST(LineTableTest, WideTagsAgreeWithAMultimapInASegment) { Walk<Wide>(5, 16, 250'000); }

TEST(LineTableTest, NarrowTagsAgreeWithAMultimap) {
  ASSERT_TRUE(Narrow::IsLossless(12, 16));
  Walk<Narrow>(16, 12, 130);
}

TEST(MixKeyTest, IsABijectionOnSmallKeys) {
  std::vector<uint32_t> mixed;
  for (uint32_t key = 0; key < 100'000; ++key) mixed.push_back(MixKey(key));
  std::sort(mixed.begin(), mixed.end());
  EXPECT_EQ(std::adjacent_find(mixed.begin(), mixed.end()), mixed.end());
}

}  // namespace
}  // namespace wonbon
