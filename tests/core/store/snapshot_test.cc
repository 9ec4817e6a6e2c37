// A snapshot shows the store as it was, whatever is written, compacted and collected since.
#include "core/store/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/store/document_codec.h"
#include "core/store/tables.h"
#include "tests/core/store/store_fixture.h"

namespace wonbon {
namespace {

// The tables without a store, so that a test can flush, compact and collect when it wants to.
class SnapshotTablesTest : public testing::Test {
 protected:
  void SetUp() override {
    auto tables = Tables::Open({.path = folder_.path(), .create = true});
    ASSERT_TRUE(tables.ok()) << tables.status();
    tables_ = *std::move(tables);
  }

  // The body of one version of a document.
  static std::string Body(uint64_t number, int version) {
    SampleRecords records(number * 1'000 + static_cast<uint64_t>(version));
    return records.Text(4'000);
  }
  void Put(uint64_t number, int version) {
    SampleRecords records(number);
    std::string content;
    EncodeContent(records.Content(absl::StrCat("id-", number)), &content);
    rocksdb::WriteBatch batch;
    batch.Put(tables_->family(Table::kContents), NumberKey(number), content);
    batch.Put(tables_->family(Table::kBodies), NumberKey(number), PackBody(Body(number, version)));
    ASSERT_TRUE(tables_->Write(&batch, /*sync=*/false).ok());
  }
  void Delete(uint64_t number) {
    rocksdb::WriteBatch batch;
    batch.Delete(tables_->family(Table::kContents), NumberKey(number));
    batch.Delete(tables_->family(Table::kBodies), NumberKey(number));
    ASSERT_TRUE(tables_->Write(&batch, /*sync=*/false).ok());
  }
  void Flush() {
    for (const Table table : {Table::kContents, Table::kBodies}) {
      ASSERT_TRUE(tables_->db().Flush(rocksdb::FlushOptions(), tables_->family(table)).ok());
    }
  }
  // Rewrites every table, and every blob file whatever its age.
  void CompactAndCollect() {
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    options.blob_garbage_collection_policy = rocksdb::BlobGarbageCollectionPolicy::kForce;
    options.blob_garbage_collection_age_cutoff = 1.0;
    for (const Table table : {Table::kContents, Table::kBodies}) {
      ASSERT_TRUE(
          tables_->db().CompactRange(options, tables_->family(table), nullptr, nullptr).ok());
    }
  }
  std::vector<std::string> BlobFiles() const { return FilesEnding(folder_.path(), ".blob"); }
  static uint64_t BytesOf(const std::vector<std::string>& files) {
    uint64_t bytes = 0;
    for (const std::string& file : files) bytes += std::filesystem::file_size(file);
    return bytes;
  }

  TestFolder folder_;
  std::shared_ptr<Tables> tables_;
};

TEST_F(SnapshotTablesTest, BodiesAreReadAfterTheyWereReplacedRemovedAndCollected) {
  constexpr uint64_t kDocuments = 60;
  for (uint64_t number = 1; number <= kDocuments; ++number) Put(number, 1);
  Flush();
  auto snapshot = std::make_unique<StoreSnapshot>(tables_);
  const std::vector<std::string> first_files = BlobFiles();
  ASSERT_FALSE(first_files.empty());

  // A third is replaced, a third removed, a third stays.
  for (uint64_t number = 1; number <= kDocuments; ++number) {
    if (number % 3 == 1) Put(number, 2);
    if (number % 3 == 2) Delete(number);
  }
  Flush();
  CompactAndCollect();
  // What the snapshot sees was moved to other files: the old ones are gone.
  for (const std::string& file : first_files) EXPECT_FALSE(std::filesystem::exists(file)) << file;

  const StoreSnapshot now(tables_);
  for (uint64_t number = 1; number <= kDocuments; ++number) {
    const DocumentNumber document{number};
    const auto then = snapshot->ReadContent(document, /*with_body=*/true);
    ASSERT_TRUE(then.ok()) << then.status();
    EXPECT_EQ(then->document.id, absl::StrCat("id-", number));
    EXPECT_EQ(then->document.body, Body(number, 1));
    const auto today = now.ReadBody(document);
    if (number % 3 == 2) {
      EXPECT_TRUE(absl::IsNotFound(today.status())) << today.status();
    } else {
      EXPECT_EQ(*today, Body(number, number % 3 == 1 ? 2 : 1));
    }
  }

  // The test has teeth: without the snapshot the same steps throw the old bodies away.
  const uint64_t held = BytesOf(BlobFiles());
  snapshot.reset();
  CompactAndCollect();
  EXPECT_LT(BytesOf(BlobFiles()), held * 3 / 4);
}

TEST_F(SnapshotTablesTest, ABodyThatIsMissingWhereItsHeadIsThereIsDamage) {
  Put(1, 1);
  rocksdb::WriteBatch batch;
  batch.Delete(tables_->family(Table::kBodies), NumberKey(1));
  ASSERT_TRUE(tables_->Write(&batch, /*sync=*/false).ok());
  const StoreSnapshot snapshot(tables_);
  EXPECT_TRUE(snapshot.ReadContent(DocumentNumber{1}, false).ok());
  EXPECT_TRUE(absl::IsDataLoss(snapshot.ReadContent(DocumentNumber{1}, true).status()));
}

class SnapshotTest : public StoreTest {};

TEST_F(SnapshotTest, NothingWrittenLaterShows) {
  options_.max_kept_events = 4;
  Open();
  const Change founding = FoundingChange(&records_, 1, "id", 3'000);
  Write(founding);
  const NewDocument& added = founding.added[0];
  const auto snapshot = store_->Snapshot();
  const auto body = snapshot->ReadBody(added.entry.number);
  ASSERT_TRUE(body.ok()) << body.status();

  Change later;
  later.sequence = 2;
  later.removed.push_back(Removal(added.entry.number, "id"));
  later.removed[0].tombstone = MakeTombstone("id", 2);
  later.dropped.push_back(founding.clusters[0].id);
  Write(later);
  Write(FoundingChange(&records_, 3, "other"));
  // The first change's events are dropped by now.
  for (Sequence sequence = 4; sequence <= 20; ++sequence) {
    Change events;
    events.sequence = sequence;
    events.collections.push_back(records_.Collection(kNews));
    events.events.push_back(records_.Event(sequence, kNews));
    Write(events);
  }
  EXPECT_TRUE(absl::IsOutOfRange(store_->Snapshot()->ReadEvents(kNews, 0, 10).status()));

  EXPECT_EQ(*snapshot->FindId(kNews, "id"), StoreSnapshot::IdState(added.entry.number));
  EXPECT_EQ(*snapshot->FindId(kNews, "other"), StoreSnapshot::IdState());
  EXPECT_EQ(*snapshot->ReadEntry(added.entry.number), added.entry);
  EXPECT_EQ(*snapshot->ReadCluster(founding.clusters[0].id), founding.clusters[0]);
  EXPECT_EQ(*snapshot->ReadContent(added.entry.number, false), added.content);
  EXPECT_EQ(*snapshot->ReadBody(added.entry.number), *body);
  EXPECT_EQ(*snapshot->ReadFingerprint(added.entry.number), added.fingerprint);
  EXPECT_EQ(*snapshot->ReadEvents(kNews, 0, 10), founding.events);
  size_t visited = 0;
  const absl::Status status =
      snapshot->VisitAll({.collection = [](auto) { return absl::OkStatus(); },
                          .cluster = [](auto) { return absl::OkStatus(); },
                          .redirect = [](auto) { return absl::OkStatus(); },
                          .document =
                              [&](const DocumentEntry& entry, auto) {
                                EXPECT_EQ(entry.number, added.entry.number);
                                ++visited;
                                return absl::OkStatus();
                              }});
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(visited, 1u);
}

TEST_F(SnapshotTest, AMergedClusterIsNotFound) {
  Write(FoundingChange(&records_, 1, "a"));
  Write(FoundingChange(&records_, 2, "b"));
  Write(MergingChange(3, ClusterId{2}, ClusterId{1}));
  EXPECT_TRUE(store_->Snapshot()->ReadCluster(ClusterId{1}).ok());
  EXPECT_TRUE(absl::IsNotFound(store_->Snapshot()->ReadCluster(ClusterId{2}).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->Snapshot()->ReadCluster(ClusterId{9}).status()));
}

}  // namespace
}  // namespace wonbon
