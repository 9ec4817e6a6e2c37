// What is removed is gone, and where its id leads then.
#include <gtest/gtest.h>

#include <vector>

#include "core/store/store.h"
#include "tests/core/store/store_fixture.h"

namespace wonbon {
namespace {

using RemovalTest = StoreTest;

TEST_F(RemovalTest, AnIdLeadsToNothingThenToItsDocumentThenToItsTombstone) {
  EXPECT_EQ(Find("id"), StoreSnapshot::IdState());
  Write(FoundingChange(&records_, 1, "id"));
  EXPECT_EQ(Find("id"), StoreSnapshot::IdState(DocumentNumber{1}));
  Change removal;
  removal.sequence = 2;
  removal.removed.push_back(Removal(DocumentNumber{1}, "id"));
  removal.removed[0].tombstone = MakeTombstone("id", 2);
  Write(removal);
  EXPECT_EQ(Find("id"), StoreSnapshot::IdState(MakeTombstone("id", 2)));
  Open();
  EXPECT_EQ(Find("id"), StoreSnapshot::IdState(MakeTombstone("id", 2)));
}

TEST_F(RemovalTest, TheSameIdInAnotherCollectionIsAnother) {
  Write(FoundingChange(&records_, 1, "id"));
  auto other = store_->Snapshot()->FindId(CollectionNumber{2}, "id");
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(*other, StoreSnapshot::IdState());
}

TEST_F(RemovalTest, ARemovedDocumentLeavesNothingBehind) {
  Write(FoundingChange(&records_, 1, "id"));
  Write(FoundingChange(&records_, 2, "other"));
  Change removal;
  removal.sequence = 3;
  removal.removed.push_back(Removal(DocumentNumber{1}, "id"));
  removal.dropped.push_back(ClusterId{1});
  Write(removal);
  EXPECT_EQ(Find("id"), StoreSnapshot::IdState());
  EXPECT_TRUE(absl::IsNotFound(store_->Snapshot()->ReadContent(DocumentNumber{1}, false).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->Snapshot()->ReadContent(DocumentNumber{1}, true).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->Snapshot()->ReadFingerprint(DocumentNumber{1}).status()));
  const StoreImage image = Image();
  ASSERT_EQ(image.entries.size(), 1u);
  EXPECT_EQ(image.entries[0].number, DocumentNumber{2});
  ASSERT_EQ(image.clusters.size(), 1u);
  EXPECT_EQ(store_->EstimatedDocuments(), 1u);
}

TEST_F(RemovalTest, WithinAChangeTheAddedDocumentTakesTheIdOfTheRemovedOne) {
  Write(FoundingChange(&records_, 1, "id"));
  Change update = FoundingChange(&records_, 2, "id");
  update.removed.push_back(Removal(DocumentNumber{1}, "id"));
  Write(update);
  EXPECT_EQ(Find("id"), StoreSnapshot::IdState(DocumentNumber{2}));
  EXPECT_TRUE(absl::IsNotFound(store_->Snapshot()->ReadContent(DocumentNumber{1}, true).status()));
  EXPECT_TRUE(store_->Snapshot()->ReadContent(DocumentNumber{2}, true).ok());
}

TEST_F(RemovalTest, AddedUpdatedAndDeletedInOneGroupEndsDeleted) {
  std::vector<Change> group;
  group.push_back(FoundingChange(&records_, 1, "id"));
  group.push_back(FoundingChange(&records_, 2, "id"));
  group.back().removed.push_back(Removal(DocumentNumber{1}, "id"));
  group.emplace_back().sequence = 3;
  group.back().removed.push_back(Removal(DocumentNumber{2}, "id"));
  group.back().removed[0].tombstone = MakeTombstone("id", 3);
  ASSERT_TRUE(store_->Write(group).ok());
  EXPECT_EQ(Find("id"), StoreSnapshot::IdState(MakeTombstone("id", 3)));
  EXPECT_TRUE(Image().entries.empty());
}

TEST_F(RemovalTest, ARemovalLeavesAnIdThatLeadsElsewhereAlone) {
  Write(FoundingChange(&records_, 1, "id"));
  Write(FoundingChange(&records_, 2, "id"));
  Change removal;
  removal.sequence = 3;
  removal.removed.push_back(Removal(DocumentNumber{1}, "id"));
  removal.removed[0].tombstone = MakeTombstone("id", 3);
  Write(removal);
  EXPECT_EQ(Find("id"), StoreSnapshot::IdState(DocumentNumber{2}));
}

TEST_F(RemovalTest, AnEntryRemovedAndChangedInOneChangeIsGone) {
  const Change change = FoundingChange(&records_, 1, "id");
  Write(change);
  Change later;
  later.sequence = 2;
  later.changed.push_back(change.added[0].entry);
  later.removed.push_back(Removal(DocumentNumber{1}, "id"));
  Write(later);
  EXPECT_TRUE(Image().entries.empty());
}

TEST_F(RemovalTest, ACollectionIsReplacedAndDroppedWithItsTombstonesButTellsOfItsEnd) {
  Change first = FoundingChange(&records_, 1, "id");
  first.collections.push_back(records_.Collection(kNews));
  first.collections.push_back(records_.Collection(CollectionNumber{2}));
  Write(first);
  Change second;
  second.sequence = 2;
  second.collections.push_back(first.collections[0]);
  second.collections[0].settings.retention = absl::Hours(3);
  Write(second);
  EXPECT_EQ(Image().collections[0].settings.retention, absl::Hours(3));
  Change third;
  third.sequence = 3;
  third.removed.push_back(Removal(DocumentNumber{1}, "id"));
  third.removed[0].tombstone = MakeTombstone("id", 3);
  third.dropped_collections.push_back(kNews);
  Write(third);
  Open();
  ASSERT_EQ(Image().collections.size(), 1u);
  EXPECT_EQ(Image().collections[0].number, CollectionNumber{2});
  EXPECT_EQ(Find("id"), StoreSnapshot::IdState());
  EXPECT_FALSE(Image().events.empty());
}

}  // namespace
}  // namespace wonbon
