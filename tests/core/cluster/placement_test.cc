#include "core/cluster/placement.h"

#include <gtest/gtest.h>

#include "tests/core/cluster/fake_view.h"
#include "tests/core/judge/article_texts.h"

namespace wonbon {
namespace {

class PlacementTest : public testing::Test {
 protected:
  // Of the bridge's article in this cluster, judged against these.
  Placement PlaceIn(uint64_t cluster, const std::vector<DocumentNumber>& told) {
    const absl::StatusOr<Placement> placement = Place(
        told, submitted_, static_cast<ClusterId>(cluster),
        [this](DocumentNumber number) { return view_.entry(number).cluster; }, view_.Fetcher());
    EXPECT_TRUE(placement.ok()) << placement.status();
    return placement.ok() ? *placement : Placement{};
  }

  FakeView view_;
  Submission submitted_ = FakeView::Make("new", kBridgeTitle, kBridgeBody);
  const std::string edited_ = Replaced(kBridgeBody, "밝혔다", "알렸다");
};

TEST_F(PlacementTest, WithoutJudgementsItIsUnique) {
  const Placement placement = PlaceIn(9, {});
  EXPECT_EQ(placement.relation, Relation::kUnique);
  EXPECT_TRUE(placement.matches.empty());
  EXPECT_TRUE(placement.links.empty());
}

TEST_F(PlacementTest, MatchesAreThoseOfItsClusterTheStrongestFirst) {
  const DocumentNumber near = view_.Put(1, 1, kBridgeTitle, edited_);
  const DocumentNumber same = view_.Put(2, 1, kBridgeTitle, kBridgeBody);
  const Placement placement = PlaceIn(1, {near, same});
  EXPECT_EQ(placement.relation, Relation::kExact);
  EXPECT_EQ(placement.best, same);
  ASSERT_EQ(placement.matches.size(), 2u);
  EXPECT_EQ(placement.matches[0].document_id, "id-2");
  EXPECT_EQ(placement.matches[1].relation, Relation::kNear);
}

TEST_F(PlacementTest, ACopyInAnotherClusterIsALinkOfPassagesInCommon) {
  const DocumentNumber near = view_.Put(1, 1, kBridgeTitle, edited_);
  const Placement placement = PlaceIn(9, {near});
  ASSERT_EQ(placement.links.size(), 1u);
  EXPECT_EQ(placement.links[0].relation, Relation::kOverlap);
  EXPECT_EQ(placement.relation, Relation::kOverlap);
  EXPECT_EQ(placement.best, DocumentNumber::kNone);
}

TEST_F(PlacementTest, OfEachOtherClusterTheStrongestIsTheLink) {
  const DocumentNumber cut = view_.Put(1, 1, kBridgeTitle, Lines(kBridgeBody, 0, 3));
  const DocumentNumber near = view_.Put(2, 1, kBridgeTitle, edited_);
  const DocumentNumber other = view_.Put(3, 3, kOrchardTitle, kOrchardBody);
  const Placement placement = PlaceIn(9, {other, cut, near});
  ASSERT_EQ(placement.links.size(), 1u) << "what has nothing in common is no link";
  EXPECT_TRUE(placement.links[0].number == near || placement.links[0].number == cut);
}

TEST_F(PlacementTest, ADocumentThatVanishedIsPassedOver) {
  const DocumentNumber gone = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber same = view_.Put(2, 1, kBridgeTitle, kBridgeBody);
  view_.Vanish(gone);
  EXPECT_EQ(PlaceIn(1, {gone, same}).matches.size(), 1u);
}

TEST_F(PlacementTest, AnErrorOfTheSourceIsReturned) {
  const DocumentNumber same = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentFetcher broken = [](DocumentNumber) { return absl::DataLossError("unreadable"); };
  const auto cluster_of = [](DocumentNumber) { return ClusterId{1}; };
  EXPECT_TRUE(absl::IsDataLoss(
      Place({same}, submitted_, ClusterId{1}, cluster_of, broken).status()));
}

}  // namespace
}  // namespace wonbon
