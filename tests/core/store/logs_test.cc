// Logs that others put into the database's folder.
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "core/store/log_reader.h"
#include "core/store/store.h"
#include "tests/core/store/sample_records.h"
#include "tests/core/store/store_image.h"
#include "tests/core/store/test_folder.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;

class LogsTest : public testing::Test {
 protected:
  void SetUp() override { Write(1, 5); }
  // Opens, writes documents, ends as a killed process does: the log is needed.
  void Write(Sequence first, Sequence last) {
    auto store = Store::Open(options_);
    ASSERT_TRUE(store.ok()) << store.status();
    for (Sequence sequence = first; sequence <= last; ++sequence) {
      const Change change = FoundingChange(&records_, sequence, absl::StrCat("id-", sequence));
      ASSERT_TRUE((*store)->Write({&change, 1}).ok());
    }
    disk_.Fail(FailingDisk::Fault::kStopped);
    store->reset();
    disk_.Fail(FailingDisk::Fault::kNone);
  }
  LogsTest() { options_.env = disk_.env(); }
  std::string Log(const std::string& name) { return options_.dir + "/db/" + name; }
  std::string NewestLog() { return FilesEnding(options_.dir + "/db", ".log").back(); }
  void ExpectNamed(const std::string& path, absl::StatusCode code) {
    const auto store = Store::Open(options_);
    EXPECT_EQ(store.status().code(), code) << store.status();
    EXPECT_NE(store.status().message().find(path), std::string::npos) << store.status();
  }

  TestFolder folder_;
  FailingDisk disk_;
  Store::Options options_ = folder_.Options();
  SampleRecords records_{61};
};

TEST_F(LogsTest, ACopyOfALogIsNamedWhateverItsNumber) {
  for (const char* name : {"000001.log", "000123.log", "4242424242.log"}) {
    fs::copy(NewestLog(), Log(name));
    ExpectNamed(Log(name), absl::StatusCode::kDataLoss);
    // A folder without a witness is looked at, too.
    fs::rename(options_.dir + "/WITNESS", folder_.path("witness"));
    ExpectNamed(Log(name), absl::StatusCode::kDataLoss);
    fs::rename(folder_.path("witness"), options_.dir + "/WITNESS");
    fs::remove(Log(name));
  }
  EXPECT_TRUE(Store::Open(options_).ok());
}

TEST_F(LogsTest, ALogOfBeforeIsNamed) {
  const std::string old = FileBytes(NewestLog());
  Write(6, 10);
  Write(11, 15);
  WriteFile(Log("000999.log"), old);
  ExpectNamed(Log("000999.log"), absl::StatusCode::kDataLoss);
}

TEST_F(LogsTest, ANumberThatNoLogHasIsNamed) {
  for (const char* name : {"18446744073709551615.log", "99999999999999999999999999.log"}) {
    WriteFile(Log(name), "hello");
    ExpectNamed(Log(name), absl::StatusCode::kFailedPrecondition);
    fs::remove(Log(name));
  }
}

TEST_F(LogsTest, TwoSpellingsOfOneNumberAreNamed) {
  const std::string log = NewestLog();
  const std::string twin = Log("0" + fs::path(log).filename().string());
  WriteFile(twin, "");
  const auto store = Store::Open(options_);
  EXPECT_TRUE(absl::IsFailedPrecondition(store.status())) << store.status();
}

TEST_F(LogsTest, NoiseInALogBehindAllThatWasAnsweredIsDamageOnlyWhereNothingTellsWhatWas) {
  // Longer than a block of 32 KiB: at the end of a log it would be taken for an unfinished record.
  std::string bytes(100'000, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 37 + 200);
  WriteFile(Log("000123.log"), bytes);
  const std::string witness = FileBytes(options_.dir + "/WITNESS");
  fs::remove(options_.dir + "/WITNESS");
  ExpectNamed("000123.log", absl::StatusCode::kDataLoss);
  WriteFile(options_.dir + "/WITNESS", witness);
  const auto store = Store::Open(options_);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ((*store)->last_sequence(), 5u);
}

TEST_F(LogsTest, WhatIsNoLogIsPassedOver) {
  for (const char* name : {"foo.log", ".log", "12a.log", "000123.log.bak"}) {
    WriteFile(Log(name), "hello");
  }
  EXPECT_TRUE(Store::Open(options_).ok());
}

TEST_F(LogsTest, TheirBytesAreCounted) {
  uint64_t bytes = 0;
  for (const std::string& log : FilesEnding(options_.dir + "/db", ".log")) {
    bytes += fs::file_size(log);
  }
  ASSERT_GT(bytes, 0u);
  EXPECT_EQ(BytesOf(*ListLogs(options_.dir + "/db")), bytes);
  EXPECT_EQ(BytesOf(*ListLogs(options_.dir + "/nowhere")), 0u);
}

}  // namespace
}  // namespace wonbon
