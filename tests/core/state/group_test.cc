// A group that is given up leaves the state as it was.
#include "core/state/group.h"

#include <gtest/gtest.h>

#include "tests/core/store/sample_records.h"
#include "tests/core/store/test_folder.h"

namespace wonbon {
namespace {

constexpr CollectionNumber kCollection{1};

class GroupTest : public testing::Test {
 protected:
  void SetUp() override {
    auto store = Store::Open(folder_.Options());
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    CollectionRecord record = records_.Collection(kCollection);
    record.number = kCollection;
    published_.Publish([&](MemoryState& state) { state.LoadCollection(std::move(record)); },
                       Now());
  }

  Moment Now() const {
    return {.sequence = store_->last_sequence(), .store = store_->Snapshot(), .rarity = nullptr};
  }
  std::unique_ptr<Group> NewGroup() {
    return std::make_unique<Group>(&published_);
  }

  // A document that every text like it finds, by its sample alone.
  NewDocument MakeDocument(uint64_t number, ClusterId cluster) {
    NewDocument document = records_.MakeDocument(number, "id-" + std::to_string(number), 200);
    document.entry.collection = kCollection;
    document.entry.cluster = cluster;
    document.entry.bands = 0;
    document.fingerprint = records_.MakeFingerprint(/*shingles=*/400, /*sample_size=*/50);
    return document;
  }
  static Change Founding(const NewDocument& document) {
    Change change = Electing(document.entry.cluster, document.entry.number);
    change.added.push_back(document);
    return change;
  }
  static Change Electing(ClusterId cluster, DocumentNumber canonical) {
    Change change;
    change.sequence = static_cast<Sequence>(canonical);
    change.clusters.push_back({.id = cluster, .collection = kCollection, .canonical = canonical});
    return change;
  }
  static RemovedDocument Removing(const NewDocument& document) {
    return {.number = document.entry.number,
            .collection = kCollection,
            .id = document.content.document.id,
            .tombstone = {}};
  }

  void WriteAndPublish(Change change) {
    const auto group = NewGroup();
    ASSERT_TRUE(group->Apply(std::move(change), nullptr).ok());
    ASSERT_TRUE(store_->Write(group->changes()).ok());
    group->Publish(Now());
  }

  // Sampled shingles of `text` that the document with this number is found to share.
  int SharedSample(const NewDocument& text, DocumentNumber number) const {
    std::vector<DocumentHit> hits;
    published_.latest().FindAllHits(kCollection, text.fingerprint, &hits);
    for (const DocumentHit& hit : hits) {
      if (hit.number == number) return hit.shared_sample;
    }
    return 0;
  }

  TestFolder folder_;
  SampleRecords records_{7};
  std::unique_ptr<Store> store_;
  Published published_;
};

TEST_F(GroupTest, ADocumentReplacedInAGroupThatIsGivenUpLeavesNoPostings) {
  const ClusterId cluster{1};
  const NewDocument first = MakeDocument(1, cluster);
  const NewDocument second = MakeDocument(2, cluster);
  const auto group = NewGroup();
  ASSERT_TRUE(group->Apply(Founding(first), nullptr).ok());
  Change replacing = Founding(second);
  replacing.removed.push_back(Removing(first));
  ASSERT_TRUE(group->Apply(std::move(replacing), nullptr).ok());
  group->Abandon();

  // Whoever gets their slots has nothing to do with their texts.
  for (uint64_t number : {3, 4}) {
    WriteAndPublish(Founding(MakeDocument(number, ClusterId{number})));
    EXPECT_EQ(SharedSample(first, DocumentNumber{number}), 0) << number;
    EXPECT_EQ(SharedSample(second, DocumentNumber{number}), 0) << number;
  }
}

TEST_F(GroupTest, CanonicalCopiesElectedInAGroupThatIsGivenUpAreFoundAsBefore) {
  const ClusterId cluster{1};
  const NewDocument canonical = MakeDocument(1, cluster);
  const NewDocument member = MakeDocument(2, cluster);
  WriteAndPublish(Founding(canonical));
  Change joining;
  joining.sequence = 2;
  joining.added.push_back(member);
  WriteAndPublish(std::move(joining));
  const int shared = SharedSample(canonical, canonical.entry.number);
  ASSERT_GT(shared, 0);
  ASSERT_EQ(SharedSample(member, member.entry.number), 0);

  const auto group = NewGroup();
  ASSERT_TRUE(group->Apply(Electing(cluster, member.entry.number), nullptr).ok());
  ASSERT_TRUE(group->Apply(Electing(cluster, canonical.entry.number), nullptr).ok());
  group->Abandon();
  EXPECT_EQ(SharedSample(canonical, canonical.entry.number), shared);
  EXPECT_EQ(SharedSample(member, member.entry.number), 0);

  // And they are taken out with the cluster.
  Change dropping;
  dropping.sequence = 3;
  dropping.removed = {Removing(canonical), Removing(member)};
  dropping.dropped.push_back(cluster);
  WriteAndPublish(std::move(dropping));
  for (uint64_t number : {4, 5}) {
    WriteAndPublish(Founding(MakeDocument(number, ClusterId{number})));
    EXPECT_EQ(SharedSample(canonical, DocumentNumber{number}), 0) << number;
  }
}

TEST_F(GroupTest, HitsComeInTheOrderOfTheDocumentsWhateverSlotsWereFree) {
  NewDocument text = MakeDocument(1, ClusterId{1});
  NewDocument gone = MakeDocument(2, ClusterId{2});
  WriteAndPublish(Founding(text));
  WriteAndPublish(Founding(gone));
  Change replacing;
  replacing.sequence = 3;
  replacing.removed = {Removing(text), Removing(gone)};
  replacing.dropped = {ClusterId{1}, ClusterId{2}};
  WriteAndPublish(std::move(replacing));
  for (uint64_t number : {4, 5, 6}) {
    NewDocument copy = MakeDocument(number, ClusterId{number});
    copy.fingerprint = text.fingerprint;
    WriteAndPublish(Founding(copy));
  }
  std::vector<DocumentHit> hits;
  published_.latest().FindAllHits(kCollection, text.fingerprint, &hits);
  ASSERT_EQ(hits.size(), 3u);
  for (size_t i = 0; i < hits.size(); ++i) EXPECT_EQ(hits[i].number, DocumentNumber{i + 4});
}

}  // namespace
}  // namespace wonbon
