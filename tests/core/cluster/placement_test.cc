#include "core/cluster/placement.h"

#include <gtest/gtest.h>

#include "tests/core/cluster/fake_view.h"
#include "tests/core/judge/article_texts.h"

namespace wonbon {
namespace {

class PlacementTest : public testing::Test {
 protected:
  // Of the bridge's article as it stands, with these clusters as candidates.
  Placement PlaceAmong(std::vector<CandidateCluster> clusters,
                       DocumentNumber except = DocumentNumber::kNone) {
    const absl::StatusOr<Placement> placement =
        Place({.clusters = std::move(clusters)}, submitted_, except, view_.Fetcher());
    EXPECT_TRUE(placement.ok()) << placement.status();
    return placement.ok() ? *placement : Placement{};
  }
  static CandidateCluster Candidate(uint64_t id, DocumentNumber canonical, DocumentNumber founder,
                                    DocumentNumber closest = DocumentNumber::kNone) {
    return {.id = static_cast<ClusterId>(id),
            .canonical = canonical,
            .founder = founder,
            .closest = closest};
  }

  FakeView view_;
  Submission submitted_ = FakeView::Make("new", kBridgeTitle, kBridgeBody);
};

TEST_F(PlacementTest, WithoutCandidatesItIsUnique) {
  const Placement placement = PlaceAmong({});
  EXPECT_EQ(placement.cluster, ClusterId::kNone);
  EXPECT_EQ(placement.relation, Relation::kUnique);
  EXPECT_TRUE(placement.matches.empty());
}

TEST_F(PlacementTest, ACopyJoinsTheClusterOfItsMatch) {
  const DocumentNumber same = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const Placement placement = PlaceAmong({Candidate(1, same, same)});
  EXPECT_EQ(placement.cluster, ClusterId{1});
  EXPECT_EQ(placement.relation, Relation::kExact);
  EXPECT_EQ(placement.best, same);
  ASSERT_EQ(placement.matches.size(), 1u) << "a member is asked once, whatever it stands for";
  EXPECT_EQ(placement.matches[0].document_id, "id-1");
}

TEST_F(PlacementTest, AnotherArticleIsNotJoined) {
  const DocumentNumber other = view_.Put(1, 1, kOrchardTitle, kOrchardBody);
  const Placement placement = PlaceAmong({Candidate(1, other, other)});
  EXPECT_EQ(placement.cluster, ClusterId::kNone);
  EXPECT_TRUE(placement.links.empty());
}

TEST_F(PlacementTest, AnExactCopyJoinsAgainstCanonicalCopyAndFounder) {
  const DocumentNumber other = view_.Put(1, 1, kOrchardTitle, kOrchardBody);
  const DocumentNumber same = view_.Put(2, 1, kBridgeTitle, kBridgeBody);
  EXPECT_EQ(PlaceAmong({Candidate(1, other, other, same)}).cluster, ClusterId{1});
}

TEST_F(PlacementTest, AnEditedCopyNeedsCanonicalCopyAndFounder) {
  const std::string edited = Replaced(kBridgeBody, "밝혔다", "알렸다");
  const DocumentNumber other = view_.Put(1, 1, kOrchardTitle, kOrchardBody);
  const DocumentNumber near = view_.Put(2, 1, kBridgeTitle, edited);
  EXPECT_EQ(PlaceAmong({Candidate(1, near, near)}).relation, Relation::kNear);
  const Placement refused = PlaceAmong({Candidate(1, near, other, near)});
  EXPECT_EQ(refused.cluster, ClusterId::kNone);
  ASSERT_EQ(refused.links.size(), 1u);
  EXPECT_EQ(refused.links[0].relation, Relation::kOverlap) << "a copy that may not join is a link";
  // The founder is the version that is being replaced: only the canonical copy refuses.
  const DocumentNumber standing = view_.Put(3, 1, kBridgeTitle, edited);
  EXPECT_EQ(PlaceAmong({Candidate(1, other, standing, near)}, standing).cluster, ClusterId::kNone);
}

TEST_F(PlacementTest, ACutCopyOfTheFounderJoinsAgainstTheCanonicalCopy) {
  const DocumentNumber other = view_.Put(1, 1, kOrchardTitle, kOrchardBody);
  const DocumentNumber founder = view_.Put(2, 1, kBridgeTitle, kBridgeBody);
  submitted_ = FakeView::Make("cut", kBridgeTitle, Lines(kBridgeBody, 0, 3));
  EXPECT_EQ(PlaceAmong({Candidate(1, other, founder)}).cluster, ClusterId{1});
}

TEST_F(PlacementTest, OfTwoEqualClustersTheOlderIsJoined) {
  const DocumentNumber young = view_.Put(5, 5, kBridgeTitle, kBridgeBody);
  const DocumentNumber old = view_.Put(2, 2, kBridgeTitle, kBridgeBody);
  const Placement placement = PlaceAmong({Candidate(5, young, young), Candidate(2, old, old)});
  EXPECT_EQ(placement.cluster, ClusterId{2});
}

TEST_F(PlacementTest, ClustersOfOneArticleAreProvedOne) {
  const DocumentNumber old = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber young = view_.Put(2, 2, kBridgeTitle, kBridgeBody);
  const Placement placement = PlaceAmong({Candidate(1, old, old), Candidate(2, young, young)});
  EXPECT_EQ(placement.merges, std::vector<ClusterId>{ClusterId{2}});
  EXPECT_TRUE(placement.links.empty());
}

TEST_F(PlacementTest, ClustersFoundedOnOtherArticlesAreNotOne) {
  const DocumentNumber old = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber founder = view_.Put(2, 2, kOrchardTitle, kOrchardBody);
  const DocumentNumber young = view_.Put(3, 2, kBridgeTitle, kBridgeBody);
  const Placement placement = PlaceAmong({Candidate(1, old, old), Candidate(2, young, founder)});
  EXPECT_EQ(placement.cluster, ClusterId{1});
  EXPECT_TRUE(placement.merges.empty());
  EXPECT_EQ(placement.links.size(), 1u);
}

TEST_F(PlacementTest, TheReplacedVersionIsNotAskedAndProvesNothing) {
  const DocumentNumber old = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber standing = view_.Put(2, 2, kBridgeTitle, kBridgeBody);
  const DocumentNumber member = view_.Put(3, 2, kBridgeTitle, kBridgeBody);
  const Placement placement = PlaceAmong(
      {Candidate(1, old, old), Candidate(2, standing, standing, member)}, standing);
  EXPECT_TRUE(placement.merges.empty());
  for (const Match& match : placement.matches) EXPECT_NE(match.number, standing);
}

TEST_F(PlacementTest, ADocumentThatVanishedIsPassedOver) {
  const DocumentNumber gone = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber same = view_.Put(2, 2, kBridgeTitle, kBridgeBody);
  view_.Vanish(gone);
  const Placement placement = PlaceAmong({Candidate(1, gone, gone), Candidate(2, same, same)});
  EXPECT_EQ(placement.cluster, ClusterId{2});
}

TEST_F(PlacementTest, AnErrorOfTheSourceIsReturned) {
  const DocumentNumber same = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentFetcher broken = [](DocumentNumber) { return absl::DataLossError("unreadable"); };
  EXPECT_TRUE(absl::IsDataLoss(
      Place({.clusters = {Candidate(1, same, same)}}, submitted_, DocumentNumber::kNone, broken)
          .status()));
}

TEST_F(PlacementTest, FlagsSayWhatLimitsTheAnswer) {
  submitted_ = FakeView::Make("short", "알림", "오늘 쉽니다");
  const absl::StatusOr<Placement> placement =
      Place({.truncated = true}, submitted_, DocumentNumber::kNone, view_.Fetcher());
  ASSERT_TRUE(placement.ok());
  EXPECT_EQ(placement->flags, kFlagTruncatedCandidates | kFlagShortText);
}

}  // namespace
}  // namespace wonbon
