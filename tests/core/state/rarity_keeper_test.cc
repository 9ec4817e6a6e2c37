// Document frequencies of groups that are written and of groups that are not.
#include "core/engine/rarity_keeper.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/core/store/test_folder.h"

namespace wonbon {
namespace {

// A founder with shingles of its own.
std::vector<uint32_t> Founder(uint64_t number) {
  std::mt19937 random(static_cast<uint32_t>(number));
  std::vector<uint32_t> counted;
  for (int i = 0; i < 100; ++i) counted.push_back(random());
  std::sort(counted.begin(), counted.end());
  return counted;
}

// Founders with the numbers first to last, as one group.
void AddGroup(uint64_t first, uint64_t last, RarityKeeper* keeper) {
  for (uint64_t i = first; i <= last; ++i) keeper->Add(Founder(i), DocumentNumber{i});
}

constexpr uint64_t kFirst = RarityPace().fewest_founders;

TEST(RarityKeeperTest, ASnapshotFallsDueWithinAGroup) {
  RarityKeeper keeper;
  const auto empty = keeper.current();
  AddGroup(1, kFirst - 1, &keeper);
  EXPECT_EQ(keeper.current(), empty);
  AddGroup(kFirst, kFirst, &keeper);
  const auto exchanged = keeper.current();
  EXPECT_NE(exchanged, empty);
  EXPECT_EQ(exchanged->Count(Founder(kFirst)[0]), 1);
  keeper.Publish();
  EXPECT_EQ(keeper.current(), exchanged);
}

TEST(RarityKeeperTest, SnapshotsDoNotDependOnTheGroups) {
  RarityKeeper one;
  AddGroup(1, 3 * kFirst, &one);
  one.Publish();
  RarityKeeper many;
  for (uint64_t i = 1; i <= 3 * kFirst; ++i) {
    AddGroup(i, i, &many);
    many.Publish();
  }
  EXPECT_EQ(one.current()->Serialize(), many.current()->Serialize());
}

TEST(RarityKeeperTest, AGroupThatIsGivenUpHasNeverBeenCounted) {
  RarityKeeper keeper;
  AddGroup(1, 100, &keeper);
  keeper.Publish();
  const auto before = keeper.current();
  // Past two snapshots and a blob.
  AddGroup(101, 101 + RarityPace().founders_per_blob, &keeper);
  EXPECT_NE(keeper.current(), before);
  keeper.Abandon();
  EXPECT_EQ(keeper.current(), before);

  RarityKeeper spared;
  AddGroup(1, 100, &spared);
  spared.Publish();
  for (RarityKeeper* each : {&keeper, &spared}) {
    AddGroup(50'101, 50'000 + kFirst - 1, each);
    EXPECT_EQ(each->current()->Count(Founder(1)[0]), 0);
    AddGroup(50'000 + kFirst, 50'000 + 3 * kFirst, each);
    each->Publish();
  }
  EXPECT_EQ(keeper.current()->Serialize(), spared.current()->Serialize());

  // No blob of what was not written.
  TestFolder folder;
  auto store = Store::Open(folder.Options());
  ASSERT_TRUE(store.ok()) << store.status();
  keeper.Save(**store);
  keeper.AwaitSaved();
  const absl::StatusOr<DocumentNumber> counted = RarityKeeper().Load(*(*store)->Snapshot());
  ASSERT_TRUE(counted.ok()) << counted.status();
  EXPECT_EQ(*counted, DocumentNumber::kNone);
}

TEST(RarityKeeperTest, WhatIsWrittenIsReadAgainWholeAndTheNewestOfIt) {
  TestFolder folder;
  auto store = Store::Open(folder.Options());
  ASSERT_TRUE(store.ok()) << store.status();
  // Of two and a half pieces, and of exactly one with its head: the last piece is short or empty.
  for (const size_t table_bytes : {size_t{4} << 20, size_t{64}}) {
    const RarityPace pace{.fewest_founders = 8,
                          .most_founders = 8,
                          .founders_per_blob = 16,
                          .table_bytes = table_bytes};
    RarityKeeper keeper(pace);
    for (uint64_t last = 16; last <= 64; last += 16) {
      AddGroup(last - 15, last, &keeper);
      keeper.Publish();
      EXPECT_TRUE(keeper.blob_due());
      keeper.Save(**store);
      keeper.AwaitSaved();
      EXPECT_FALSE(keeper.blob_due());
      EXPECT_EQ(keeper.counted_through(), DocumentNumber{last});
      RarityKeeper read(pace);
      const absl::StatusOr<DocumentNumber> counted = read.Load(*(*store)->Snapshot());
      ASSERT_TRUE(counted.ok()) << counted.status();
      EXPECT_EQ(*counted, DocumentNumber{last});
      EXPECT_EQ(read.current()->Serialize(), keeper.current()->Serialize());
    }
  }
  ASSERT_TRUE((*store)->WriteBlob("rarity/0/0", "short").ok());
  ASSERT_TRUE((*store)->WriteBlob("rarity/1/0", "short").ok());
  EXPECT_TRUE(absl::IsDataLoss(RarityKeeper().Load(*(*store)->Snapshot()).status()));
}

TEST(RarityKeeperTest, TheOneBlobOfOlderServersIsRead) {
  TestFolder folder;
  auto store = Store::Open(folder.Options());
  ASSERT_TRUE(store.ok()) << store.status();
  Rarity table;
  table.Add(Founder(7));
  const uint64_t head[] = {1, 1, 7};  // version, founders, the last one
  const std::string_view head_bytes(reinterpret_cast<const char*>(head), sizeof(head));
  ASSERT_TRUE((*store)->WriteBlob("rarity", std::string(head_bytes) + table.Serialize()).ok());
  RarityKeeper read;
  const absl::StatusOr<DocumentNumber> counted = read.Load(*(*store)->Snapshot());
  ASSERT_TRUE(counted.ok()) << counted.status();
  EXPECT_EQ(*counted, DocumentNumber{7});
  EXPECT_EQ(read.current()->Count(Founder(7)[0]), 1);
}

}  // namespace
}  // namespace wonbon
