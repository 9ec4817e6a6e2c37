// A group that is given up leaves the state as it was.
#include "core/state/commit_group.h"

#include <gtest/gtest.h>

#include "core/state/fits.h"
#include "tests/core/store/sample_records.h"
#include "tests/core/store/test_folder.h"

namespace wonbon {
namespace {

constexpr CollectionNumber kCollection{1};

class CommitGroupTest : public testing::Test {
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
  std::unique_ptr<CommitGroup> NewGroup() { return std::make_unique<CommitGroup>(&published_); }

  // A document that every text like it finds, by its sample alone.
  NewDocument MakeDocument(uint64_t number, ClusterId cluster) {
    NewDocument document = records_.MakeDocument(number, "id-" + std::to_string(number), 200);
    document.entry.collection = kCollection;
    document.entry.cluster = cluster;
    document.entry.bands = 0;
    document.fingerprint = records_.MakeFingerprint(/*shingles=*/400, /*sample_size=*/50);
    document.fingerprint.asked = document.fingerprint.sample;
    return document;
  }
  static Change Founding(const NewDocument& document) {
    Change change;
    change.added.push_back(document);
    Elect(document.entry.cluster, document, nullptr, &change);
    return change;
  }
  static Change Electing(ClusterId cluster, const NewDocument& canonical,
                         const NewDocument& before) {
    Change change;
    Elect(cluster, canonical, &before, &change);
    return change;
  }
  static void Elect(ClusterId cluster, const NewDocument& canonical, const NewDocument* before,
                    Change* change) {
    change->clusters.push_back(
        {.id = cluster, .collection = kCollection, .canonical = canonical.entry.number});
    if (before != nullptr) change->sample_postings.push_back(Sample(*before, false));
    change->sample_postings.push_back(Sample(canonical, true));
  }
  static SamplePosting Sample(const NewDocument& document, bool posted) {
    return {.number = document.entry.number,
            .posted = posted,
            .sample = document.fingerprint.sample};
  }
  static RemovedDocument Removing(const NewDocument& document) {
    return {.number = document.entry.number,
            .collection = kCollection,
            .id = document.content.document.id,
            .tombstone = {}};
  }

  // As the next change of the group.
  static void Apply(CommitGroup* group, Change change) {
    change.previous = group->last_sequence();
    change.sequence = change.previous + 1;
    group->Apply(std::move(change), nullptr);
  }
  void WriteAndPublish(Change change) {
    const auto group = NewGroup();
    Apply(group.get(), std::move(change));
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

TEST_F(CommitGroupTest, ADocumentReplacedInAGroupThatIsGivenUpLeavesNoPostings) {
  const ClusterId cluster{1};
  const NewDocument first = MakeDocument(1, cluster);
  const NewDocument second = MakeDocument(2, cluster);
  const auto group = NewGroup();
  Apply(group.get(), Founding(first));
  Change replacing;
  replacing.added.push_back(second);
  replacing.removed.push_back(Removing(first));
  Elect(cluster, second, &first, &replacing);
  Apply(group.get(), std::move(replacing));
  group->Abandon();

  // Whoever gets their slots has nothing to do with their texts.
  for (uint64_t number : {3, 4}) {
    WriteAndPublish(Founding(MakeDocument(number, ClusterId{number})));
    EXPECT_EQ(SharedSample(first, DocumentNumber{number}), 0) << number;
    EXPECT_EQ(SharedSample(second, DocumentNumber{number}), 0) << number;
  }
}

TEST_F(CommitGroupTest, CanonicalCopiesElectedInAGroupThatIsGivenUpAreFoundAsBefore) {
  const ClusterId cluster{1};
  const NewDocument canonical = MakeDocument(1, cluster);
  const NewDocument member = MakeDocument(2, cluster);
  WriteAndPublish(Founding(canonical));
  Change joining;
  joining.added.push_back(member);
  WriteAndPublish(std::move(joining));
  const int shared = SharedSample(canonical, canonical.entry.number);
  ASSERT_GT(shared, 0);
  ASSERT_EQ(SharedSample(member, member.entry.number), 0);

  const auto group = NewGroup();
  Apply(group.get(), Electing(cluster, member, canonical));
  Apply(group.get(), Electing(cluster, canonical, member));
  group->Abandon();
  EXPECT_EQ(SharedSample(canonical, canonical.entry.number), shared);
  EXPECT_EQ(SharedSample(member, member.entry.number), 0);

  // And they are taken out with the cluster.
  Change dropping;
  dropping.removed = {Removing(canonical), Removing(member)};
  dropping.dropped.push_back(cluster);
  dropping.sample_postings.push_back(Sample(canonical, false));
  WriteAndPublish(std::move(dropping));
  for (uint64_t number : {4, 5}) {
    WriteAndPublish(Founding(MakeDocument(number, ClusterId{number})));
    EXPECT_EQ(SharedSample(canonical, DocumentNumber{number}), 0) << number;
  }
}

// What is found must not depend on which commands share a group.
TEST_F(CommitGroupTest, PostingsPassedOnInAGroupAreFoundInItAndTakenBackWithIt) {
  const ClusterId cluster{1};
  NewDocument first = MakeDocument(1, cluster);
  NewDocument second = MakeDocument(2, cluster);
  first.entry.bands = kAllBands;
  second.fingerprint = first.fingerprint;
  WriteAndPublish(Founding(first));
  Change joining;
  joining.added.push_back(second);
  WriteAndPublish(std::move(joining));
  const auto hits_of = [&](const State& state) {
    std::vector<DocumentHit> hits;
    state.FindHits(kCollection, first.fingerprint, &hits);
    return hits;
  };
  ASSERT_EQ(hits_of(published_.latest()).size(), 2u);
  ASSERT_EQ(hits_of(published_.latest())[1].bands, 0);

  const auto group = NewGroup();
  Change removing;
  removing.removed.push_back(Removing(first));
  removing.band_postings.push_back({.number = second.entry.number, .bands = kAllBands});
  Elect(cluster, second, &first, &removing);
  Apply(group.get(), std::move(removing));
  ASSERT_EQ(hits_of(*group).size(), 1u);
  EXPECT_EQ(hits_of(*group)[0].number, second.entry.number);
  EXPECT_EQ(hits_of(*group)[0].bands, kBands);
  group->Abandon();
  ASSERT_EQ(hits_of(published_.latest()).size(), 2u);
  EXPECT_EQ(hits_of(published_.latest())[0].number, first.entry.number);
  EXPECT_EQ(hits_of(published_.latest())[0].bands, kBands);
  EXPECT_TRUE(hits_of(published_.latest())[0].exact);
  EXPECT_EQ(hits_of(published_.latest())[1].bands, 0);
}

TEST_F(CommitGroupTest, HitsComeInTheOrderOfTheDocumentsWhateverSlotsWereFree) {
  NewDocument text = MakeDocument(1, ClusterId{1});
  NewDocument gone = MakeDocument(2, ClusterId{2});
  WriteAndPublish(Founding(text));
  WriteAndPublish(Founding(gone));
  Change replacing;
  replacing.removed = {Removing(text), Removing(gone)};
  replacing.dropped = {ClusterId{1}, ClusterId{2}};
  replacing.sample_postings = {Sample(text, false), Sample(gone, false)};
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

// A change that was decided on another state must not be applied, nor end the process.
TEST_F(CommitGroupTest, AChangeThatNamesWhatIsNotThereDoesNotFit) {
  const NewDocument document = MakeDocument(1, ClusterId{1});
  WriteAndPublish(Founding(document));
  const NewDocument other = MakeDocument(2, ClusterId{2});
  EXPECT_TRUE(CheckFits(published_.latest(), Founding(other)).ok());
  const auto refused = [&](const Change& change) {
    return absl::IsDataLoss(CheckFits(published_.latest(), change));
  };
  EXPECT_TRUE(refused(Founding(document)));  // it is there already
  EXPECT_TRUE(refused(Electing(ClusterId{2}, other, document)));
  Change change;
  change.removed.push_back(Removing(other));
  EXPECT_TRUE(refused(change));
  change = {};
  change.redirects.push_back({.from = ClusterId{1}, .to = ClusterId{9}});
  EXPECT_TRUE(refused(change));
  change = {};
  change.dropped.push_back(ClusterId{9});
  EXPECT_TRUE(refused(change));
  change = {};
  change.band_postings.push_back({.number = DocumentNumber{9}, .bands = 1});
  EXPECT_TRUE(refused(change));
  change = {};
  change.dropped_collections.push_back(CollectionNumber{9});
  EXPECT_TRUE(refused(change));
}

TEST_F(CommitGroupTest, ReadersFindWhatAGroupTakesOutOrMovesUntilItIsPublished) {
  const ClusterId cluster{1};
  NewDocument canonical = MakeDocument(1, cluster);
  canonical.entry.bands = kAllBands;
  const NewDocument member = MakeDocument(2, cluster);
  WriteAndPublish(Founding(canonical));
  Change joining;
  joining.added.push_back(member);
  WriteAndPublish(std::move(joining));
  const auto hits_of = [&](const NewDocument& text) {
    std::vector<DocumentHit> hits;
    published_.latest().FindHits(kCollection, text.fingerprint, &hits);
    return hits;
  };
  const auto before = hits_of(canonical);
  const auto member_before = hits_of(member);
  ASSERT_EQ(before.size(), 1u);
  EXPECT_EQ(before[0].bands, kBands);
  EXPECT_GT(before[0].shared_sample, 0);

  const auto group = NewGroup();
  Change replacing = Electing(cluster, member, canonical);
  replacing.removed.push_back(Removing(canonical));
  Apply(group.get(), std::move(replacing));
  EXPECT_EQ(hits_of(canonical), before);
  EXPECT_EQ(hits_of(member), member_before);
  std::vector<DocumentHit> of_group;
  group->FindHits(kCollection, canonical.fingerprint, &of_group);
  EXPECT_TRUE(of_group.empty());
  ASSERT_TRUE(store_->Write(group->changes()).ok());
  group->Publish(Now());
  EXPECT_TRUE(hits_of(canonical).empty());
  EXPECT_GT(hits_of(member)[0].shared_sample, 0);
}

TEST_F(CommitGroupTest, VersionsThatTheGroupBringsAreNotOverlooked) {
  const ClusterId cluster{1};
  NewDocument first = MakeDocument(1, cluster);
  first.entry.publisher_key = 7;
  first.entry.headline_key = 8;
  first.entry.version_mark = 0;
  first.entry.published_us = first.entry.first_published_us = 1'000;
  WriteAndPublish(Founding(first));
  NewDocument second = MakeDocument(2, cluster);
  second.entry.publisher_key = 9;
  second.entry.headline_key = 8;
  second.entry.version_mark = 0;
  const auto group = NewGroup();
  second.entry.published_us = second.entry.first_published_us = 2'000;
  const absl::uint128 first_text = first.fingerprint.exact_key;
  const absl::uint128 second_text = second.fingerprint.exact_key;
  const absl::uint128 other_text = 77;
  EXPECT_TRUE(group->MayHaveVersions(cluster, first.entry, other_text));
  EXPECT_FALSE(group->MayHaveVersions(cluster, first.entry, first_text)) << "the same again";
  EXPECT_FALSE(group->MayHaveVersions(cluster, second.entry, other_text));
  Change joining;
  joining.added.push_back(second);
  Apply(group.get(), std::move(joining));
  EXPECT_TRUE(group->MayHaveVersions(cluster, first.entry, other_text));
  EXPECT_TRUE(group->MayHaveVersions(cluster, second.entry, other_text));
  EXPECT_FALSE(group->MayHaveVersions(cluster, second.entry, second_text)) << "the same again";
  EXPECT_FALSE(group->MayHaveVersions(ClusterId{2}, second.entry, other_text));
  // One that was published anew: what is sent again may be published before it.
  NewDocument anew = MakeDocument(4, cluster);
  anew.entry.headline_key = second.entry.headline_key;
  anew.entry.publisher_key = second.entry.publisher_key;
  anew.entry.version_mark = second.entry.version_mark;
  anew.fingerprint.exact_key = second_text;
  anew.entry.published_us = 3'000;
  anew.entry.first_published_us = 2'999;
  Change republished;
  republished.added.push_back(anew);
  Apply(group.get(), std::move(republished));
  EXPECT_TRUE(group->MayHaveVersions(cluster, second.entry, second_text));
  // A second headline of the publisher: what is sent again may be newer than that.
  NewDocument third = MakeDocument(3, cluster);
  third.entry.publisher_key = 7;
  third.entry.headline_key = 10;
  third.entry.version_mark = 0;
  third.entry.published_us = third.entry.first_published_us = 4'000;
  Change another;
  another.added.push_back(third);
  Apply(group.get(), std::move(another));
  EXPECT_TRUE(group->MayHaveVersions(cluster, first.entry, first_text));
  group->Abandon();
}

}  // namespace
}  // namespace wonbon
