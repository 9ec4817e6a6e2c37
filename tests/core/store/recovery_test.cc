// Logs as killed processes, power cuts, bad disks and people leave them: a store opens with all
// that was answered, or says what is missing and where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/store/crc32c.h"
#include "core/store/log_reader.h"
#include "tests/core/store/failing_disk.h"
#include "tests/core/store/store_fixture.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

constexpr Sequence kDocuments = 40;
constexpr size_t kSector = 512;

std::vector<LogItem> ItemsOf(const std::string& log) {
  std::vector<LogItem> items;
  const auto take = [&](const LogItem& item) { items.push_back(item); };
  EXPECT_TRUE(ReadLog(log, take).ok());
  return items;
}

TEST(Crc32cTest, ItIsThatOfTheStandard) {
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);  // the check value of the catalogue
  EXPECT_EQ(Crc32c(""), 0u);
  const std::string bytes = "what is cut in two has the same sum";
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    const std::string_view whole = bytes;
    EXPECT_EQ(Crc32c(whole.substr(cut), Crc32c(whole.substr(0, cut))), Crc32c(whole));
  }
}

class RecoveryTest : public StoreTest {
 protected:
  RecoveryTest() { options_.env = disk_->env(); }
  ~RecoveryTest() override { store_.reset(); }
  void SetUp() override {
    std::printf("seed %u\n", seed_);
    Open();
  }
  void WriteDocuments(Sequence from, Sequence to) {
    for (Sequence s = from; s <= to; ++s) {
      // Records of a part of a block, and of several.
      const size_t body = s % 7 == 0 ? 60'000 + Below(60'000) : Below(3'000);
      Change change = FoundingChange(&records_, s, absl::StrCat("id-", s), 10);
      change.added[0].packed_body = PlainBody(records_.Text(body));
      Write(change);
    }
  }
  size_t Below(size_t limit) {
    return std::uniform_int_distribution<size_t>(0, limit - 1)(random_);
  }

  // A folder as a process leaves it that is killed now.
  std::string Left(const std::string& name) {
    const std::string left = folder_.path(name);
    fs::remove_all(left);
    disk_->Fail(FailingDisk::Fault::kStopped);
    fs::copy(options_.dir, left, fs::copy_options::recursive);
    disk_->Fail(FailingDisk::Fault::kNone);
    return left;
  }
  static std::string LogOf(const std::string& dir) {
    const auto logs = FilesEnding(dir + "/db", ".log");
    EXPECT_FALSE(logs.empty());
    return logs.back();
  }
  absl::StatusOr<StoreImage> OpenCopy(const std::string& dir) {
    Store::Options options = options_;
    options.dir = dir;
    FailingDisk disk;  // a sound one
    options.env = disk.env();
    auto store = Store::Open(options);
    if (!store.ok()) return store.status();
    return ImageOf(**store);
  }

  // Stands still while the folder is copied. Left behind with its store.
  std::unique_ptr<FailingDisk> disk_ = std::make_unique<FailingDisk>();
  const uint32_t seed_ = std::random_device()();
  std::mt19937 random_{seed_};
};

// What can become of a log in which everything was answered.
enum class Loss {
  kCut,
  kRemoved,
  kEmptied,
  kForeign,
  kOlder,
  kGarbage,
  kHeadBit,
  kAnyBit,
  kLosses
};

class LossTest : public RecoveryTest {
 protected:
  // False where nothing was damaged.
  bool Damage(const std::string& log, Loss loss) {
    const std::string good = FileBytes(log);
    std::string bytes = good;
    switch (loss) {
      case Loss::kRemoved: fs::remove(log); return true;
      case Loss::kCut: bytes.resize(Below(good.size())); break;
      case Loss::kEmptied: bytes.clear(); break;
      case Loss::kForeign: bytes = foreign_; break;
      case Loss::kOlder: bytes = older_; break;
      case Loss::kGarbage: bytes = Garbage(Below(2 * good.size())); break;
      case Loss::kHeadBit:
        FlipBit(bytes, offsets_[offsets_.size() - 1 - Below(8)] + Below(7));
        break;
      case Loss::kAnyBit: FlipBit(bytes, Below(bytes.size())); break;
      case Loss::kLosses: break;
    }
    WriteFile(log, bytes);
    return bytes != good;
  }
  void FlipBit(std::string& bytes, size_t at) {
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(8)));
  }
  std::string Garbage(size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(Below(256));
    return bytes;
  }
  void MakeForeignLog() {
    Store::Options options = folder_.Options("foreign");
    auto other = Store::Open(options);
    ASSERT_TRUE(other.ok()) << other.status();
    for (Sequence s = 1; s <= 2 * kDocuments; ++s) {
      const Change change = FoundingChange(&records_, s, absl::StrCat("foreign-", s));
      ASSERT_TRUE((*other)->Write({&change, 1}).ok());
    }
    foreign_ = FileBytes(LogOf(options.dir));
  }

  std::string foreign_;
  std::string older_;
  std::vector<uint64_t> offsets_;
};

TEST_F(LossTest, AnsweredDocumentsAreThereOrTheRefusalNamesTheFile) {
  MakeForeignLog();
  WriteDocuments(1, kDocuments - 3);
  older_ = FileBytes(LogOf(options_.dir));
  WriteDocuments(kDocuments - 2, kDocuments);
  const StoreImage answered = Image();
  const std::string pristine = Left("pristine");
  for (const LogItem& item : ItemsOf(LogOf(pristine))) offsets_.push_back(item.offset);
  ASSERT_EQ(offsets_.size(), kDocuments);
  int refused = 0;
  int tries = 0;
  while (tries < 320) {
    const auto loss = static_cast<Loss>(tries % static_cast<int>(Loss::kLosses));
    const std::string tried = folder_.path("tried");
    fs::remove_all(tried);
    fs::copy(pristine, tried, fs::copy_options::recursive);
    const std::string log = LogOf(tried);
    if (!Damage(log, loss)) continue;
    ++tries;
    SCOPED_TRACE(absl::StrCat("try ", tries, ", loss ", static_cast<int>(loss), ", seed ", seed_));
    const absl::StatusOr<StoreImage> image = OpenCopy(tried);
    if (image.ok()) {
      ASSERT_EQ(*image, answered);
      continue;
    }
    ++refused;
    const std::string message(image.status().message());
    ASSERT_TRUE(absl::IsDataLoss(image.status())) << image.status();
    const std::string missing = fs::path(log).filename();
    ASSERT_THAT(message, AllOf(AnyOf(HasSubstr(missing), HasSubstr("no log is there")),
                               HasSubstr(tried + "/db"),
                               AnyOf(HasSubstr("--salvage"), HasSubstr("put it back"))));
    // Nothing was touched: with the log as it was everything is there.
    fs::copy_file(LogOf(pristine), log, fs::copy_options::overwrite_existing);
    const absl::StatusOr<StoreImage> restored = OpenCopy(tried);
    ASSERT_TRUE(restored.ok()) << restored.status();
    ASSERT_EQ(*restored, answered);
  }
  // Some bits mean nothing only where a batch says nothing new; nearly all lose something.
  EXPECT_GE(refused, 300);
}

// RocksDB itself opens a list of files that was cut at the end of a record, as the list was then.
TEST_F(LossTest, AListOfFilesThatWasCutIsRefusedByName) {
  WriteDocuments(1, kDocuments);
  store_.reset();
  Open();
  WriteDocuments(kDocuments + 1, 2 * kDocuments);
  const StoreImage answered = Image();
  store_.reset();
  const std::string pristine = Left("pristine");
  const std::vector<std::string> manifests =
      FilesStarting(pristine + "/db", "MANIFEST-");
  ASSERT_EQ(manifests.size(), 1u);
  const std::string name = fs::path(manifests[0]).filename();
  const std::string whole = FileBytes(manifests[0]);
  std::vector<size_t> ends;  // of records: a checksum, two bytes of length, a type, the record
  for (size_t at = 0; at + 7 <= whole.size();) {
    ends.push_back(at += 7 + static_cast<uint8_t>(whole[at + 4]) +
                         256 * static_cast<uint8_t>(whole[at + 5]));
  }
  ASSERT_EQ(ends.back(), whole.size());
  ASSERT_GE(ends.size(), 10u);
  for (const size_t bytes : ends) {
    SCOPED_TRACE(bytes);
    const std::string tried = folder_.path("tried");
    fs::remove_all(tried);
    fs::copy(pristine, tried, fs::copy_options::recursive);
    fs::resize_file(tried + "/db/" + name, bytes);
    const absl::StatusOr<StoreImage> image = OpenCopy(tried);
    if (bytes == whole.size()) {
      ASSERT_TRUE(image.ok()) << image.status();
      ASSERT_EQ(*image, answered);
      continue;
    }
    ASSERT_TRUE(absl::IsDataLoss(image.status())) << image.status();
    ASSERT_THAT(std::string(image.status().message()), HasSubstr(tried + "/db/" + name));
  }
}

// As from a copy of the folder that took CURRENT later than the rest, or earlier.
TEST_F(LossTest, AnOlderListOfFilesIsRefused) {
  WriteDocuments(1, kDocuments);
  store_.reset();
  const std::string older = Left("older");
  Open();
  WriteDocuments(kDocuments + 1, 2 * kDocuments);
  store_.reset();
  for (const std::string& manifest : FilesStarting(older + "/db", "MANIFEST-")) {
    fs::copy_file(manifest, options_.dir + "/db/" + fs::path(manifest).filename().string());
  }
  fs::copy_file(older + "/db/CURRENT", options_.dir + "/db/CURRENT",
                fs::copy_options::overwrite_existing);
  const absl::Status status = Store::Open(options_).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("/db/CURRENT"));
}

TEST_F(LossTest, AfterACleanStopTheLogMayGoAndNoneMayTakeItsPlace) {
  MakeForeignLog();
  WriteDocuments(1, kDocuments - 3);
  older_ = FileBytes(LogOf(options_.dir));
  WriteDocuments(kDocuments - 2, kDocuments);
  const StoreImage answered = Image();
  store_.reset();
  const std::string pristine = Left("pristine");
  for (const Loss loss : {Loss::kRemoved, Loss::kOlder, Loss::kForeign}) {
    const std::string tried = folder_.path("tried");
    fs::remove_all(tried);
    fs::copy(pristine, tried, fs::copy_options::recursive);
    ASSERT_TRUE(Damage(LogOf(tried), loss));
    const absl::StatusOr<StoreImage> image = OpenCopy(tried);
    if (loss == Loss::kRemoved) {
      ASSERT_TRUE(image.ok()) << image.status();
      EXPECT_EQ(*image, answered);
      continue;
    }
    ASSERT_TRUE(absl::IsDataLoss(image.status())) << image.status();
    EXPECT_THAT(std::string(image.status().message()),
                AllOf(HasSubstr(LogOf(tried)),
                      HasSubstr(loss == Loss::kForeign ? "another store" : "answered")));
  }
}

// The last record is on its way: nobody was answered, and its sectors came as they liked.
class TornTailTest : public RecoveryTest {
 protected:
  enum Tear { kCut, kZeros, kGarbage, kSectors, kStaleSectors, kLonger, kTears };
  std::string Torn(const std::string& good, size_t begin, Tear tear) {
    std::string bytes = good;
    const size_t size = good.size() - begin;
    const size_t from = begin + Below(size);
    switch (tear) {
      case kCut: bytes.resize(from); break;
      case kZeros: bytes.replace(from, std::string::npos, good.size() - from, '\0'); break;
      case kGarbage:
        for (size_t at = from; at < bytes.size(); ++at) bytes[at] = static_cast<char>(Below(256));
        break;
      case kSectors:
      case kStaleSectors:
        // From the first sector on that is not of the records before.
        for (size_t at = begin / kSector * kSector; at < bytes.size(); at += kSector) {
          if (Below(3) == 0) Lose(bytes, std::max(at, begin), at + kSector, tear == kStaleSectors);
        }
        break;
      case kLonger:
        bytes.resize(from);
        bytes.append(1 + Below(200'000), '\0');
        break;
      case kTears: break;
    }
    return bytes;
  }
  // A sector that was not written: zeros, or what a file of before left there.
  void Lose(std::string& bytes, size_t from, size_t to, bool stale) {
    to = std::min(to, bytes.size());
    const size_t old = Below(bytes.size() - (to - from)) / kSector * kSector;
    for (size_t i = 0; from + i < to; ++i) bytes[from + i] = stale ? bytes[old + i] : '\0';
  }
};

TEST_F(TornTailTest, ARecordThatNobodyWasAnsweredIsForgivenInAnyShape) {
  int torn = 0;
  int tries = 0;
  for (int round = 0; round < 12; ++round) {
    options_.dir = folder_.path(absl::StrCat("round", round));
    Open();
    WriteDocuments(1, 6 + static_cast<Sequence>(round) % 3);
    const StoreImage answered = Image();
    const std::string witness = FileBytes(options_.dir + "/WITNESS");
    const size_t begin = fs::file_size(LogOf(options_.dir));
    WriteDocuments(store_->last_sequence() + 1, store_->last_sequence() + 1);
    const StoreImage whole = Image();
    const std::string pristine = Left("pristine");
    WriteFile(pristine + "/WITNESS", witness);
    for (int i = 0; i < 18; ++i) {
      const auto tear = static_cast<Tear>(i % kTears);
      const std::string tried = folder_.path("tried");
      fs::remove_all(tried);
      fs::copy(pristine, tried, fs::copy_options::recursive);
      const std::string good = FileBytes(LogOf(tried));
      const std::string bytes = Torn(good, begin, tear);
      WriteFile(LogOf(tried), bytes);
      ++tries;
      if (bytes != good) ++torn;
      SCOPED_TRACE(absl::StrCat("try ", tries, ", tear ", tear, ", seed ", seed_));
      const absl::StatusOr<StoreImage> image = OpenCopy(tried);
      ASSERT_TRUE(image.ok()) << image.status();
      // Zeros may stand where the record ends in zeros: then all of it is there.
      ASSERT_EQ(*image, absl::StartsWith(bytes, good) ? whole : answered);
    }
  }
  EXPECT_EQ(tries, 216);
  EXPECT_GE(torn, 180);
}

// A log that a table is still waiting for, and a younger one.
class TwoLogsTest : public RecoveryTest {
 protected:
  void SetUp() override {
    RecoveryTest::SetUp();
    WriteDocuments(1, 20);
    // Fills the memory of one table, which is written out: the others still need the first log.
    ASSERT_TRUE(store_->WriteBlob("blob", std::string(20 << 20, 'x')).ok());
    WriteDocuments(21, 30);
    answered_ = Image();
    pristine_ = Left("pristine");
    logs_ = FilesEnding(pristine_ + "/db", ".log");
    ASSERT_GE(logs_.size(), 2u);
  }
  StoreImage answered_;
  std::string pristine_;
  std::vector<std::string> logs_;
};

TEST_F(TwoLogsTest, BothTogetherHoldWhatWasAnswered) {
  const absl::StatusOr<StoreImage> image = OpenCopy(pristine_);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_EQ(*image, answered_);
}

TEST_F(TwoLogsTest, AnOlderLogThatIsMissingCutOrReplacedIsNamed) {
  const std::string older = fs::path(logs_.front()).filename();
  for (const char* what : {"removed", "emptied", "cut", "cut at a record", "the younger one"}) {
    SCOPED_TRACE(what);
    const std::string tried = folder_.path("tried");
    fs::remove_all(tried);
    fs::copy(pristine_, tried, fs::copy_options::recursive);
    const std::string log = tried + "/db/" + older;
    if (std::string_view(what) == "removed") fs::remove(log);
    if (std::string_view(what) == "emptied") fs::resize_file(log, 0);
    if (std::string_view(what) == "cut") fs::resize_file(log, fs::file_size(log) / 2);
    if (std::string_view(what) == "cut at a record") fs::resize_file(log, ItemsOf(log)[12].offset);
    if (std::string_view(what) == "the younger one") WriteFile(log, FileBytes(logs_.back()));
    const absl::StatusOr<StoreImage> image = OpenCopy(tried);
    ASSERT_TRUE(absl::IsDataLoss(image.status())) << image.status();
    // Of two that are the same it is the second one that is found.
    const std::string named = std::string_view(what) == "the younger one"
                                  ? fs::path(logs_.back()).filename().string()
                                  : older;
    EXPECT_THAT(std::string(image.status().message()), HasSubstr(named));
  }
}

// Logs come and go as tables are written; none that went in order is missed.
TEST_F(RecoveryTest, AMachineThatStopsWhileTablesAreWrittenOpensAgain) {
  constexpr int kBlobs = 18;  // more than logs may hold together
  const auto write_all = [this] {
    for (int blob = 0; blob < kBlobs; ++blob) {
      const Sequence sequence = store_->last_sequence() + 1;
      const Change change = FoundingChange(&records_, sequence, absl::StrCat("id-", sequence));
      if (!store_->Write({&change, 1}).ok()) return;
      if (!store_->WriteBlob("blob", std::string(17 << 20, 'x')).ok()) return;
    }
  };
  int operations = 0;
  size_t most_logs = 0;
  for (int round = 0; round <= 5; ++round) {
    store_.reset();
    fs::remove_all(options_.dir);
    options_.dir = folder_.path(absl::StrCat("stopped", round));
    disk_ = std::make_unique<FailingDisk>();
    options_.env = disk_->env();
    Open();
    const int before = disk_->operations();
    if (round > 0) disk_->StopAfter(static_cast<int>(Below(static_cast<size_t>(operations))));
    write_all();
    if (round == 0) {
      operations = disk_->operations() - before;
      ASSERT_EQ(store_->last_sequence(), Sequence{kBlobs});
    }
    const Sequence answered = store_->last_sequence();
    const std::string left = Left("left");
    most_logs = std::max(most_logs, FilesEnding(left + "/db", ".log").size());
    SCOPED_TRACE(absl::StrCat("round ", round, ", seed ", seed_));
    const absl::StatusOr<StoreImage> image = OpenCopy(left);
    ASSERT_TRUE(image.ok()) << image.status();
    ASSERT_GE(image->last_sequence, answered);
    ASSERT_EQ(image->entries.size(), image->last_sequence);
  }
  EXPECT_GE(most_logs, 3u);
}

}  // namespace
}  // namespace wonbon
