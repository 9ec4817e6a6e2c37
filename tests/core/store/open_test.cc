// What a data folder must be for a store to open.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>

#include "absl/strings/str_format.h"
#include "core/store/format.h"
#include "core/store/store.h"
#include "tests/core/store/sample_records.h"
#include "tests/core/store/test_folder.h"
#include "xxhash.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

int Mode(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? static_cast<int>(info.st_mode & 07777) : -1;
}

class OpenTest : public testing::Test {
 protected:
  // Opens, writes one document, closes.
  void MakeStore() {
    auto store = Store::Open(options_);
    ASSERT_TRUE(store.ok()) << store.status();
    SampleRecords records(31);
    const Change change = FoundingChange(&records, 1, "id");
    ASSERT_TRUE((*store)->Write({&change, 1}).ok());
  }
  absl::Status OpenStatus() { return Store::Open(options_).status(); }
  void ExpectOpens() {
    const absl::Status status = OpenStatus();
    EXPECT_TRUE(status.ok()) << status;
  }
  // Writes FORMAT anew with another value, checksum and all.
  void Rewrite(const std::function<void(StoreFormat*)>& change) {
    auto format = ParseFormat(FileBytes(File("FORMAT")), "FORMAT");
    ASSERT_TRUE(format.ok()) << format.status();
    change(&*format);
    WriteFile(File("FORMAT"), FormatText(*format));
  }
  void ExpectRefusal(absl::StatusCode code, std::initializer_list<const char*> parts) {
    const absl::Status status = OpenStatus();
    EXPECT_EQ(status.code(), code) << status;
    for (const char* part : parts) {
      EXPECT_THAT(std::string(status.message()), HasSubstr(part));
    }
  }
  std::string File(const std::string& name) { return options_.dir + "/" + name; }

  TestFolder folder_;
  Store::Options options_ = folder_.Options();
};

TEST_F(OpenTest, TheFolderAndTheSeedAreForTheOwnerAlone) {
  MakeStore();
  EXPECT_EQ(Mode(options_.dir), 0700);
  EXPECT_EQ(Mode(File("seed")), 0600);
  EXPECT_EQ(Mode(File("FORMAT")), 0600);
  EXPECT_EQ(FileBytes(File("seed")).size(), 16u);
}

TEST_F(OpenTest, ParentFoldersAreMadeAndATrailingSlashDoesNoHarm) {
  options_.dir = folder_.path("a/b/c") + "/";
  MakeStore();
  options_.dir.pop_back();
  ExpectOpens();
}

TEST_F(OpenTest, TheSeedIsNotInTheFormatFile) {
  MakeStore();
  const std::string seed = FileBytes(File("seed"));
  EXPECT_EQ(FileBytes(File("FORMAT")).find(seed), std::string::npos);
}

TEST_F(OpenTest, TwoNewStoresHaveDifferentSeedsAndIds) {
  auto a = Store::Open(folder_.Options("a"));
  auto b = Store::Open(folder_.Options("b"));
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_NE((*a)->seed(), (*b)->seed());
  EXPECT_NE((*a)->store_id(), (*b)->store_id());
}

TEST_F(OpenTest, AFolderInUseIsRefused) {
  auto store = Store::Open(options_);
  ASSERT_TRUE(store.ok());
  ExpectRefusal(absl::StatusCode::kFailedPrecondition, {"another wonbond uses this folder"});
  store->reset();
  ExpectOpens();
}

TEST_F(OpenTest, AFolderWithFilesOfOthersIsRefusedAndLeftAlone) {
  fs::create_directory(options_.dir);
  WriteFile(File("thesis.doc"), "words");
  ExpectRefusal(absl::StatusCode::kFailedPrecondition, {"thesis.doc", "FORMAT", "--data-dir"});
  EXPECT_FALSE(fs::exists(File("seed")));
  EXPECT_FALSE(fs::exists(File("LOCK")));
}

TEST_F(OpenTest, AFileInPlaceOfTheFolderIsRefused) {
  WriteFile(options_.dir, "");
  ExpectRefusal(absl::StatusCode::kFailedPrecondition, {"must be a folder"});
}

TEST_F(OpenTest, AFirstOpenCutShortAnywhereOpensAgain) {
  MakeStore();
  const std::string format = FileBytes(File("FORMAT"));
  const std::string seed = FileBytes(File("seed"));
  // After the lock; while and after the seed is written; while FORMAT is.
  const std::vector<std::vector<std::string>> left_behind = {
      {}, {"seed.new"}, {"seed"}, {"seed", "FORMAT.new"}};
  for (size_t i = 0; i < left_behind.size(); ++i) {
    options_ = folder_.Options("cut" + std::to_string(i));
    fs::create_directory(options_.dir);
    WriteFile(File("LOCK"), "");
    for (const std::string& name : left_behind[i]) {
      WriteFile(File(name), name == "seed" ? seed : name == "FORMAT.new" ? format : "half");
    }
    ExpectOpens();
    if (i >= 2) {
      EXPECT_EQ(FileBytes(File("seed")), seed);
    }
  }
}

TEST_F(OpenTest, AFirstOpenCutShortAfterTheDatabaseOpensAgain) {
  ASSERT_TRUE(OpenStatus().ok());
  fs::remove(File("FORMAT"));
  ExpectOpens();
  MakeStore();
}

TEST_F(OpenTest, AUsedDatabaseWithoutItsFormatFileIsRefused) {
  MakeStore();
  fs::remove(File("FORMAT"));
  ExpectRefusal(absl::StatusCode::kDataLoss, {"FORMAT", "missing", "backup"});
}

TEST_F(OpenTest, ADamagedFormatFileIsRefused) {
  MakeStore();
  const std::string good = FileBytes(File("FORMAT"));
  for (size_t i = 0; i < good.size(); ++i) {
    WriteFile(File("FORMAT"), good);
    FlipByte(File("FORMAT"), static_cast<int64_t>(i));
    EXPECT_TRUE(absl::IsDataLoss(OpenStatus())) << i;
    WriteFile(File("FORMAT"), good.substr(0, i));
    EXPECT_TRUE(absl::IsDataLoss(OpenStatus())) << i;
  }
  ExpectRefusal(absl::StatusCode::kDataLoss, {"FORMAT: damaged", "checksum", "backup"});
}

TEST_F(OpenTest, OtherParametersAreRefusedWithWhatWasFoundAndExpected) {
  MakeStore();
  const std::string good = FileBytes(File("FORMAT"));
  for (size_t i = 0; i < StoreFormat::ProgramParameters().size(); ++i) {
    WriteFile(File("FORMAT"), good);
    std::string name;
    Rewrite([&](StoreFormat* format) {
      name = format->parameters[i].first;
      format->parameters[i].second = 4242;
    });
    ExpectRefusal(absl::StatusCode::kFailedPrecondition,
                  {"FORMAT: found ", (name + " 4242; expected ").c_str(), "import the articles"});
  }
}

TEST_F(OpenTest, AnotherFormatVersionIsRefused) {
  MakeStore();
  // A later version, with lines of its own.
  const std::string lines = "wonbon store\nformat 4\nnovelty 1\n";
  WriteFile(File("FORMAT"),
            lines + absl::StrFormat("checksum %016x\n", XXH3_64bits(lines.data(), lines.size())));
  ExpectRefusal(absl::StatusCode::kFailedPrecondition,
                {"found format 4", "expected format 3", "use the wonbond that wrote"});
}

TEST_F(OpenTest, TheFormatFileNeverChanges) {
  StoreFormat format;
  format.store_id = "00112233445566778899aabbccddeeff";
  format.seed_fingerprint = 0xabcdef;
  EXPECT_EQ(FormatText(format),
            "wonbon store\nformat 3\nstore_id 00112233445566778899aabbccddeeff\n"
            "seed_from folder\nseed_fingerprint 00abcdef\ntext_rules 2\nsketch 4\n"
            "shingle_units 5\nbins 256\nbands 24\nrows_per_band 4\nsample_shingle_units 8\n"
            "sample_rate 32\nmin_sample 16\nmax_sample 65535\nchecksum 87bc6889c6c7b6b0\n");
}

TEST_F(OpenTest, AMissingOrOtherSeedOfTheFolderIsRefused) {
  MakeStore();
  WriteFile(File("seed"), "0123456789abcdef");
  ExpectRefusal(absl::StatusCode::kFailedPrecondition,
                {"found an index made with the seed", "expected", "restore the folder's seed"});
  fs::remove(File("seed"));
  ExpectRefusal(absl::StatusCode::kDataLoss, {"seed", "missing", "backup"});
}

class SeedFileTest : public OpenTest {
 protected:
  void SetUp() override {
    options_.seed_file = folder_.path("own.seed");
    WriteFile(options_.seed_file, "0123456789abcdef");
  }
};

TEST_F(SeedFileTest, TheSeedIsUsedAndNotKeptInTheFolder) {
  MakeStore();
  auto store = Store::Open(options_);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ(std::string((*store)->seed().begin(), (*store)->seed().end()), "0123456789abcdef");
  EXPECT_FALSE(fs::exists(File("seed")));
}

TEST_F(SeedFileTest, AFileThatOthersMayReadIsRefused) {
  for (const int mode : {0640, 0604, 0610, 0602}) {
    WriteFile(options_.seed_file, "0123456789abcdef", mode);
    ExpectRefusal(absl::StatusCode::kFailedPrecondition, {"found mode", "expected", "chmod 600"});
  }
  WriteFile(options_.seed_file, "0123456789abcdef", 0400);
  ExpectOpens();
}

TEST_F(SeedFileTest, AFileOfAnotherSizeIsRefused) {
  for (const size_t size : {0, 15, 17, 32, 5'000}) {
    WriteFile(options_.seed_file, std::string(size, 'x'));
    EXPECT_TRUE(absl::IsFailedPrecondition(OpenStatus())) << size;
  }
  WriteFile(options_.seed_file, "short");
  ExpectRefusal(absl::StatusCode::kFailedPrecondition, {"found 5 bytes", "expected 16", "urandom"});
}

TEST_F(SeedFileTest, AMissingFileIsNotFound) {
  fs::remove(options_.seed_file);
  ExpectRefusal(absl::StatusCode::kNotFound, {"own.seed"});
}

TEST_F(SeedFileTest, AnotherSeedOrNoneIsRefusedOnceTheFolderIsInUse) {
  MakeStore();
  WriteFile(options_.seed_file, "fedcba9876543210");
  ExpectRefusal(absl::StatusCode::kFailedPrecondition,
                {"found an index", "expected fingerprint", "give the --seed-file"});
  options_.seed_file.clear();
  ExpectRefusal(absl::StatusCode::kFailedPrecondition,
                {"made with a seed file", "expected --seed-file", "give the one"});
}

TEST_F(SeedFileTest, TheFoldersOwnSeedMayBeGivenAsAFile) {
  options_.seed_file.clear();
  MakeStore();
  options_.seed_file = folder_.path("copy.seed");
  WriteFile(options_.seed_file, FileBytes(File("seed")));
  ExpectOpens();
  WriteFile(options_.seed_file, "0123456789abcdef");
  ExpectRefusal(absl::StatusCode::kFailedPrecondition, {"start without --seed-file"});
}

}  // namespace
}  // namespace wonbon
