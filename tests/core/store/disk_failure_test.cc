// A disk that is full, breaks, or stops: what was answered stays, what failed never shows.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "core/error.h"
#include "core/store/limits.h"
#include "core/store/store.h"
#include "tests/core/store/failing_disk.h"
#include "tests/core/store/sample_records.h"
#include "tests/core/store/store_image.h"
#include "tests/core/store/test_folder.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;
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
    EXPECT_EQ(ReasonOf(status), ErrorReason::kDiskFull);
    EXPECT_EQ(store_->CheckWritable(), status);
    EXPECT_EQ(Image(), before);
    // Tables can be written, which is all that RocksDB asks for; the next write fails again.
    store_->Resume().IgnoreError();
  }
  disk_.Fail(Fault::kNone);
  EXPECT_TRUE(store_->Resume().ok());
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
  ASSERT_TRUE(store_->Resume().ok());
  ASSERT_TRUE(Write(3).ok());
  EXPECT_EQ(Image().entries.size(), 2u);
  EXPECT_EQ(*store_->Snapshot()->FindId(CollectionNumber{1}, "id-1"),
            StoreSnapshot::IdState(DocumentNumber{1}));
}

TEST_P(FullDiskTest, ADiskFullFromTheFirstWriteOnIsNoDifferent) {
  disk_.Fail(GetParam(), ".log");
  for (int attempt = 0; attempt < 3; ++attempt) {
    EXPECT_TRUE(absl::IsResourceExhausted(Write(1)));
    store_->Resume().IgnoreError();
  }
  disk_.Fail(Fault::kNone);
  ASSERT_TRUE(store_->Resume().ok());
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
  EXPECT_TRUE(absl::IsResourceExhausted(store_->Resume()));
  EXPECT_TRUE(absl::IsResourceExhausted(store_->Resume()));
  EXPECT_TRUE(absl::IsResourceExhausted(Write(2)));
  disk_.Fail(Fault::kNone);
  ASSERT_TRUE(store_->Resume().ok());
  status = Write(2);
  ASSERT_TRUE(status.ok()) << status;
  Open();
  EXPECT_EQ(Image().entries.size(), 2u);
}

TEST_P(FullDiskTest, WritesAreRefusedWithoutTouchingTheDiskUntilThereIsRoomAgain) {
  ASSERT_TRUE(Write(1).ok());
  const std::string reserve = folder_.path() + "/reserve";
  EXPECT_EQ(fs::file_size(reserve), static_cast<uint64_t>(kReserveBytes));
  disk_.Fail(GetParam(), ".log");
  EXPECT_TRUE(absl::IsResourceExhausted(Write(2)));
  EXPECT_FALSE(fs::exists(reserve)) << "it is given up for what is under way";
  disk_.Fail(Fault::kNone);
  disk_.SetFreeBytes(1 << 20);
  const int operations = disk_.operations();
  for (int attempt = 0; attempt < 200; ++attempt) {
    EXPECT_TRUE(absl::IsResourceExhausted(Write(2)));
    EXPECT_TRUE(absl::IsResourceExhausted(store_->Resume()));
  }
  EXPECT_EQ(disk_.operations(), operations);
  EXPECT_NE(store_->CheckWritable().message().find("has 1 MiB and needs"), std::string::npos)
      << store_->CheckWritable();
  disk_.SetFreeBytes(1 << 30);
  ASSERT_TRUE(store_->Resume().ok());
  EXPECT_TRUE(store_->CheckWritable().ok());
  EXPECT_TRUE(Write(2).ok());
  EXPECT_EQ(fs::file_size(reserve), static_cast<uint64_t>(kReserveBytes));
}

INSTANTIATE_TEST_SUITE_P(Faults, FullDiskTest, testing::Values(Fault::kAppend, Fault::kSync));

TEST_F(DiskFailureTest, AMachineThatStopsWhileWritesResumeKeepsWhatWasAnswered) {
  for (int passed = 0; passed < 30; ++passed) {
    options_ = folder_.Options(absl::StrCat("machine", passed));
    FailingDisk stopping;
    options_.env = stopping.env();
    Open();
    for (Sequence sequence = 1; sequence <= 3; ++sequence) ASSERT_TRUE(Write(sequence).ok());
    const StoreImage answered = Image();
    stopping.Fail(Fault::kAppend, ".log");
    ASSERT_FALSE(Write(4).ok());
    stopping.Fail(Fault::kNone);
    stopping.StopAfter(passed);
    store_->Resume().IgnoreError();
    store_.reset();
    options_.env = disk_.env();
    Open();
    EXPECT_EQ(Image(), answered) << "stopped after " << passed;
  }
}

class OpenOnAFullDiskTest : public DiskFailureTest {
 protected:
  void SetUp() override {
    DiskFailureTest::SetUp();
    for (Sequence sequence = 1; sequence <= 5; ++sequence) ASSERT_TRUE(Write(sequence).ok());
    before_ = Image();
    // As a killed process leaves it: the log is needed.
    disk_.Fail(Fault::kStopped);
    store_.reset();
    disk_.Fail(Fault::kNone);
  }
  std::map<std::string, std::string> Files() {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(folder_.path() + "/db")) {
      files[entry.path().filename()] = FileBytes(entry.path());
    }
    files["WITNESS"] = FileBytes(folder_.path() + "/WITNESS");
    return files;
  }

  StoreImage before_;
};

TEST_F(OpenOnAFullDiskTest, ItIsReadAndNothingIsWrittenUntilThereIsRoom) {
  const auto files = Files();
  disk_.SetFreeBytes(0);
  Open();
  const absl::Status why = store_->CheckWritable();
  EXPECT_TRUE(absl::IsResourceExhausted(why)) << why;
  EXPECT_EQ(ReasonOf(why), ErrorReason::kDiskFull);
  EXPECT_EQ(Write(6), why);
  EXPECT_EQ(Image(), before_);
  for (int attempt = 0; attempt < 3; ++attempt) EXPECT_FALSE(store_->Resume().ok());
  EXPECT_TRUE(store_->Flush().ok()) << "there is nothing to flush";
  store_.reset();
  EXPECT_EQ(Files(), files);
}

TEST_F(OpenOnAFullDiskTest, WritesBeginWhenThereIsRoomAndSnapshotsOfBeforeStayGood) {
  disk_.SetFreeBytes(0);
  Open();
  const std::shared_ptr<const StoreSnapshot> snapshot = store_->Snapshot();
  const auto content = snapshot->ReadContent(DocumentNumber{3}, /*with_body=*/true);
  ASSERT_TRUE(content.ok()) << content.status();
  disk_.SetFreeBytes(1 << 30);
  ASSERT_TRUE(store_->Resume().ok());
  EXPECT_EQ(Image(), before_);
  ASSERT_TRUE(Write(6).ok());
  EXPECT_EQ(Image().entries.size(), 6u);
  EXPECT_TRUE(absl::IsNotFound(snapshot->ReadEntry(DocumentNumber{6}).status()));
  EXPECT_EQ(*snapshot->ReadContent(DocumentNumber{3}, /*with_body=*/true), *content);
  Open();
  EXPECT_EQ(Image().entries.size(), 6u);
}

TEST_F(OpenOnAFullDiskTest, ItIsLookedAtOnceMoreBeforeItIsWritten) {
  disk_.SetFreeBytes(0);
  Open();
  const std::string log = FilesEnding(folder_.path() + "/db", ".log").front();
  const std::string good = FileBytes(log);
  WriteFile(log, good.substr(0, good.size() / 2));
  disk_.SetFreeBytes(1 << 30);
  EXPECT_TRUE(absl::IsDataLoss(store_->Resume())) << store_->CheckWritable();
  EXPECT_FALSE(Write(6).ok());
  EXPECT_EQ(Image(), before_);
  WriteFile(log, good);
  ASSERT_TRUE(store_->Resume().ok()) << store_->CheckWritable();
  ASSERT_TRUE(Write(6).ok());
  EXPECT_EQ(Image().entries.size(), 6u);
}

TEST_F(OpenOnAFullDiskTest, WhatIsWrittenOnceThereIsRoomIsWitnessed) {
  disk_.SetFreeBytes(0);
  Open();
  disk_.SetFreeBytes(1 << 30);
  ASSERT_TRUE(store_->Resume().ok());
  ASSERT_TRUE(Write(6).ok());
  disk_.Fail(Fault::kStopped);
  store_.reset();
  disk_.Fail(Fault::kNone);
  for (const std::string& log : FilesEnding(folder_.path() + "/db", ".log")) fs::remove(log);
  EXPECT_TRUE(absl::IsDataLoss(Store::Open(options_).status()));
}

// A folder stands where the new file is written first.
TEST_F(OpenOnAFullDiskTest, WithoutRoomForTheWitnessItIsReadUntilThereIs) {
  for (const Durability durability : {Durability::kSync, Durability::kAsync}) {
    options_.durability = durability;
    fs::create_directory(folder_.path() + "/WITNESS.new");
    Open();
    const absl::Status why = store_->CheckWritable();
    EXPECT_EQ(ReasonOf(why), ErrorReason::kStoreUnavailable) << why;
    EXPECT_EQ(Write(store_->last_sequence() + 1), why);
    EXPECT_EQ(Image().entries, before_.entries);
    EXPECT_EQ(store_->Resume(), why);
    EXPECT_TRUE(store_->Flush().ok());
    fs::remove(folder_.path() + "/WITNESS.new");
    ASSERT_TRUE(store_->Resume().ok());
    EXPECT_TRUE(Write(store_->last_sequence() + 1).ok());
    before_ = Image();
  }
}

TEST_F(OpenOnAFullDiskTest, ADiskThatFillsUpInOpeningIsNoDifferent) {
  disk_.Fail(Fault::kAppend);
  Open();
  EXPECT_TRUE(absl::IsResourceExhausted(store_->CheckWritable())) << store_->CheckWritable();
  EXPECT_EQ(Image(), before_);
  EXPECT_FALSE(store_->Resume().ok());
  EXPECT_EQ(Image(), before_);
  disk_.Fail(Fault::kNone);
  ASSERT_TRUE(store_->Resume().ok());
  EXPECT_TRUE(Write(6).ok());
}

TEST_F(OpenOnAFullDiskTest, DamageIsFoundAllTheSame) {
  FlipByte(FilesEnding(folder_.path() + "/db", ".log").front(), 100);
  disk_.SetFreeBytes(0);
  const auto store = Store::Open(options_);
  EXPECT_TRUE(absl::IsDataLoss(store.status())) << store.status();
}

TEST_F(DiskFailureTest, ABrokenDiskIsUnavailableUntilTheRestartAndReadsGoOn) {
  ASSERT_TRUE(Write(1).ok());
  const StoreImage before = Image();
  disk_.Fail(Fault::kBroken, ".log");
  EXPECT_TRUE(absl::IsUnavailable(Write(2)));
  disk_.Fail(Fault::kNone);
  EXPECT_TRUE(absl::IsUnavailable(store_->Resume()));
  const absl::Status later = Write(2);
  EXPECT_EQ(ReasonOf(later), ErrorReason::kStoreUnavailable);
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

TEST_F(DiskFailureTest, WhatWasAnsweredIsAllThatClosingOwes) {
  ASSERT_TRUE(Write(1).ok());
  disk_.Fail(Fault::kBroken);
  EXPECT_FALSE(Write(2).ok());
  EXPECT_TRUE(store_->Flush().ok()) << "each write was synced";
  disk_.Fail(Fault::kNone);
  options_.durability = Durability::kAsync;
  Open();
  ASSERT_TRUE(Write(store_->last_sequence() + 1).ok());
  disk_.Fail(Fault::kBroken);
  EXPECT_TRUE(absl::IsUnavailable(store_->Flush()));
}

TEST_F(DiskFailureTest, TablesThatCannotBeWrittenFailNoStop) {
  for (const Durability durability : {Durability::kSync, Durability::kAsync}) {
    options_.durability = durability;
    Open();
    ASSERT_TRUE(Write(store_->last_sequence() + 1).ok());
    const StoreImage answered = Image();
    disk_.Fail(Fault::kAppend, ".sst");
    EXPECT_TRUE(store_->Flush().ok()) << "the log holds it";
    store_.reset();
    disk_.Fail(Fault::kNone);
    Open();
    EXPECT_EQ(Image(), answered);
  }
}

TEST_F(DiskFailureTest, RocksDbWarnsThroughUsAndKeepsNoLogOfItsOwn) {
  absl::Mutex mutex;
  std::vector<std::string> warnings;
  options_.on_warning = [&](std::string_view warning) {
    absl::MutexLock lock(&mutex);
    warnings.emplace_back(warning);
  };
  Open();
  ASSERT_TRUE(Write(1).ok());
  EXPECT_TRUE(warnings.empty()) << warnings.front();
  disk_.Fail(Fault::kBroken, ".log");
  EXPECT_FALSE(Write(2).ok());
  store_.reset();
  ASSERT_FALSE(warnings.empty());
  EXPECT_NE(warnings.front().find("input/output error"), std::string::npos) << warnings.front();
  EXPECT_FALSE(fs::exists(folder_.path() + "/db/LOG"));
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
