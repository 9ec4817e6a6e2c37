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
  Draft NewDraft() { return Draft(&view_, &fetch_, rarity_, kNow); }
  NewDocument Document(const Draft& draft, uint64_t cluster, std::string_view body) {
    const Submission made = FakeView::Make("new", kBridgeTitle, body);
    NewDocument document{.entry = {.number = static_cast<DocumentNumber>(draft.number()),
                                   .collection = FakeView::kCollection,
                                   .cluster = static_cast<ClusterId>(cluster),
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

  FakeView view_;
  DocumentFetcher fetch_ = view_.Fetcher();
  std::shared_ptr<const Rarity> rarity_ = std::make_shared<const Rarity>(64);
};

TEST_F(DraftTest, ADocumentOfANewNumberFoundsItsCluster) {
  Draft draft = NewDraft();
  draft.Add(Document(draft, draft.number(), kBridgeBody));
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
  draft.Add(Document(draft, 1, kBridgeBody));
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

TEST_F(DraftTest, MembersThatDisagreeLeaveForAClusterOfTheirOwn) {
  const DocumentNumber bridge = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber copy = view_.Put(2, 1, kBridgeTitle, kBridgeBody, 5);
  const DocumentNumber orchard = view_.Put(3, 1, kOrchardTitle, kOrchardBody, 10);
  // Both count as complete, so that the earlier one stands.
  view_.entry(copy).shingles = view_.entry(orchard).shingles;
  Draft draft = NewDraft();
  Remove(draft, bridge);
  const Change change = Settled(draft);
  ASSERT_EQ(change.clusters.size(), 2u);
  EXPECT_EQ(change.clusters[0].id, ClusterId{1});
  EXPECT_EQ(change.clusters[0].canonical, copy) << "the id stays with those who agree";
  EXPECT_EQ(change.clusters[1].canonical, orchard);
  EXPECT_EQ(change.sequence, static_cast<Sequence>(change.clusters[1].id))
      << "the last number drawn is the split's id";
  EXPECT_EQ(Count(change, EventType::kSplit), 1);
  EXPECT_EQ(Count(change, EventType::kLeft), 1);
}

TEST_F(DraftTest, WhatAGoneDocumentHeldIsHeldByTheCanonicalCopy) {
  const DocumentNumber bridge = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber second = view_.Put(2, 1, kBridgeTitle, kBridgeBody, 5);
  const DocumentNumber third = view_.Put(3, 1, kBridgeTitle, kBridgeBody, 10);
  view_.entry(third).joined_to = bridge;
  Draft draft = NewDraft();
  Remove(draft, bridge);
  const Change change = Settled(draft);
  const auto changed =
      std::find_if(change.changed.begin(), change.changed.end(),
                   [third](const DocumentEntry& entry) { return entry.number == third; });
  ASSERT_NE(changed, change.changed.end());
  EXPECT_EQ(changed->joined_to, second);
}

TEST_F(DraftTest, AMergeMovesAllAndRedirects) {
  view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  const DocumentNumber moved = view_.Put(2, 2, kBridgeTitle, kBridgeBody, 5);
  Draft draft = NewDraft();
  draft.Merge(ClusterId{2}, ClusterId{1});
  draft.Add(Document(draft, 1, kBridgeBody));
  const Change change = Settled(draft);
  ASSERT_EQ(change.redirects.size(), 1u);
  EXPECT_EQ(change.redirects[0].from, ClusterId{2});
  EXPECT_EQ(change.redirects[0].to, ClusterId{1});
  ASSERT_EQ(change.changed.size(), 1u);
  EXPECT_EQ(change.changed[0].number, moved);
  EXPECT_EQ(change.changed[0].cluster, ClusterId{1});
  EXPECT_EQ(draft.SizeOf(ClusterId{1}), 3u);
  EXPECT_EQ(Count(change, EventType::kMerged), 1);
}

TEST_F(DraftTest, ATextThatCannotBeReadFailsTheDraft) {
  const DocumentNumber bridge = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  view_.Put(2, 1, kBridgeTitle, kBridgeBody, 5);
  const std::string edited = std::string(kBridgeBody) + " 시는 결과를 공개한다.";
  view_.Vanish(view_.Put(3, 1, kBridgeTitle, edited, 10));
  Draft draft = NewDraft();
  Remove(draft, bridge);
  EXPECT_TRUE(absl::IsNotFound(draft.Settle()));
}

TEST_F(DraftTest, CopiesOfOneTextHoldTogetherUnread) {
  const DocumentNumber first = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  view_.Put(2, 1, kBridgeTitle, kBridgeBody, 5);
  const DocumentNumber unreadable = view_.Put(3, 1, kBridgeTitle, kBridgeBody, 10);
  view_.entry(unreadable).joined_to = first;
  view_.Vanish(unreadable);
  Draft draft = NewDraft();
  Remove(draft, first);
  const Change change = Settled(draft);
  ASSERT_EQ(change.clusters.size(), 1u);
  EXPECT_EQ(change.clusters[0].canonical, DocumentNumber{2});
  ASSERT_EQ(change.changed.size(), 1u);
  EXPECT_EQ(change.changed[0].number, unreadable);
  EXPECT_EQ(change.changed[0].joined_to, DocumentNumber{2});
}

// What is too much to be judged at once changes nothing until it was judged.
TEST_F(DraftTest, ARepairWaitsForItsJudgements) {
  const DocumentNumber first = view_.Put(1, 1, kBridgeTitle, kBridgeBody);
  for (uint64_t i = 2; i <= 4; ++i) {
    view_.Put(i, 1, kBridgeTitle, std::string(kBridgeBody) + " 시는 " + std::to_string(i), i);
  }
  RepairJudgements repairs(1);
  const auto settle = [&] {
    Draft draft(&view_, &fetch_, rarity_, kNow, &repairs);
    Remove(draft, first);
    return draft.Settle();
  };
  EXPECT_TRUE(absl::IsAborted(settle()));
  EXPECT_TRUE(repairs.wants_more());
  EXPECT_EQ(repairs.judged(), 0u);
  EXPECT_EQ(repairs.JudgeWanted(fetch_), 2u);
  EXPECT_TRUE(settle().ok());
  EXPECT_EQ(repairs.judged(), 2u);

  rarity_ = std::make_shared<const Rarity>(64);  // another table: judged anew
  EXPECT_TRUE(absl::IsAborted(settle()));
  EXPECT_EQ(repairs.exchanges(), 1);
}

}  // namespace
}  // namespace wonbon
