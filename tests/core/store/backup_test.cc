// Backups: what was written before one is in it, whatever is written meanwhile; a damaged one is
// named, file by file; a restore touches nothing that is there.
#include "core/store/backup.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/error.h"
#include "core/store/restore.h"
#include "tests/core/store/failing_disk.h"
#include "tests/core/store/faulty_disk.h"
#include "tests/core/store/store_fixture.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;

class BackupTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    fs::create_directory(backups_);
    for (Sequence sequence = 1; sequence <= 20; ++sequence) Found(sequence);
  }
  void Found(Sequence sequence) {
    Write(FoundingChange(&records_, sequence, absl::StrCat("id-", sequence)));
  }
  absl::StatusOr<Backup> Make() {
    minute_ += absl::Minutes(1);
    return store_->MakeBackup({.folder = backups_, .program = "0.1.0", .now = minute_});
  }
  std::string PathOf(const Backup& backup) { return absl::StrCat(backups_, "/", backup.name); }
  absl::StatusOr<BackupManifest> Restore(const std::string& from, const std::string& to) {
    return RestoreBackup({.from = from, .to = folder_.path(to), .seed_file = ""});
  }
  // What a restored folder shows.
  StoreImage ImageIn(const std::string& name) {
    store_.reset();
    options_.dir = folder_.path(name);
    Open();
    return Image();
  }

  const std::string backups_ = folder_.path("backups");
  absl::Time minute_ = absl::FromUnixSeconds(1'800'000'000);
};

TEST_F(BackupTest, ARestoredBackupIsTheStoreOfThatMoment) {
  const StoreImage before = Image();
  const std::string id = store_->store_id();
  const Seed seed = store_->seed();
  std::string warnings;
  options_.on_warning = [&warnings](std::string_view line) { warnings += line; };
  Open();
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(warnings, "");
  options_.on_warning = {};
  EXPECT_EQ(made->manifest.sequence, 20u);
  EXPECT_EQ(made->manifest.store_id, id);
  Found(21);
  const auto restored = Restore(PathOf(*made), "restored");
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(*restored, made->manifest);
  FailingDisk disk;
  options_.env = disk.env();
  EXPECT_EQ(ImageIn("restored"), before);
  EXPECT_NE(store_->store_id(), id);
  EXPECT_EQ(store_->seed(), seed);
  // It goes on from there, also after a kill.
  Found(21);
  disk.Fail(FailingDisk::Fault::kStopped);  // tables come and go beside us
  fs::copy(folder_.path("restored"), folder_.path("copy"), fs::copy_options::recursive);
  options_.env = nullptr;
  EXPECT_EQ(ImageIn("copy").last_sequence, 21u);
}

TEST_F(BackupTest, WhatWasWrittenBeforeOneIsInItWhileWritesGoOn) {
  std::atomic<Sequence> written = 20;
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (Sequence sequence = 21; !done; ++sequence) {
      Found(sequence);
      written = sequence;
    }
  });
  for (int round = 0; round < 5; ++round) {
    const Sequence before = written;
    const auto made = Make();
    ASSERT_TRUE(made.ok()) << made.status();
    EXPECT_GE(made->manifest.sequence, before);
    const auto restored = Restore(PathOf(*made), absl::StrCat("restored-", round));
    EXPECT_TRUE(restored.ok()) << restored.status();
  }
  done = true;
  writer.join();
  const Sequence last = ListBackups(backups_)->back().manifest.sequence;
  const StoreImage image = ImageIn("restored-4");
  EXPECT_EQ(image.last_sequence, last);
  EXPECT_EQ(image.entries.size(), last);
}

TEST_F(BackupTest, EveryFlippedBitIsNamed) {
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string path = PathOf(*made);
  EXPECT_TRUE(VerifyBackup(path)->damage.empty());
  std::vector<BackupFile> files = made->manifest.files;
  files.push_back({.path = "BACKUP", .bytes = fs::file_size(path + "/BACKUP")});
  std::erase_if(files, [](const BackupFile& file) { return file.bytes == 0; });
  std::mt19937_64 random(1);
  for (int flip = 0; flip < 200; ++flip) {
    const BackupFile& file = files[random() % files.size()];
    const auto offset = static_cast<int64_t>(random() % file.bytes);
    FlipByte(absl::StrCat(path, "/", file.path), offset);
    const auto report = VerifyBackup(path);
    const std::string words =
        report.ok() ? absl::StrJoin(report->damage, "\n") : std::string(report.status().message());
    EXPECT_NE(words.find(file.path), std::string::npos) << file.path << " " << offset << words;
    const auto restored = Restore(path, "damaged");
    EXPECT_TRUE(absl::IsDataLoss(restored.status())) << restored.status();
    EXPECT_FALSE(fs::exists(folder_.path("damaged")));
    FlipByte(absl::StrCat(path, "/", file.path), offset);
  }
  EXPECT_TRUE(VerifyBackup(path)->damage.empty());
}

TEST_F(BackupTest, FilesThatAreMissingCutOrStrangeAreNamed) {
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string path = PathOf(*made);
  fs::remove(path + "/seed");
  fs::resize_file(path + "/FORMAT", 10);
  WriteFile(path + "/db/000999.sst", "x");
  const auto report = VerifyBackup(path);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->damage.size(), 3u) << absl::StrJoin(report->damage, "\n");
  fs::remove(path + "/BACKUP");
  EXPECT_TRUE(absl::IsFailedPrecondition(VerifyBackup(path).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(Restore(path, "restored").status()));
}

TEST_F(BackupTest, ARestoreTouchesNoFolderThatIsNotEmpty) {
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  const auto over = RestoreBackup({.from = PathOf(*made), .to = options_.dir, .seed_file = ""});
  EXPECT_TRUE(absl::IsFailedPrecondition(over.status())) << over.status();
  EXPECT_NE(over.status().message().find("holds a store"), std::string::npos) << over.status();
  Found(21);
  fs::create_directory(folder_.path("other"));
  WriteFile(folder_.path("other") + "/notes", "mine");
  EXPECT_TRUE(absl::IsFailedPrecondition(Restore(PathOf(*made), "other").status()));
  EXPECT_EQ(FileBytes(folder_.path("other") + "/notes"), "mine");
  fs::create_directory(folder_.path("empty"));
  EXPECT_TRUE(Restore(PathOf(*made), "empty").ok());
}

TEST_F(BackupTest, AFolderOfBackupsThatIsMissingOrNotOursIsRefused) {
  fs::remove(backups_);
  EXPECT_EQ(ReasonOf(Make().status()), ErrorReason::kBackupFolderUnusable);
  EXPECT_EQ(ReasonOf(ListBackups(backups_).status()), ErrorReason::kBackupFolderUnusable);
  fs::create_directory(backups_);
  WriteFile(backups_ + "/photos.zip", "mine");
  EXPECT_EQ(ReasonOf(Make().status()), ErrorReason::kBackupFolderUnusable);
  EXPECT_EQ(FileBytes(backups_ + "/photos.zip"), "mine");
  EXPECT_TRUE(absl::IsInvalidArgument(FindBackup(backups_, "../data").status()));
  EXPECT_TRUE(absl::IsNotFound(FindBackup(backups_, "20261128T022000.123Z").status()));
}

TEST_F(BackupTest, WhatAnInterruptedOneLeftIsNotListedAndIsRemoved) {
  const std::string left = backups_ + "/20261128T022000.123Z.new";
  fs::create_directories(left + "/db");
  WriteFile(left + "/db/000012.sst", "half");
  EXPECT_TRUE(ListBackups(backups_)->empty());
  ASSERT_TRUE(SweepBackups(backups_).ok());
  EXPECT_TRUE(fs::is_empty(backups_));
  fs::create_directories(left + "/db");
  EXPECT_TRUE(Make().ok());
  EXPECT_FALSE(fs::exists(left));
  // And what it had linked in the data folder.
  const std::string linked = options_.dir + "/checkpoint";
  store_.reset();
  fs::create_directory(linked);
  WriteFile(linked + "/000012.sst", "half");
  Open();
  EXPECT_FALSE(fs::exists(linked));
}

TEST_F(BackupTest, OneThatAnotherProcessMakesThereIsLeftAlone) {
  const std::string of_other = backups_ + "/20261128T022000.123Z.new";
  fs::create_directory(of_other);
  const int held = open(backups_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(flock(held, LOCK_EX), 0);
  const auto refused = Make();
  EXPECT_EQ(ReasonOf(refused.status()), ErrorReason::kBackupRunning) << refused.status();
  EXPECT_TRUE(SweepBackups(backups_).ok());
  EXPECT_TRUE(fs::exists(of_other));
  close(held);
  EXPECT_TRUE(Make().ok());
}

TEST_F(BackupTest, OneThatIsNotWantedAnyMoreLeavesNothing) {
  BackupOptions options{.folder = backups_, .program = "", .now = minute_};
  options.wanted = [] { return absl::CancelledError("enough"); };
  EXPECT_TRUE(absl::IsCancelled(store_->MakeBackup(options).status()));
  EXPECT_TRUE(fs::is_empty(backups_));
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_TRUE(absl::IsCancelled(VerifyBackup(PathOf(*made), options.wanted).status()));
}

TEST_F(BackupTest, AStoreWithASeedFileIsRestoredWithItAlone) {
  store_.reset();
  options_.dir = folder_.path("seeded");
  options_.seed_file = folder_.path("seed-of-mine");
  WriteFile(options_.seed_file, std::string(16, 's'));
  fs::permissions(options_.seed_file, fs::perms::owner_read);
  Open();
  records_ = SampleRecords(1);
  Found(1);
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_FALSE(fs::exists(PathOf(*made) + "/seed"));
  const auto without = Restore(PathOf(*made), "restored");
  EXPECT_NE(without.status().message().find("--seed-file"), std::string::npos) << without.status();
  const std::string other = folder_.path("seed-of-others");
  WriteFile(other, std::string(16, 'o'));
  fs::permissions(other, fs::perms::owner_read);
  const std::string to = folder_.path("restored");
  const auto wrong = RestoreBackup({.from = PathOf(*made), .to = to, .seed_file = other});
  EXPECT_TRUE(absl::IsFailedPrecondition(wrong.status())) << wrong.status();
  EXPECT_FALSE(fs::exists(to));
  EXPECT_FALSE(fs::exists(to + ".restoring"));
  EXPECT_TRUE(
      RestoreBackup({.from = PathOf(*made), .to = to, .seed_file = options_.seed_file}).ok());
}

TEST_F(BackupTest, NoRoomIsSaidBeforeAnythingIsCopied) {
  const auto made = store_->MakeBackup(
      {.folder = backups_, .program = "", .now = minute_, .keep_free = uint64_t{1} << 60});
  EXPECT_EQ(ReasonOf(made.status()), ErrorReason::kBackupFolderFull) << made.status();
  EXPECT_TRUE(fs::is_empty(backups_));
}

TEST_F(BackupTest, TheOldestOfThisStoreGiveWay) {
  std::vector<std::string> names;
  for (int i = 0; i < 4; ++i) names.push_back(Make()->name);
  const std::string first = store_->store_id();
  ASSERT_TRUE(Restore(absl::StrCat(backups_, "/", names[0]), "restored").ok());
  ImageIn("restored");
  const std::string of_other = Make()->name;
  EXPECT_EQ(*PruneBackups(backups_, first, 2), (std::vector<std::string>{names[0], names[1]}));
  const auto left = ListBackups(backups_);
  ASSERT_EQ(left->size(), 3u);
  EXPECT_EQ(left->back().name, of_other);
  EXPECT_TRUE(PruneBackups(backups_, first, 2)->empty());
}

// Whatever operation fails: the store writes on, the backup is whole or not there.
TEST(BackupFaultTest, AnyFailureLeavesNoHalfBackup) {
  int struck = 0;
  for (const char* label : {"append sst", "sync sst", "append folder", "sync folder",
                            "append MANIFEST", "rename 123Z"}) {
    for (int at = 0; at < 4; at += 3) {
      const auto error = at == 0 ? FaultyDisk::Error::kBroken : FaultyDisk::Error::kFull;
      TestFolder folder;
      const FaultyDisk disk({.act = FaultyDisk::Act::kFail, .at = at, .label = label,
                             .error = error});
      Store::Options options = folder.Options();
      options.env = disk.env();
      auto store = Store::Open(options);
      if (!store.ok()) continue;
      SampleRecords records(3);
      bool writing = true;
      for (Sequence sequence = 1; writing && sequence <= 5; ++sequence) {
        const Change change = FoundingChange(&records, sequence, absl::StrCat("id-", sequence));
        writing = (*store)->Write({&change, 1}).ok();
      }
      const std::string backups = folder.path("backups");
      fs::create_directory(backups);
      const int before = disk.struck();
      const auto made = (*store)->MakeBackup({.folder = backups, .program = "",
                                              .now = absl::FromUnixMillis(1'800'000'000'123)});
      struck += disk.struck() - before;
      EXPECT_FALSE(fs::exists(options.dir + "/checkpoint"));
      if (made.ok()) {
        EXPECT_TRUE(VerifyBackup(absl::StrCat(backups, "/", made->name))->damage.empty());
      } else {
        for (const auto& entry : fs::directory_iterator(backups)) {
          EXPECT_TRUE(VerifyBackup(entry.path())->damage.empty()) << label << " " << at;
        }
      }
    }
  }
  EXPECT_GT(struck, 3);
}

}  // namespace
}  // namespace wonbon
