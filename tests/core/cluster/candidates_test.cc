#include "core/cluster/candidates.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/limits.h"
#include "tests/core/cluster/fake_view.h"
#include "tests/core/judge/article_texts.h"

namespace wonbon {
namespace {

class CandidatesTest : public testing::Test {
 protected:
  Candidates Find(DocumentNumber except = DocumentNumber::kNone) const {
    return FindCandidates(view_, FakeView::kCollection, submitted_.fingerprint, except);
  }
  // A document that shares nothing with the one submitted but what its hits say.
  DocumentNumber Other(uint64_t number, uint64_t cluster) {
    const DocumentNumber key = view_.Put(number, cluster, kOrchardTitle, kOrchardBody);
    view_.sketch(key) = {};
    return key;
  }

  FakeView view_;
  Submission submitted_ = FakeView::Make("new", kBridgeTitle, kBridgeBody);
};

TEST_F(CandidatesTest, WithoutAHitThereIsNone) {
  view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  EXPECT_TRUE(Find().clusters.empty());
}

TEST_F(CandidatesTest, TheOldestHolderOfTheTextIsAskedFirst) {
  const DocumentNumber founder = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber second = view_.Put(2, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber third = view_.Put(3, 1, kBridgeTitle, kBridgeBody);
  view_.Hit({.number = second, .exact = true});
  view_.Hit({.number = third, .exact = true});
  const Candidates found = Find();
  ASSERT_EQ(found.clusters.size(), 1u);
  EXPECT_TRUE(found.clusters[0].exact);
  EXPECT_EQ(found.clusters[0].closest, second);
  EXPECT_EQ(found.clusters[0].founder, founder);
}

TEST_F(CandidatesTest, ClosestIsTheMemberWithMostEqualBinsWhoeverWasHit) {
  const DocumentNumber hit = Other(1, 1);
  const DocumentNumber alike = view_.Put(2, 1, kBridgeTitle, kBridgeBody);
  view_.Hit({.number = hit, .bands = 1});
  const Candidates found = Find();
  ASSERT_EQ(found.clusters.size(), 1u);
  EXPECT_EQ(found.clusters[0].closest, alike);
  EXPECT_NEAR(found.clusters[0].jaccard, 1.0, 1e-9);
}

TEST_F(CandidatesTest, AWeakBandHitIsChance) {
  view_.Hit({.number = Other(1, 1), .bands = 1});
  EXPECT_TRUE(Find().clusters.empty());
}

TEST_F(CandidatesTest, TheSameUrlIsEnough) {
  const DocumentNumber other = Other(1, 1);
  view_.Hit({.number = other, .same_url = true});
  const Candidates found = Find();
  ASSERT_EQ(found.clusters.size(), 1u);
  EXPECT_EQ(found.clusters[0].same_url, other);
}

TEST_F(CandidatesTest, LongTextsNeedMoreOfTheSample) {
  const DocumentNumber other = Other(1, 1);
  submitted_.fingerprint.shingles = kLongShingles;
  view_.Hit({.number = other, .shared_sample = kMinSharedSampleOfLong - 1});
  view_.entry(other).shingles = kLongShingles;
  EXPECT_TRUE(Find().clusters.empty());
  view_.entry(other).shingles = kLongShingles - 1;
  ASSERT_EQ(Find().clusters.size(), 1u);
  EXPECT_EQ(Find().clusters[0].closest, other);
}

TEST_F(CandidatesTest, TheVersionThatIsReplacedIsNoCandidate) {
  const DocumentNumber standing = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  view_.Hit({.number = standing, .exact = true});
  EXPECT_EQ(Find().clusters.size(), 1u);
  const Candidates found = Find(standing);
  EXPECT_TRUE(found.clusters.empty());
  EXPECT_EQ(found.except, standing);
}

TEST_F(CandidatesTest, OfManyStoriesInOneFormTheOneWithItsOwnBinsIsJudged) {
  const Sketch& own = submitted_.fingerprint.sketch;
  constexpr size_t kFormBins = 200;
  constexpr uint64_t kStories = 40, kOwnStory = 39;
  for (uint64_t number = 1; number <= kStories; ++number) {
    const DocumentNumber other = Other(number, number);
    view_.Hit({.number = other, .bands = 1, .shared_sample = 16});
    Sketch sketch;
    for (size_t bin = 0; bin < kSketchBins; ++bin) sketch.bins[bin] = ~own.bins[bin];
    // Of the form its own shares less than the others do, for it was edited.
    const size_t shared = number == kOwnStory ? kFormBins - 5 : kFormBins;
    std::copy_n(own.bins.begin(), shared, sketch.bins.begin());
    if (number == kOwnStory) sketch.bins[kSketchBins - 1] = own.bins[kSketchBins - 1];
    view_.sketch(other) = ShortSketch(sketch);
  }
  const Candidates found = Find();
  ASSERT_EQ(found.clusters.size(), kMaxJudgedClusters);
  EXPECT_EQ(found.clusters[0].id, ClusterId{kOwnStory});
}

TEST_F(CandidatesTest, WhatContainsTheTextIsJudgedBesideAForm) {
  constexpr uint64_t kStories = 40, kRoundUp = 41;
  for (uint64_t number = 1; number <= kStories; ++number) {
    view_.Hit({.number = view_.Put(number, number, kBridgeTitle, kBridgeBody),
               .bands = 24,
               .shared_sample = 8});
  }
  view_.Hit({.number = Other(kRoundUp, kRoundUp), .shared_sample = 8});
  const Candidates found = Find();
  ASSERT_EQ(found.clusters.size(), kMaxJudgedClusters);
  EXPECT_EQ(found.clusters[kMaxJudgedClusters - kJudgedBySample].id, ClusterId{kRoundUp});
}

TEST_F(CandidatesTest, MoreThanAreJudgedIsSaid) {
  for (uint64_t number = 1; number <= kMaxJudgedClusters + 1; ++number) {
    view_.Hit({.number = Other(number, number), .shared_sample = 8});
  }
  const Candidates found = Find();
  EXPECT_TRUE(found.truncated);
  EXPECT_EQ(found.clusters.size(), kMaxJudgedClusters);
  EXPECT_EQ(found.clusters.back().id, static_cast<ClusterId>(kMaxJudgedClusters));
}

}  // namespace
}  // namespace wonbon
