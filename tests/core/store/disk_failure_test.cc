// A disk that is full, breaks, or stops: what was answered stays, what failed never shows.
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "core/store/store.h"
#include "tests/core/store/failing_disk.h"
#include "tests/core/store/sample_records.h"
#include "tests/core/store/store_image.h"
#include "tests/core/store/test_folder.h"

namespace wonbon {
namespace {

using Fault = FailingDisk::Fault;

class DiskFailureTest : public testing::Test {
 protected:
  void Open() {
    store_.reset();
    auto store = Store::Open(options_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  void SetUp() override {
    options_.env = disk_.env();
    Open();
  }
  absl::Status Write(Sequence sequence) {
    const Change change = FoundingChange(&records_, sequence, absl::StrCat("id-", sequence));
    return store_->Write({&change, 1});
  }
  StoreImage Image() {
    auto image = ImageOf(*store_);
    EXPECT_TRUE(image.ok()) << image.status();
    return image.ok() ? *image : StoreImage();
  }

  TestFolder folder_;
  FailingDisk disk_;
  Store::Options options_ = folder_.Options();
  SampleRecords records_{51};
  std::unique_ptr<Store> store_;
};

class FullDiskTest : public DiskFailureTest, public testing::WithParamInterface<Fault> {};

TEST_P(FullDiskTest, AFailedWriteChangesNothingAndLaterOnesWorkOnceThereIsRoom) {
  for (Sequence sequence = 1; sequence <= 5; ++sequence) ASSERT_TRUE(Write(sequence).ok());
  const StoreImage before = Image();
  disk_.Fail(GetParam(), ".log");
  for (int attempt = 0; attempt < 3; ++attempt) {
    const absl::Status status = Write(6);
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_EQ(Image(), before);
  }
  disk_.Fail(Fault::kNone);
  // The same sequence and id again: nothing of the failed writes stands in the way.
  const absl::Status status = Write(6);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_TRUE(Write(7).ok());
  const StoreImage after = Image();
  EXPECT_EQ(after.last_sequence, 7u);
  EXPECT_EQ(after.entries.size(), 7u);
  Open();
  EXPECT_EQ(Image(), after);
}

TEST_P(FullDiskTest, AFailedWriteOfRemovalsLeavesTheDocumentsThere) {
  ASSERT_TRUE(Write(1).ok());
  const StoreImage before = Image();
  disk_.Fail(GetParam(), ".log");
  Change removal;
  removal.sequence = 2;
  removal.removed.push_back({.number = DocumentNumber{1},
                             .collection = CollectionNumber{1},
                             .id = "id-1",
                             .tombstone = {}});
  EXPECT_TRUE(absl::IsResourceExhausted(store_->Write({&removal, 1})));
  disk_.Fail(Fault::kNone);
  ASSERT_TRUE(Write(3).ok());
  EXPECT_EQ(Image().entries.size(), 2u);
  EXPECT_EQ(*store_->Snapshot()->FindId(CollectionNumber{1}, "id-1"),
            StoreSnapshot::IdState(DocumentNumber{1}));
}

TEST_P(FullDiskTest, ADiskFullFromTheFirstWriteOnIsNoDifferent) {
  disk_.Fail(GetParam(), ".log");
  for (int attempt = 0; attempt < 3; ++attempt) {
    EXPECT_TRUE(absl::IsResourceExhausted(Write(1)));
  }
  disk_.Fail(Fault::kNone);
  ASSERT_TRUE(Write(1).ok());
  Open();
  EXPECT_EQ(Image().entries.size(), 1u);
}

TEST_P(FullDiskTest, TablesThatCannotBeWrittenHoldUpWritesUntilThereIsRoom) {
  ASSERT_TRUE(Write(1).ok());
  disk_.Fail(GetParam(), ".sst");
  // Blobs enough to fill what is kept in memory: the tables must be written.
  absl::Status status;
  for (int i = 0; status.ok() && i < 500; ++i) {
    status = store_->WriteBlob("blob", std::string(1 << 20, static_cast<char>(i)));
  }
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  disk_.Fail(Fault::kNone);
  status = Write(2);
  ASSERT_TRUE(status.ok()) << status;
  Open();
  EXPECT_EQ(Image().entries.size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Faults, FullDiskTest, testing::Values(Fault::kAppend, Fault::kSync));

TEST_F(DiskFailureTest, ABrokenDiskIsUnavailableUntilTheRestartAndReadsGoOn) {
  ASSERT_TRUE(Write(1).ok());
  const StoreImage before = Image();
  disk_.Fail(Fault::kBroken, ".log");
  EXPECT_TRUE(absl::IsUnavailable(Write(2)));
  disk_.Fail(Fault::kNone);
  const absl::Status later = Write(2);
  EXPECT_TRUE(absl::IsUnavailable(later)) << later;
  EXPECT_NE(later.message().find("restart"), std::string::npos) << later;
  EXPECT_EQ(Image(), before);
  Open();
  // The failed write was atomic: it is there or it is not.
  EXPECT_GE(store_->last_sequence(), 1u);
  EXPECT_LE(store_->last_sequence(), 2u);
  EXPECT_EQ(Image().entries.size(), store_->last_sequence());
  EXPECT_TRUE(Write(3).ok());
}

TEST_F(DiskFailureTest, AFirstOpenStoppedAtAnyOperationOpensAgain) {
  FailingDisk counted;
  Store::Options options = folder_.Options("counted");
  options.env = counted.env();
  ASSERT_TRUE(Store::Open(options).ok());
  const int operations = counted.operations();
  ASSERT_GT(operations, 20);
  for (int passed = 0; passed < operations; passed += 3) {
    options = folder_.Options(absl::StrCat("stopped", passed));
    {
      FailingDisk stopping;
      stopping.StopAfter(passed);
      options.env = stopping.env();
      Store::Open(options).status().IgnoreError();
    }
    options.env = counted.env();
    const auto store = Store::Open(options);
    EXPECT_TRUE(store.ok()) << "stopped after " << passed << ": " << store.status();
  }
}

TEST_F(DiskFailureTest, AMachineThatStopsAtAnyMomentKeepsWhatWasAnswered) {
  for (int passed = 0; passed < 40; passed += 3) {
    options_ = folder_.Options(absl::StrCat("machine", passed));
    FailingDisk stopping;
    options_.env = stopping.env();
    Open();
    stopping.StopAfter(passed);
    Sequence answered = 0;
    while (answered < 50 && Write(answered + 1).ok()) ++answered;
    ASSERT_LT(answered, 50u);
    store_.reset();
    options_.env = disk_.env();
    Open();
    // What was not answered may be there too, whole.
    EXPECT_GE(store_->last_sequence(), answered);
    EXPECT_LE(store_->last_sequence(), answered + 1);
    EXPECT_EQ(Image().entries.size(), store_->last_sequence());
  }
}

}  // namespace
}  // namespace wonbon
