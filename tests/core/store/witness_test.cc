// The file that says what was answered, and what a store makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/store/bytes.h"
#include "core/store/limits.h"
#include "core/store/witness.h"
#include "tests/core/store/failing_disk.h"
#include "tests/core/store/store_fixture.h"
#include "xxhash.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr char kId[] = "00112233445566778899aabbccddeeff";

class WitnessFileTest : public testing::Test {
 protected:
  std::optional<WitnessRecord> Read() {
    auto record = ReadWitness(path_, kId);
    EXPECT_TRUE(record.ok()) << record.status();
    return record.ok() ? *record : std::nullopt;
  }
  static WitnessRecord Record(Sequence last) {
    return {.store_id = kId,
            .last_sequence = last,
            .given_through = last + 3,
            .manifest = {.number = 2 * last, .bytes = 100 + last}};
  }
  TestFolder folder_;
  std::string path_ = folder_.path("WITNESS");
};

TEST_F(WitnessFileTest, ItSaysWhatWasNotedLast) {
  EXPECT_EQ(Read(), std::nullopt);
  auto witness = Witness::Open(path_, Record(7));
  ASSERT_TRUE(witness.ok()) << witness.status();
  EXPECT_EQ(Read(), Record(7));
  for (Sequence last = 8; last < 30; ++last) {
    ASSERT_TRUE((*witness)->Note(Record(last)).ok());
    EXPECT_EQ(Read(), Record(last));
  }
  WitnessRecord asynchronous = Record(40);
  asynchronous.asynchronous = true;
  ASSERT_TRUE((*witness)->Note(asynchronous).ok());
  ASSERT_TRUE((*witness)->Sync().ok());
  EXPECT_EQ(Read(), asynchronous);
  EXPECT_EQ(fs::file_size(path_), 1024u);
}

TEST_F(WitnessFileTest, OneOfVersion1SaysNothingOfTheListOfFiles) {
  std::string bytes = "wonbonWT";
  ByteWriter writer(&bytes);
  writer.U32(1);
  writer.U32(0);
  bytes += absl::HexStringToBytes(kId);
  for (const uint64_t value : {7, 10, 5}) writer.U64(value);
  writer.U64(XXH3_64bits(bytes.data(), bytes.size()));
  bytes.resize(1024);
  WriteFile(path_, bytes);
  WitnessRecord expected = Record(7);
  expected.manifest = {};
  EXPECT_EQ(Read(), expected);
}

TEST_F(WitnessFileTest, AWriteCutShortLeavesTheOneBefore) {
  {
    auto witness = Witness::Open(path_, Record(1));
    ASSERT_TRUE((*witness)->Note(Record(2)).ok());
    ASSERT_TRUE((*witness)->Note(Record(3)).ok());
  }
  const std::string good = FileBytes(path_);
  for (int64_t at = 0; at < 80; ++at) {
    FlipByte(path_, at);  // the slot of the second note
    EXPECT_EQ(Read(), Record(2));
    FlipByte(path_, 512 + at);
    EXPECT_TRUE(absl::IsDataLoss(ReadWitness(path_, kId).status()));
    FlipByte(path_, at);
    EXPECT_EQ(Read(), Record(3));
    WriteFile(path_, good);
  }
}

TEST_F(WitnessFileTest, OneOfAnotherStoreOrAnotherSizeIsDataLossThatNamesTheFile) {
  ASSERT_TRUE(Witness::Open(path_, Record(1)).ok());
  absl::Status status = ReadWitness(path_, "ff112233445566778899aabbccddeeff").status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
  fs::resize_file(path_, 100);
  status = ReadWitness(path_, kId).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
}

class WitnessTest : public StoreTest {
 protected:
  WitnessTest() { options_.env = disk_->env(); }
  ~WitnessTest() override { store_.reset(); }
  std::string Path() const { return options_.dir + "/WITNESS"; }
  Sequence Witnessed() const { return (*ReadWitness(Path(), ""))->last_sequence; }
  void WriteDocuments(Sequence from, Sequence to) {
    for (Sequence s = from; s <= to; ++s) Write(FoundingChange(&records_, s, absl::StrCat(s)));
  }
  // What a killed process would leave, to go on with.
  void Kill() {
    disk_->Fail(FailingDisk::Fault::kStopped);
    const std::string left = options_.dir + "-";
    fs::copy(options_.dir, left, fs::copy_options::recursive);
    store_.reset();
    disk_ = std::make_unique<FailingDisk>();
    options_.env = disk_->env();
    options_.dir = left;
  }
  std::unique_ptr<FailingDisk> disk_ = std::make_unique<FailingDisk>();
};

TEST_F(WitnessTest, EveryWriteThatWasAnsweredIsWitnessed) {
  EXPECT_EQ(Witnessed(), 0u);
  for (Sequence sequence = 1; sequence <= 5; ++sequence) {
    WriteDocuments(sequence, sequence);
    EXPECT_EQ(Witnessed(), sequence);
  }
}

TEST_F(WitnessTest, AfterAKillItGoesOnWhereItWas) {
  WriteDocuments(1, 7);
  Kill();
  Open();
  EXPECT_EQ(Witnessed(), 7u);
  for (Sequence sequence = 8; sequence <= 12; ++sequence) {
    WriteDocuments(sequence, sequence);
    EXPECT_EQ(Witnessed(), sequence);
  }
}

TEST_F(WitnessTest, AStoreWithoutOneOpensAndGetsOne) {
  WriteDocuments(1, 9);
  const StoreImage before = Image();
  store_.reset();
  fs::remove(Path());
  Open();
  EXPECT_EQ(Image(), before);
  EXPECT_EQ(Witnessed(), 9u);
}

TEST_F(WitnessTest, ADamagedOneKeepsTheStoreClosed) {
  WriteDocuments(1, 9);
  store_.reset();
  WriteFile(Path(), std::string(1024, 'x'));
  const absl::Status status = Store::Open(options_).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(Path()));
}

TEST_F(WitnessTest, AfterACleanStopTheLogIsNotNeeded) {
  WriteDocuments(1, 40);
  const StoreImage before = Image();
  store_.reset();
  for (const std::string& log : FilesEnding(options_.dir + "/db", ".log")) {
    fs::remove(log);
  }
  Open();
  EXPECT_EQ(Image(), before);
}

TEST_F(WitnessTest, AsynchronousWritesAreWitnessedWhenTheyAreOnDisk) {
  options_.durability = Durability::kAsync;
  Open();
  WriteDocuments(1, 9);
  EXPECT_EQ(Witnessed(), 0u);
  ASSERT_TRUE(store_->Flush().ok());
  EXPECT_EQ(Witnessed(), 9u);
  WriteDocuments(10, 12);
  EXPECT_EQ(Witnessed(), 9u);
  store_.reset();
  EXPECT_EQ(Witnessed(), 12u);
}

TEST_F(WitnessTest, SequencesThatAPowerCutTookAreNotGivenOutAgain) {
  options_.durability = Durability::kAsync;
  Open();
  WriteDocuments(1, 20);
  ASSERT_TRUE(store_->Flush().ok());
  WriteDocuments(21, 60);
  Kill();
  for (const std::string& log : FilesEnding(options_.dir + "/db", ".log")) fs::resize_file(log, 0);
  Open();
  EXPECT_EQ(Image().entries.size(), 20u);
  EXPECT_GE(store_->last_sequence(), 60u);
  EXPECT_LE(store_->last_sequence(), 60 + 2 * kSequencesReserved);
  const Sequence given = store_->last_sequence();
  // However often it stops before it writes.
  Kill();
  Open();
  EXPECT_EQ(store_->last_sequence(), given);
  Open();
  EXPECT_EQ(store_->last_sequence(), given);
  WriteDocuments(given + 1, given + 1);
  Open();
  EXPECT_EQ(Image().entries.size(), 21u);
  EXPECT_EQ(store_->last_sequence(), given + 1);
  options_.durability = Durability::kSync;
  Open();
  EXPECT_EQ(store_->last_sequence(), given + 1);
}

TEST_F(WitnessTest, ABlobWrittenBeforeTheFirstChangeAfterAPowerCutIsNoLoss) {
  options_.durability = Durability::kAsync;
  Open();
  WriteDocuments(1, 20);
  Kill();
  for (const std::string& log : FilesEnding(options_.dir + "/db", ".log")) fs::resize_file(log, 0);
  Open();
  ASSERT_TRUE(store_->WriteBlob("blob", "bytes").ok());
  Kill();
  Open();
  EXPECT_EQ(*store_->Snapshot()->ReadBlob("blob"), "bytes");
}

}  // namespace
}  // namespace wonbon
