#include "core/index/line_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace wonbon {
namespace {

using Table = LineTable<uint32_t, 7>;

template <typename AnyTable>
std::vector<uint32_t> Find(const AnyTable& table, uint32_t hash) {
  std::vector<uint32_t> slots;
  table.ForEach(hash, [&slots](uint32_t slot) { slots.push_back(slot); });
  std::sort(slots.begin(), slots.end());
  return slots;
}

// The same entries in a table of `lines` lines.
Table Grown(const Table& table, size_t lines) {
  Table grown(lines);
  table.ForEachEntry([&grown](uint32_t tag, uint32_t slot) { EXPECT_TRUE(grown.Add(tag, slot)); });
  return grown;
}

// The `i`th hash whose home is the last of four lines.
uint32_t LastLine(uint32_t i) { return 0xC0000000u + i; }

TEST(LineTableTest, EntriesOfAFullLineGoToTheNextAndAreFound) {
  Table table(4);
  for (uint32_t i = 0; i < 20; ++i) ASSERT_TRUE(table.Add(LastLine(i), i));
  EXPECT_EQ(table.size(), 20u);
  for (uint32_t i = 0; i < 20; ++i) EXPECT_EQ(Find(table, LastLine(i)), std::vector<uint32_t>{i});
  for (uint32_t i = 0; i < 20; ++i) EXPECT_TRUE(table.Remove(LastLine(i), i));
  EXPECT_EQ(table.size(), 0u);
  for (uint32_t i = 0; i < 20; ++i) EXPECT_TRUE(Find(table, LastLine(i)).empty());
}

TEST(LineTableTest, AnEntryStaysFoundWhenItsHomeLineEmpties) {
  Table table(4);
  for (uint32_t i = 0; i < 8; ++i) ASSERT_TRUE(table.Add(LastLine(i), i));
  for (uint32_t i = 0; i < 7; ++i) ASSERT_TRUE(table.Remove(LastLine(i), i));
  EXPECT_EQ(Find(table, LastLine(7)), std::vector<uint32_t>{7});
}

TEST(LineTableTest, AddRefusesWhenEveryLineIsFull) {
  Table table(4);
  for (uint32_t i = 0; i < 28; ++i) ASSERT_TRUE(table.Add(i, i));
  EXPECT_FALSE(table.Add(99, 99));
  EXPECT_EQ(table.size(), 28u);
  table = Grown(table, 5);
  EXPECT_EQ(table.size(), 28u);
  EXPECT_TRUE(table.Add(99, 99));
  for (uint32_t i = 0; i < 28; ++i) EXPECT_EQ(Find(table, i), std::vector<uint32_t>{i});
}

TEST(LineTableTest, WhatIsNotThereIsNeitherRemovedNorReplaced) {
  Table table(4);
  ASSERT_TRUE(table.Add(1, 10));
  EXPECT_FALSE(table.Remove(1, 11));
  EXPECT_FALSE(table.Remove(2, 10));
  EXPECT_FALSE(table.Replace(2, 10, 12));
  EXPECT_TRUE(table.Replace(1, 10, 12));
  EXPECT_EQ(Find(table, 1), std::vector<uint32_t>{12});
}

TEST(LineTableTest, NarrowTagsAnswerForTheirOwnLineOnly) {
  LineTable<uint16_t, 10> table(4);
  ASSERT_TRUE(table.Add(0x00001234, 1));
  EXPECT_EQ(Find(table, 0x00011234), std::vector<uint32_t>{1});  // same line, same tag
  EXPECT_TRUE(Find(table, 0xC0001234).empty());                  // another line
}

TEST(LineTableTest, AgreesWithAMultimapUnderRandomOperations) {
  std::mt19937_64 random(1);
  LineTable<uint32_t, 7> table(4);
  std::multimap<uint32_t, uint32_t> truth;
  for (uint32_t step = 0; step < 30'000; ++step) {
    // Hashes lie close together, so that lines overflow.
    const uint32_t hash = 0xF0000000u + random() % 400 * (step % 3 == 0 ? 1 : 600'000);
    if (random() % 100 < 52) {
      while (table.full() || !table.Add(hash, step)) {
        table = Grown(table, table.lines() + 1);
      }
      truth.emplace(hash, step);
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
}

TEST(MixKeyTest, IsABijectionOnSmallKeys) {
  std::vector<uint32_t> mixed;
  for (uint32_t key = 0; key < 100'000; ++key) mixed.push_back(MixKey(key));
  std::sort(mixed.begin(), mixed.end());
  EXPECT_EQ(std::adjacent_find(mixed.begin(), mixed.end()), mixed.end());
}

}  // namespace
}  // namespace wonbon
