#include "core/index/posting_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace wonbon {
namespace {

std::vector<uint32_t> Find(const PostingTable& table, uint32_t hash) {
  std::vector<uint32_t> slots;
  table.ForEach(hash, [&slots](uint32_t slot) { slots.push_back(slot); });
  std::sort(slots.begin(), slots.end());
  return slots;
}

TEST(PostingTableTest, AnEmptyOneIsSmallAndFindsNothing) {
  const PostingTable table;
  EXPECT_TRUE(Find(table, 0).empty());
  EXPECT_EQ(table.size(), 0u);
  EXPECT_LT(table.MemoryBytes(), 1024u);
}

// Every hash of the upper and lower ends of segments among them.
TEST(PostingTableTest, AgreesWithAMultimapWhileItGrowsAndSplits) {
  std::mt19937_64 random(1);
  PostingTable table;
  std::multimap<uint32_t, uint32_t> truth;
  for (uint32_t step = 0; step < 60'000; ++step) {
    uint32_t hash = MixKey(static_cast<uint32_t>(random() % 20'000));
    if (step % 10 == 0) hash = static_cast<uint32_t>(random() % 256 << 24) - random() % 3;
    if (random() % 100 < 75) {
      table.Add(hash, step);
      truth.emplace(hash, step);
    } else if (const auto it = truth.lower_bound(hash); it != truth.end()) {
      if (random() % 2 == 0) {
        ASSERT_TRUE(table.Remove(it->first, it->second));
        truth.erase(it);
      } else {
        ASSERT_TRUE(table.Replace(it->first, it->second, step));
        it->second = step;
      }
    }
    ASSERT_EQ(table.size(), truth.size());
    std::vector<uint32_t> expected;
    const auto [begin, end] = truth.equal_range(hash);
    for (auto it = begin; it != end; ++it) expected.push_back(it->second);
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(Find(table, hash), expected);
  }
  for (const auto& [hash, slot] : truth) ASSERT_TRUE(table.Remove(hash, slot));
  EXPECT_EQ(table.size(), 0u);
  EXPECT_FALSE(table.Remove(1, 1));
}

// Of 6 million postings most have short tags, and each is told from all others.
TEST(PostingTableTest, ALargeTableTellsAllHashesApart) {
  PostingTable table;
  constexpr uint32_t kPostings = 6'000'000;
  for (uint32_t i = 0; i < kPostings; ++i) table.Add(MixKey(i), i);
  EXPECT_LT(table.MemoryBytes() / kPostings, 10u) << "bytes a posting";
  for (uint32_t i = 0; i < kPostings; ++i) {
    ASSERT_EQ(Find(table, MixKey(i)), std::vector<uint32_t>{i});
  }
  for (uint32_t i = kPostings; i < kPostings + 100'000; ++i) {
    ASSERT_TRUE(Find(table, MixKey(i)).empty());
  }
}

}  // namespace
}  // namespace wonbon
