// Files as crashes and bad disks leave them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/store/store.h"
#include "core/store/tables.h"
#include "tests/core/store/sample_records.h"
#include "tests/core/store/store_image.h"
#include "tests/core/store/test_folder.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DamageTest : public testing::Test {
 protected:
  void Use(const std::string& name) { options_.dir = folder_.path(name); }

  absl::Status Open() {
    store_.reset();
    auto store = Store::Open(options_);
    if (!store.ok()) return store.status();
    store_ = *std::move(store);
    return absl::OkStatus();
  }
  // Documents in the log alone.
  void WriteDocuments(Sequence from, Sequence to) {
    for (Sequence sequence = from; sequence <= to; ++sequence) {
      const Change change = FoundingChange(&records_, sequence, absl::StrCat("id-", sequence));
      ASSERT_TRUE(store_->Write({&change, 1}).ok());
    }
  }
  // Closed, a store has everything in tables.
  void MakeTables() {
    ASSERT_TRUE(Open().ok());
    WriteDocuments(1, 100);
    store_.reset();
  }
  std::string Database() const { return options_.dir + "/db"; }
  // Opens and reads everything.
  absl::Status OpenAndRead() {
    if (absl::Status status = Open(); !status.ok()) return status;
    return ImageOf(*store_).status();
  }

  TestFolder folder_;
  Store::Options options_ = folder_.Options();
  SampleRecords records_{61};
  std::unique_ptr<Store> store_;
};

TEST_F(DamageTest, ATableWithABlockOfZerosIsNamed) {
  Use("whole");
  MakeTables();
  const std::string whole = options_.dir;
  std::vector<fs::path> tables;
  for (const auto& entry : fs::directory_iterator(Database())) {
    if (entry.path().extension() == ".sst") tables.push_back(entry.path());
  }
  int refused = 0;
  for (const fs::path& table : tables) {
    const uint64_t size = fs::file_size(table);
    for (uint64_t at = size > 2'048 ? (size - 2'048) / 512 * 512 : 0; at + 512 < size; at += 512) {
      Use("damaged");
      fs::remove_all(options_.dir);
      fs::copy(whole, options_.dir, fs::copy_options::recursive);
      std::fstream file(fs::path(Database()) / table.filename(),
                        std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(static_cast<std::streamoff>(at)) << std::string(512, '\0');
      file.close();
      const absl::Status status = OpenAndRead();
      store_.reset();
      EXPECT_TRUE(status.ok() || absl::StrContains(status.message(), table.filename().string()))
          << table << " at " << at << ": " << status;
      refused += status.ok() ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 0);
}

TEST_F(DamageTest, ACopyOfAFolderInUseHoldsWhatWasAnswered) {
  ASSERT_TRUE(Open().ok());
  WriteDocuments(1, 50);
  const StoreImage before = *ImageOf(*store_);
  // What a killed process leaves: no close, no flush.
  fs::copy(options_.dir, folder_.path("copy"), fs::copy_options::recursive);
  WriteDocuments(51, 60);
  Use("copy");
  fs::remove(options_.dir + "/LOCK");
  const absl::Status status = Open();
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(*ImageOf(*store_), before);
}

TEST_F(DamageTest, AFlippedByteInATableIsDataLossThatNamesTheFile) {
  MakeTables();
  const std::string pristine = folder_.path("pristine");
  fs::copy(options_.dir, pristine, fs::copy_options::recursive);
  const auto tables = FilesEnding(Database(), ".sst");
  ASSERT_GE(tables.size(), 6u);
  for (const std::string& path : tables) {
    const std::string name = fs::path(path).filename();
    // In the first block: records.
    Use("flipped-" + name);
    fs::copy(pristine, options_.dir, fs::copy_options::recursive);
    FlipByte(Database() + "/" + name, 20);
    absl::Status status = OpenAndRead();
    if (status.ok()) {  // a table that reading everything does not read: ids
      for (Sequence i = 1; i <= 100 && status.ok(); ++i) {
        status = store_->Snapshot()->FindId(CollectionNumber{1}, absl::StrCat("id-", i)).status();
      }
    }
    EXPECT_TRUE(absl::IsDataLoss(status)) << name << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(name));
    // In the footer.
    Use("footer-" + name);
    fs::copy(pristine, options_.dir, fs::copy_options::recursive);
    FlipByte(Database() + "/" + name, -3);
    status = Open();
    EXPECT_TRUE(absl::IsDataLoss(status)) << name << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(name));
  }
}

TEST_F(DamageTest, AFlippedByteInABodyIsDataLoss) {
  MakeTables();
  const auto blobs = FilesEnding(Database(), ".blob");
  ASSERT_FALSE(blobs.empty());
  FlipByte(blobs[0], static_cast<int64_t>(fs::file_size(blobs[0]) / 2));
  const absl::Status status = OpenAndRead();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("bodies"));
}

TEST_F(DamageTest, AMissingFileIsDataLossThatNamesIt) {
  MakeTables();
  const std::string pristine = folder_.path("pristine");
  fs::copy(options_.dir, pristine, fs::copy_options::recursive);
  std::vector<std::string> names = {"CURRENT"};
  for (const auto& file : fs::directory_iterator(Database())) {
    const std::string name = file.path().filename();
    if (name.ends_with(".sst") || name.ends_with(".blob") || name.starts_with("MANIFEST")) {
      names.push_back(name);
    }
  }
  for (const std::string& name : names) {
    Use("without-" + name);
    fs::copy(pristine, options_.dir, fs::copy_options::recursive);
    fs::remove(Database() + "/" + name);
    const absl::Status status = OpenAndRead();
    EXPECT_TRUE(absl::IsDataLoss(status)) << name << ": " << status;
    if (name != "CURRENT") {
      EXPECT_THAT(std::string(status.message()), HasSubstr(name));
    }
  }
}

TEST_F(DamageTest, ADamagedCurrentOrManifestIsDataLoss) {
  MakeTables();
  const std::string manifest = FileBytes(Database() + "/CURRENT");
  const std::string path = Database() + "/" + manifest.substr(0, manifest.size() - 1);
  FlipByte(path, 30);
  absl::Status status = Open();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  FlipByte(path, 30);
  EXPECT_TRUE(OpenAndRead().ok());
  store_.reset();
  WriteFile(Database() + "/CURRENT", "nonsense");
  status = Open();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
}

// RocksDB's own checks pass; the records do not fit together.
class TornRecordsTest : public DamageTest {
 protected:
  void Change(const std::function<void(const Tables&, rocksdb::WriteBatch*)>& change) {
    MakeTables();
    auto tables = Tables::Open({.path = Database()});
    ASSERT_TRUE(tables.ok()) << tables.status();
    rocksdb::WriteBatch batch;
    change(**tables, &batch);
    ASSERT_TRUE((*tables)->Write(&batch, true).ok());
  }
  static std::string Key(uint64_t number) {
    std::string key(8, '\0');
    key[7] = static_cast<char>(number);
    return key;
  }
  void ExpectDataLoss(const char* table, const char* place) {
    const absl::Status status = OpenAndRead();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(table));
    EXPECT_THAT(std::string(status.message()), HasSubstr(place));
  }
};

TEST_F(TornRecordsTest, AnEntryWithoutItsFingerprintIsDataLoss) {
  Change([](const Tables& tables, rocksdb::WriteBatch* batch) {
    batch->Delete(tables.family(Table::kFingerprints), Key(77));
  });
  ExpectDataLoss("table fingerprints", "number 77");
}

TEST_F(TornRecordsTest, AFingerprintWithoutItsEntryIsDataLoss) {
  Change([](const Tables& tables, rocksdb::WriteBatch* batch) {
    batch->Delete(tables.family(Table::kEntries), Key(100));
  });
  ExpectDataLoss("table entries", "number 100");
}

TEST_F(TornRecordsTest, AContentWithoutItsBodyIsDataLoss) {
  Change([](const Tables& tables, rocksdb::WriteBatch* batch) {
    batch->Delete(tables.family(Table::kBodies), Key(3));
  });
  ExpectDataLoss("table bodies", "number 3");
}

TEST_F(TornRecordsTest, AMalformedRecordIsDataLossThatNamesTableKeyAndByte) {
  Change([](const Tables& tables, rocksdb::WriteBatch* batch) {
    batch->Put(tables.family(Table::kClusters), Key(5), "\1\1\1");
  });
  ExpectDataLoss("table clusters, number 5", "byte 3: cut short");
}

}  // namespace
}  // namespace wonbon
