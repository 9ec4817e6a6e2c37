#include "core/cluster/partition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "core/cluster/family.h"
#include "core/cluster/succession.h"

namespace wonbon {
namespace {

using Blocks = std::vector<std::vector<size_t>>;

TEST(PartitionTest, OneTextIsOneBlock) {
  EXPECT_EQ(Partition(0, {}), Blocks());
  EXPECT_EQ(Partition(1, {}), Blocks({{0}}));
}

TEST(PartitionTest, TextsThatAgreeEnoughAreOneBlock) {
  EXPECT_EQ(Partition(2, {kJoiningScore}), Blocks({{0, 1}}));
  EXPECT_EQ(Partition(2, {kJoiningScore - 1}), Blocks({{0}, {1}}));
}

// 2 agrees with both others, who do not agree: the mean decides, not the one agreement.
TEST(PartitionTest, ABridgeJoinsWhereTheMeanStillAgrees) {
  EXPECT_EQ(Partition(3, {-400, 600, 500}), Blocks({{0, 1, 2}})) << "(500 - 400) / 2 is enough";
  EXPECT_EQ(Partition(3, {-560, 600, 500}), Blocks({{0, 2}, {1}}));
}

TEST(PartitionTest, AGuardKeepsCopiesOfTwoFormsApart) {
  // 0 and 1, 2 and 3 are alike; a guard stands between each of the others.
  EXPECT_EQ(Partition(4, {800, -600, -600, -600, 300, 800}), Blocks({{0, 1}, {2, 3}}));
}

TEST(PartitionTest, WhatAnEditorBoundIsOneWhateverItIsJudged) {
  EXPECT_EQ(Partition(2, {kBoundPair}), Blocks({{0, 1}}));
  // 0 and 2 are bound, 1 has a guard against both.
  EXPECT_EQ(Partition(3, {kGuardedPair, kBoundPair, kGuardedPair}), Blocks({{0, 2}, {1}}));
  // A chain of words holds as a whole; the fourth agrees with it on the whole.
  EXPECT_EQ(Partition(4, {kBoundPair, kGuardedPair, kBoundPair, 300, 300, 300}),
            Blocks({{0, 1, 2, 3}}));
}

TEST(PartitionTest, WhatAnEditorKeepsApartIsNeverOne) {
  EXPECT_EQ(Partition(2, {kApartPair}), Blocks({{0}, {1}}));
  // 2 is a copy of both: it stays with the older one.
  EXPECT_EQ(Partition(3, {kApartPair, kExactPair, kExactPair}), Blocks({{0, 2}, {1}}));
  // 0 is apart from 3, which is bound to 2: so it is from both, however well 2 agrees.
  EXPECT_EQ(Partition(4, {-400, kExactPair, -400, kApartPair, -400, kBoundPair}),
            Blocks({{0}, {1}, {2, 3}}));
}

// The middle one of three agrees with both others alike, who do not agree.
TEST(PartitionTest, TiesGoByTheOrderThatIsAskedForNotByWhoCameFirst) {
  FamilyRecord family;
  for (uint64_t i = 1; i <= 3; ++i) family.texts.push_back({.number = DocumentNumber{i}});
  family.scores = {220, kGuardedPair, 220};
  family.shared = {0, 0, 0};
  EXPECT_EQ(Partitioned(family, {0, 1, 2}), Blocks({{0, 1}, {2}}));
  EXPECT_EQ(Partitioned(family, {2, 1, 0}), Blocks({{2, 1}, {0}}));
}

TEST(PartitionTest, AFamilyLeftAsItStandsFollowsAnEditorAlone) {
  FamilyRecord family{.collection = {}, .texts = {}, .scores = {}, .full = true};
  for (uint64_t i = 1; i <= 4; ++i) {
    family.texts.push_back({.number = DocumentNumber{i}, .cluster = ClusterId{i <= 2 ? 1u : 3u}});
  }
  family.scores = {-600, 800, 800, 800, 800, -600};
  EXPECT_EQ(StandingBlocks(family), Blocks({{0, 1}, {2, 3}}));
  family.scores[PairPlace(1, 0)] = kApartPair;
  family.scores[PairPlace(2, 1)] = kBoundPair;
  EXPECT_EQ(StandingBlocks(family), Blocks({{0}, {1, 2, 3}}));
}

TEST(PartitionTest, OfEqualPairsTheOldestTextsJoinFirst) {
  EXPECT_EQ(Partition(3, {300, -600, 300}), Blocks({{0, 1}, {2}}));
}

TEST(PartitionTest, TheOrderOfTextsDoesNotMatterWhereScoresDiffer) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const size_t texts = 2 + random() % 12;
    std::vector<int16_t> scores(PairPlace(texts, 0));
    for (size_t i = 0; i < scores.size(); ++i) {
      scores[i] = static_cast<int16_t>(static_cast<int>(random() % 40'000) - 20'000);
    }
    FamilyRecord family;
    for (size_t i = 0; i < texts; ++i) family.texts.push_back({.number = DocumentNumber{i + 1}});
    family.scores = scores;
    family.shared.resize(scores.size());
    std::vector<size_t> shuffled(texts);
    std::iota(shuffled.begin(), shuffled.end(), 0);
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    FamilyRecord renumbered = family;
    for (size_t i = 0; i < texts; ++i) {
      renumbered.texts[i].number = DocumentNumber{shuffled[i] + 1};
    }
    std::vector<size_t> all(texts);
    std::iota(all.begin(), all.end(), 0);
    Blocks again;
    for (const auto& block : Partition(texts, Select(renumbered, all).scores)) {
      std::vector<size_t>& as_before = again.emplace_back();
      for (const size_t place : block) {
        as_before.push_back(static_cast<size_t>(
            std::find(shuffled.begin(), shuffled.end(), place) - shuffled.begin()));
      }
      std::sort(as_before.begin(), as_before.end());
    }
    std::sort(again.begin(), again.end());
    EXPECT_EQ(again, Partition(texts, scores)) << "round " << round;
  }
}

TEST(FamilyTest, WhatNothingConnectsIsNoFamily) {
  const FamilyRecord family{
      .texts = {{DocumentNumber{1}}, {DocumentNumber{2}}, {DocumentNumber{3}}},
      .scores = {-1, 0, -400},
      .shared = {10, 20, 30}};
  const std::vector<FamilyRecord> parts = Connected(family);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].texts.size(), 2u);
  EXPECT_EQ(parts[0].scores, std::vector<int16_t>{0});
  EXPECT_EQ(parts[0].shared, std::vector<uint16_t>{20});
  EXPECT_EQ(parts[1].number(), DocumentNumber{2});
}

TEST(FamilyTest, UnitingAsksOnlyForPairsOfTwoFamilies) {
  const FamilyRecord a{.texts = {{DocumentNumber{1}}, {DocumentNumber{4}}},
                       .scores = {11},
                       .shared = {110}};
  const FamilyRecord b{.texts = {{DocumentNumber{2}}}, .scores = {}, .shared = {}};
  const absl::StatusOr<FamilyRecord> united =
      Unite({a, b}, [](DocumentNumber text, DocumentNumber older) -> absl::StatusOr<PairWeight> {
        EXPECT_TRUE((text == DocumentNumber{2} && older == DocumentNumber{1}) ||
                    (text == DocumentNumber{4} && older == DocumentNumber{2}));
        return PairWeight{.score = static_cast<int16_t>(text),
                          .shared = static_cast<uint16_t>(10 * static_cast<uint16_t>(text))};
      });
  ASSERT_TRUE(united.ok());
  EXPECT_EQ(united->scores, (std::vector<int16_t>{2, 11, 4}));
  EXPECT_EQ(united->shared, (std::vector<uint16_t>{20, 110, 40}));
  EXPECT_TRUE(absl::IsNotFound(
      Unite({a, b}, [](DocumentNumber, DocumentNumber) { return absl::NotFoundError("gone"); })
          .status()));
}

TEST(SuccessionTest, AnIdGoesWithMostOfItsDocuments) {
  const Succession succession = Succeed(
      2, {{.cluster = ClusterId{5}, .block = 0, .documents = 1, .oldest = DocumentNumber{5}},
          {.cluster = ClusterId{5}, .block = 1, .documents = 2, .oldest = DocumentNumber{6}}});
  EXPECT_EQ(succession.ids, (std::vector<ClusterId>{ClusterId::kNone, ClusterId{5}}));
  EXPECT_TRUE(succession.redirects.empty());
}

TEST(SuccessionTest, OfHalvesTheOneWithTheOldestDocumentKeepsIt) {
  const Succession succession = Succeed(
      2, {{.cluster = ClusterId{5}, .block = 0, .documents = 1, .oldest = DocumentNumber{9}},
          {.cluster = ClusterId{5}, .block = 1, .documents = 1, .oldest = DocumentNumber{6}}});
  EXPECT_EQ(succession.ids[1], ClusterId{5});
}

TEST(SuccessionTest, WhereIdsMeetTheOldestStaysAndTheOthersRedirect) {
  const Succession succession = Succeed(
      1, {{.cluster = ClusterId{7}, .block = 0, .documents = 9, .oldest = DocumentNumber{7}},
          {.cluster = ClusterId{5}, .block = 0, .documents = 1, .oldest = DocumentNumber{5}}});
  EXPECT_EQ(succession.ids, std::vector<ClusterId>{ClusterId{5}});
  ASSERT_EQ(succession.redirects.size(), 1u);
  EXPECT_EQ(succession.redirects[0].first, ClusterId{7});
}

}  // namespace
}  // namespace wonbon
