// The change feed in the store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "core/store/store.h"
#include "tests/core/store/record_equality.h"
#include "tests/core/store/sample_records.h"
#include "tests/core/store/test_folder.h"

namespace wonbon {
namespace {

constexpr CollectionNumber kNews{1};
constexpr CollectionNumber kSports{2};

class EventsTest : public testing::Test {
 protected:
  // Fsyncs are not what is tested.
  EventsTest() { options_.durability = Durability::kAsync; }

  void Open() {
    store_.reset();
    auto store = Store::Open(options_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  // A change of nothing but events; the collection lives.
  std::vector<ClusterEvent> Write(Sequence sequence, CollectionNumber collection, int events) {
    Change change;
    change.sequence = sequence;
    change.collections.push_back(records_.Collection(collection));
    for (int i = 0; i < events; ++i) change.events.push_back(records_.Event(sequence, collection));
    EXPECT_TRUE(store_->Write({&change, 1}).ok());
    return change.events;
  }
  std::vector<Sequence> Sequences(CollectionNumber collection, Sequence after, size_t max_events) {
    auto events = store_->Snapshot()->ReadEvents(collection, after, max_events);
    EXPECT_TRUE(events.ok()) << events.status();
    std::vector<Sequence> sequences;
    if (!events.ok()) return sequences;
    for (const ClusterEvent& event : *events) sequences.push_back(event.sequence);
    return sequences;
  }

  TestFolder folder_;
  Store::Options options_ = folder_.Options();
  SampleRecords records_{41};
  std::unique_ptr<Store> store_;
};

TEST_F(EventsTest, EventsReadBackInOrder) {
  Open();
  std::vector<ClusterEvent> expected;
  for (Sequence sequence = 1; sequence <= 300; ++sequence) {
    for (ClusterEvent& event : Write(sequence, kNews, static_cast<int>(sequence % 4))) {
      expected.push_back(std::move(event));
    }
  }
  Open();
  EXPECT_EQ(*store_->Snapshot()->ReadEvents(kNews, 0, 100'000), expected);
}

TEST_F(EventsTest, APageNeverEndsWithinAChange) {
  Open();
  Write(5, kNews, 3);
  Write(6, kNews, 2);
  Write(9, kNews, 1);
  EXPECT_THAT(Sequences(kNews, 0, 1), testing::ElementsAre(5, 5, 5));
  EXPECT_THAT(Sequences(kNews, 0, 4), testing::ElementsAre(5, 5, 5, 6, 6));
  EXPECT_THAT(Sequences(kNews, 5, 2), testing::ElementsAre(6, 6));
  EXPECT_THAT(Sequences(kNews, 7, 10), testing::ElementsAre(9));
  EXPECT_THAT(Sequences(kNews, 9, 10), testing::ElementsAre());
  EXPECT_THAT(Sequences(kNews, ~Sequence{0}, 10), testing::ElementsAre());
  EXPECT_THAT(Sequences(kNews, 0, 0), testing::ElementsAre());
}

TEST_F(EventsTest, CollectionsDoNotSeeEachOthersEvents) {
  Open();
  Write(1, kNews, 1);
  Write(2, kSports, 1);
  Write(3, kNews, 1);
  EXPECT_THAT(Sequences(kNews, 0, 10), testing::ElementsAre(1, 3));
  EXPECT_THAT(Sequences(kSports, 0, 10), testing::ElementsAre(2));
  EXPECT_THAT(Sequences(CollectionNumber{3}, 0, 10), testing::ElementsAre());
}

TEST_F(EventsTest, TheOldestAreDroppedPastTheLimitAndAskingForThemIsOutOfRange) {
  options_.max_kept_events = 100;
  Open();
  for (Sequence sequence = 1; sequence <= 1'000; ++sequence) Write(sequence, kNews, 1);
  for (int reopened = 0; reopened < 2; ++reopened) {
    const auto all = store_->Snapshot()->ReadEvents(kNews, 0, 10);
    EXPECT_TRUE(absl::IsOutOfRange(all.status())) << all.status();
    EXPECT_TRUE(absl::IsOutOfRange(store_->Snapshot()->ReadEvents(kNews, 800, 10).status()));
    const auto kept = Sequences(kNews, 900, 1'000);
    EXPECT_EQ(kept.size(), 100u);
    // From the oldest kept on nothing is missing.
    Sequence oldest = 900;
    while (store_->Snapshot()->ReadEvents(kNews, oldest - 1, 1).ok()) --oldest;
    EXPECT_GE(oldest, 890u);
    EXPECT_EQ(Sequences(kNews, oldest, 1'000).size(), 1'000 - oldest);
    Open();
  }
}

TEST_F(EventsTest, ADeletedCollectionIsReadToItsEndUntilItsEventsAreDropped) {
  options_.max_kept_events = 100;
  Open();
  Write(1, kSports, 1);
  Change deleting;
  deleting.sequence = 2;
  deleting.events.push_back(records_.Event(2, kSports));
  deleting.dropped_collections.push_back(kSports);
  ASSERT_TRUE(store_->Write({&deleting, 1}).ok());
  EXPECT_THAT(Sequences(kSports, 0, 10), testing::ElementsAre(1, 2));
  for (Sequence sequence = 3; sequence <= 500; ++sequence) Write(sequence, kNews, 1);
  EXPECT_THAT(Sequences(kSports, 0, 10), testing::ElementsAre());
}

TEST_F(EventsTest, AQuietCollectionThatLostNothingMayAskFromTheStart) {
  options_.max_kept_events = 100;
  Open();
  Write(1, kSports, 1);
  for (Sequence sequence = 2; sequence <= 500; ++sequence) Write(sequence, kNews, 1);
  Write(501, kSports, 1);
  Write(502, CollectionNumber{3}, 1);
  EXPECT_TRUE(absl::IsOutOfRange(store_->Snapshot()->ReadEvents(kNews, 1, 10).status()));
  EXPECT_TRUE(absl::IsOutOfRange(store_->Snapshot()->ReadEvents(kSports, 0, 10).status()));
  EXPECT_THAT(Sequences(kSports, 1, 10), testing::ElementsAre(501));
  EXPECT_THAT(Sequences(CollectionNumber{3}, 0, 10), testing::ElementsAre(502));
}

TEST_F(EventsTest, OneGroupLargerThanTheLimitIsKeptUntilTheNextOne) {
  options_.max_kept_events = 10;
  Open();
  std::vector<Change> group(50);
  group[0].collections.push_back(records_.Collection(kNews));
  for (Sequence sequence = 1; sequence <= 50; ++sequence) {
    group[sequence - 1].sequence = sequence;
    group[sequence - 1].events.push_back(records_.Event(sequence, kNews));
  }
  ASSERT_TRUE(store_->Write(group).ok());
  EXPECT_EQ(Sequences(kNews, 0, 100).size(), 50u);
  Write(51, kNews, 1);
  EXPECT_TRUE(absl::IsOutOfRange(store_->Snapshot()->ReadEvents(kNews, 30, 100).status()));
  EXPECT_EQ(Sequences(kNews, 41, 100).size(), 10u);
}

}  // namespace
}  // namespace wonbon
