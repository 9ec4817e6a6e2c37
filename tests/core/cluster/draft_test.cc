#include "core/cluster/draft.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/cluster/fake_view.h"
#include "tests/core/judge/article_texts.h"

namespace wonbon {
namespace {

constexpr int64_t kNow = FakeView::kStart + 3'600'000'000;

class DraftTest : public testing::Test {
 protected:
  Draft NewDraft() { return Draft(&view_, kNow); }
  static NewDocument Document(const Draft& draft, std::string_view body) {
    const Submission made = FakeView::Make("new", kBridgeTitle, body);
    NewDocument document{.entry = {.number = static_cast<DocumentNumber>(draft.number()),
                                   .collection = FakeView::kCollection,
                                   .shingles = made.fingerprint.shingles,
                                   .published_us = kNow,
                                   .first_published_us = kNow,
                                   .received_us = kNow},
                         .content = made.prepared->content,
                         .packed_body = "",
                         .fingerprint = made.fingerprint,
                         .counted_shingles = {}};
    return document;
  }
  void Remove(Draft& draft, DocumentNumber number) {
    draft.Remove(view_.entry(number), Draft::Removal::kDeleted, {.number = number});
  }
  static Change Settled(Draft& draft) {
    const absl::Status status = draft.Settle();
    EXPECT_TRUE(status.ok()) << status;
    absl::StatusOr<Change> change = draft.Take();
    EXPECT_TRUE(change.ok()) << change.status();
    return change.ok() ? *std::move(change) : Change{};
  }
  static int Count(const Change& change, EventType type) {
    return static_cast<int>(
        std::count_if(change.events.begin(), change.events.end(),
                      [type](const ClusterEvent& event) { return event.type == type; }));
  }

  // A family of the added document with others.
  static Destination With(const Draft& draft, std::vector<FamilyText> others,
                          std::vector<int16_t> scores) {
    others.push_back({.number = static_cast<DocumentNumber>(draft.number())});
    std::vector<uint16_t> shared(scores.size());
    return {.family = {.collection = FakeView::kCollection,
                       .texts = std::move(others),
                       .scores = std::move(scores),
                       .shared = std::move(shared)}};
  }

  FakeView view_;
};

TEST_F(DraftTest, ADocumentOfANewNumberFoundsItsCluster) {
  Draft draft = NewDraft();
  draft.Add(Document(draft, kBridgeBody), {});
  const Change change = Settled(draft);
  ASSERT_EQ(change.added.size(), 1u);
  EXPECT_EQ(change.added[0].entry.bands, (1u << kBands) - 1) << "all its keys are posted";
  ASSERT_EQ(change.clusters.size(), 1u);
  EXPECT_EQ(change.clusters[0].canonical, change.added[0].entry.number);
  EXPECT_EQ(change.sequence, draft.number());
  EXPECT_EQ(Count(change, EventType::kCreated), 1);
  ASSERT_EQ(change.sample_postings.size(), 1u);
  EXPECT_TRUE(change.sample_postings[0].posted);
}

TEST_F(DraftTest, AKeyThatTheClusterHoldsIsNotPostedAgain) {
  view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  Draft draft = NewDraft();
  draft.Add(Document(draft, kBridgeBody), {.cluster = ClusterId{1}});
  const Change change = Settled(draft);
  EXPECT_EQ(change.added.at(0).entry.bands, 0u);
  EXPECT_EQ(change.clusters.at(0).canonical, DocumentNumber{1});
  EXPECT_TRUE(change.sample_postings.empty()) << "the canonical copy stays";
}

TEST_F(DraftTest, KeysOfALostDocumentPassToTheNextThatSharesThem) {
  const DocumentNumber first = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber second = view_.Put(2, 1, kBridgeTitle, kBridgeBody, 5);
  view_.entry(second).bands = 0;
  Draft draft = NewDraft();
  Remove(draft, first);
  const Change change = Settled(draft);
  ASSERT_EQ(change.band_postings.size(), 1u);
  EXPECT_EQ(change.band_postings[0].number, second);
  EXPECT_EQ(change.band_postings[0].bands, (1u << kBands) - 1);
  EXPECT_EQ(change.clusters.at(0).canonical, second);
  EXPECT_EQ(Count(change, EventType::kCanonicalChanged), 1);
}

TEST_F(DraftTest, AClusterWithoutDocumentsIsDropped) {
  const DocumentNumber only = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  Draft draft = NewDraft();
  Remove(draft, only);
  const Change change = Settled(draft);
  EXPECT_EQ(change.dropped, std::vector<ClusterId>{ClusterId{1}});
  EXPECT_TRUE(change.clusters.empty());
  ASSERT_EQ(change.sample_postings.size(), 1u);
  EXPECT_FALSE(change.sample_postings[0].posted);
}

TEST_F(DraftTest, AFamilyThatLostWhatHeldItTogetherFallsApart) {
  const DocumentNumber whole = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber first = view_.Put(2, 1, kBridgeTitle, Lines(kBridgeBody, 0, 3), 5);
  const DocumentNumber second = view_.Put(3, 1, kBridgeTitle, Lines(kBridgeBody, 3, 6), 10);
  view_.Relate({whole, first, second}, {500, 500, -400});
  Draft draft = NewDraft();
  Remove(draft, whole);
  const Change change = Settled(draft);
  ASSERT_EQ(change.clusters.size(), 2u);
  EXPECT_EQ(change.clusters[0].id, ClusterId{1});
  EXPECT_EQ(change.clusters[0].canonical, first) << "of two halves the one with the oldest stays";
  EXPECT_EQ(change.clusters[1].canonical, second);
  EXPECT_EQ(change.sequence, static_cast<Sequence>(change.clusters[1].id))
      << "the last number drawn is the split's id";
  EXPECT_EQ(Count(change, EventType::kSplit), 1);
  EXPECT_EQ(Count(change, EventType::kLeft), 1);
  EXPECT_EQ(Count(change, EventType::kJoined), 1);
  EXPECT_TRUE(change.families.empty());
  EXPECT_EQ(change.dropped_families, std::vector<DocumentNumber>{whole});
}

TEST_F(DraftTest, ATextIsKnownByTheNextCopyOfIt) {
  const DocumentNumber first = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber edited =
      view_.Put(2, 1, kBridgeTitle, Replaced(kBridgeBody, "밝혔다", "알렸다"), 5);
  const DocumentNumber copy = view_.Put(3, 1, kBridgeTitle, kBridgeBody, 10);
  view_.Relate({first, edited}, {700});
  Draft draft = NewDraft();
  Remove(draft, first);
  const Change change = Settled(draft);
  EXPECT_EQ(change.clusters.size(), 1u);
  ASSERT_EQ(change.families.size(), 1u);
  const std::vector<FamilyText> texts = {{edited, ClusterId{1}}, {copy, ClusterId{1}}};
  EXPECT_EQ(change.families[0].texts, texts);
  EXPECT_EQ(change.families[0].scores, std::vector<int16_t>{700});
  EXPECT_EQ(change.dropped_families, std::vector<DocumentNumber>{first});
}

TEST_F(DraftTest, ATextThatAgreesWithTwoClustersMergesThem) {
  const DocumentNumber old = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber young = view_.Put(2, 2, kBridgeTitle, kOrchardBody, 5);
  Draft draft = NewDraft();
  draft.Add(Document(draft, kBridgeBody),
            With(draft, {{old, ClusterId{1}}, {young, ClusterId{2}}}, {-100, 600, 600}));
  const Change change = Settled(draft);
  ASSERT_EQ(change.redirects.size(), 1u);
  EXPECT_EQ(change.redirects[0].from, ClusterId{2});
  EXPECT_EQ(change.redirects[0].to, ClusterId{1});
  ASSERT_EQ(change.changed.size(), 1u);
  EXPECT_EQ(change.changed[0].number, young);
  EXPECT_EQ(change.changed[0].cluster, ClusterId{1});
  EXPECT_EQ(draft.SizeOf(ClusterId{1}), 3u);
  EXPECT_EQ(Count(change, EventType::kMerged), 1);
  ASSERT_EQ(change.families.size(), 1u);
  EXPECT_EQ(change.families[0].texts.size(), 3u);
}

TEST_F(DraftTest, ATextThatAgreesWithPartOfAClusterTakesItAlong) {
  const DocumentNumber first = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber second = view_.Put(2, 1, kOrchardTitle, kOrchardBody, 5);
  view_.Relate({first, second}, {60});
  Draft draft = NewDraft();
  draft.Add(Document(draft, kOrchardBody),
            With(draft, {{first, ClusterId{1}}, {second, ClusterId{1}}}, {60, -600, 800}));
  const Change change = Settled(draft);
  ASSERT_EQ(change.clusters.size(), 2u);
  EXPECT_EQ(change.clusters[1].id, static_cast<ClusterId>(draft.number()));
  EXPECT_EQ(change.added.at(0).entry.cluster, change.clusters[1].id);
  ASSERT_EQ(change.changed.size(), 1u);
  EXPECT_EQ(change.changed[0].number, second);
  EXPECT_EQ(change.changed[0].cluster, change.clusters[1].id);
  EXPECT_EQ(Count(change, EventType::kSplit), 1);
  EXPECT_EQ(Count(change, EventType::kLeft), 1);
  EXPECT_EQ(Count(change, EventType::kJoined), 2) << "the one it took along, and itself";
  EXPECT_EQ(Count(change, EventType::kCreated), 0) << "it is there since the split";
}

TEST_F(DraftTest, AnUpdateAloneInItsClusterKeepsTheIdUnlessItJoinsAnotherOne) {
  const DocumentNumber other = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber standing = view_.Put(2, 2, kOrchardTitle, kOrchardBody);
  Draft alone = NewDraft();
  alone.Remove(view_.entry(standing), Draft::Removal::kReplaced, {.number = standing});
  alone.Add(Document(alone, kBridgeBody), {});
  const Change stayed = Settled(alone);
  EXPECT_EQ(stayed.added.at(0).entry.cluster, ClusterId{2});
  EXPECT_FALSE(stayed.added.at(0).entry.founded);
  Draft joins = NewDraft();
  joins.Remove(view_.entry(standing), Draft::Removal::kReplaced, {.number = standing});
  joins.Add(Document(joins, kBridgeBody), With(joins, {{other, ClusterId{1}}}, {800}));
  const Change joined = Settled(joins);
  EXPECT_EQ(joined.added.at(0).entry.cluster, ClusterId{1});
  ASSERT_EQ(joined.redirects.size(), 1u);
  EXPECT_EQ(joined.redirects[0].from, ClusterId{2});
  EXPECT_TRUE(joined.dropped.empty());
}

// A version that stood alone beside its family is asked about the family as one in its midst is.
TEST_F(DraftTest, AnUpdateOfOneThatStoodAloneMeetsTheFamilyThatItLeavesBehind) {
  const DocumentNumber standing = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber first = view_.Put(2, 2, kBridgeTitle, Lines(kBridgeBody, 0, 3), 5);
  const DocumentNumber second = view_.Put(3, 3, kBridgeTitle, Lines(kBridgeBody, 3, 6), 6);
  view_.Relate({standing, first, second}, {100, 100, -600});
  Draft draft = NewDraft();
  draft.Remove(view_.entry(standing), Draft::Removal::kReplaced, {.number = standing});
  for (const uint64_t cluster : {1, 2, 3}) {
    std::vector<DocumentNumber> texts;
    for (const FamilyText& text : draft.FamilyLeft(ClusterId{cluster}).texts) {
      texts.push_back(text.number);
    }
    EXPECT_EQ(texts, (std::vector{first, second})) << cluster;
  }
}

// Its old text held the cluster together, and its new one is that of a member that leaves then.
TEST_F(DraftTest, AnUpdateMovesWithTheTextThatItBecameACopyOf) {
  const DocumentNumber standing = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber same = view_.Put(2, 1, kOrchardTitle, kOrchardBody, 5);
  const DocumentNumber first = view_.Put(3, 1, kBridgeTitle, Lines(kBridgeBody, 0, 3), 6);
  const DocumentNumber second = view_.Put(4, 1, kBridgeTitle, Lines(kBridgeBody, 3, 6), 7);
  const DocumentNumber third = view_.Put(5, 1, kBridgeTitle, Lines(kBridgeBody, 1, 5), 8);
  view_.Relate({standing, same, first, second, third},
               {500, 500, -600, 500, -600, 500, 500, -600, 500, 500});
  Draft draft = NewDraft();
  draft.Remove(view_.entry(standing), Draft::Removal::kReplaced, {.number = standing});
  draft.Add(Document(draft, kOrchardBody), {.cluster = ClusterId{1}});
  const Change change = Settled(draft);
  ASSERT_EQ(change.added.size(), 1u);
  const ClusterId split = change.added[0].entry.cluster;
  EXPECT_NE(split, ClusterId{1});
  ASSERT_EQ(change.changed.size(), 1u);
  EXPECT_EQ(change.changed[0].number, same);
  EXPECT_EQ(change.changed[0].cluster, split);
  EXPECT_EQ(draft.SizeOf(split), 2u);
  EXPECT_EQ(draft.SizeOf(ClusterId{1}), 3u);
}

TEST_F(DraftTest, AFamilyThatIsFullStaysAsItStands) {
  const DocumentNumber first = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber second = view_.Put(2, 1, kOrchardTitle, kOrchardBody, 5);
  const DocumentNumber third = view_.Put(3, 1, kOrchardTitle, kOrchardBody, 6);
  view_.Relate({first, second}, {-600});
  Draft draft = NewDraft();
  draft.LeaveAsItStands(*view_.FindFamily(ClusterId{1}));
  draft.Add(Document(draft, kBridgeBody), {.cluster = ClusterId{1}});
  const Change change = Settled(draft);
  EXPECT_EQ(change.clusters.size(), 1u);
  EXPECT_TRUE(change.changed.empty()) << "nobody moves, whatever the scores say";
  ASSERT_EQ(change.families.size(), 1u);
  EXPECT_TRUE(change.families[0].full);
  (void)third;
}

}  // namespace
}  // namespace wonbon
