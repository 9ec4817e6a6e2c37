#include "core/judge/rarity.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/core/judge/articles.h"

namespace wonbon {
namespace {

uint32_t FirstHash(const Profile& profile) {
  return static_cast<uint32_t>(profile.shingles.front() >> 32);
}

TEST(RarityTest, CountsEachClusterOnce) {
  const Profile bridge = Article(kBridgeTitle, kBridgeBody);
  Rarity rarity(1 << 16);
  EXPECT_EQ(rarity.Count(FirstHash(bridge)), 0);
  for (int i = 1; i <= 3; ++i) {
    rarity.Add(Rarity::Counted(bridge));
    EXPECT_EQ(rarity.Count(FirstHash(bridge)), i);
  }
}

TEST(RarityTest, StopsAt255) {
  const Profile bridge = Article(kBridgeTitle, kBridgeBody);
  Rarity rarity;
  for (int i = 0; i < 300; ++i) rarity.Add(Rarity::Counted(bridge));
  EXPECT_EQ(rarity.Count(FirstHash(bridge)), 255);
}

TEST(RarityTest, HalvesWhenTheWindowIsFullAndForgetsWhatStopped) {
  const Profile bridge = Article(kBridgeTitle, kBridgeBody);
  const Profile orchard = Article(kOrchardTitle, kOrchardBody);
  Rarity rarity(1 << 12);
  rarity.Add(Rarity::Counted(bridge));
  for (int i = 0; i < 100; ++i) rarity.Add(Rarity::Counted(orchard));
  EXPECT_EQ(rarity.Count(FirstHash(bridge)), 0);
  EXPECT_GT(rarity.Count(FirstHash(orchard)), 3);
  EXPECT_LT(rarity.Count(FirstHash(orchard)), 30);
}

TEST(RarityTest, ACopyIsIndependent) {
  const Profile bridge = Article(kBridgeTitle, kBridgeBody);
  Rarity rarity(1 << 16);
  rarity.Add(Rarity::Counted(bridge));
  const Rarity snapshot = rarity;
  rarity.Add(Rarity::Counted(bridge));
  EXPECT_EQ(snapshot.Count(FirstHash(bridge)), 1);
  EXPECT_EQ(rarity.Count(FirstHash(bridge)), 2);
}

TEST(RarityTest, SurvivesSerialisation) {
  const Profile bridge = Article(kBridgeTitle, kBridgeBody);
  Rarity rarity(1 << 16);
  rarity.Add(Rarity::Counted(bridge));
  const absl::StatusOr<Rarity> parsed = Rarity::Parse(rarity.Serialize());
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->Count(FirstHash(bridge)), 1);
  EXPECT_EQ(parsed->Serialize(), rarity.Serialize());
}

TEST(RarityTest, DamagedBytesAreRefused) {
  const std::string good = Rarity(1 << 10).Serialize();
  std::string flipped = good;
  flipped.back() ^= 1;
  for (const std::string& bad :
       {std::string(), good.substr(0, 20), good.substr(0, good.size() - 1), good + "x", flipped}) {
    EXPECT_EQ(Rarity::Parse(bad).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace wonbon
