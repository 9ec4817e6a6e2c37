#include "client/import/progress_record.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/temporary_folder.h"

namespace wonbon::client {
namespace {

constexpr char kReading[] = "0 Asia/Seoul body=text";

class ProgressRecordTest : public ::testing::Test {
 protected:
  ProgressRecordTest() {
    std::ofstream(folder_ / "articles.jsonl") << "{}\n";
    record_.key = *MakeImportKey(folder_ / "articles.jsonl", "", "127.0.0.1:7443", kReading);
    record_.settled = {.offset = 1'000, .line = 10};
    record_.store_id = "store-1";
    record_.sequence = 42;
  }

  const TemporaryFolder temporary_;
  const std::filesystem::path folder_ = temporary_.path();
  ProgressRecord record_;
};

TEST_F(ProgressRecordTest, CountsOnlyForTheStoreThatAcknowledged) {
  const StoreState same{.store_id = "store-1", .sequence = 42, .durable = true};
  EXPECT_TRUE(IsUsable(record_, same));
  EXPECT_TRUE(IsUsable(record_, {.store_id = "store-1", .sequence = 99, .durable = true}));
  EXPECT_FALSE(IsUsable(record_, {.store_id = "store-2", .sequence = 42, .durable = true}));
  EXPECT_FALSE(IsUsable(record_, {.store_id = "store-1", .sequence = 41, .durable = true}));
  EXPECT_FALSE(IsUsable(record_, {.store_id = "store-1", .sequence = 42, .durable = false}));
  EXPECT_FALSE(IsUsable(record_, {.store_id = "store-1",
                                  .sequence = 99,
                                  .durable = true,
                                  .collection_created = "2025-04-15T00:00:00Z"}));
  record_.store_id.clear();
  EXPECT_FALSE(IsUsable(record_, {.store_id = "", .sequence = 42, .durable = true}));
}

TEST_F(ProgressRecordTest, ComesBackAsItWasSaved) {
  const ProgressStore store(folder_ / "deep" / "state");
  ASSERT_TRUE(store.Save(record_).ok());
  const auto loaded = store.Load(record_.key);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->key, record_.key);
  EXPECT_EQ(loaded->settled, record_.settled);
  EXPECT_EQ(loaded->store_id, "store-1");
  EXPECT_EQ(loaded->sequence, 42u);
  store.Remove(record_.key);
  EXPECT_EQ(store.Load(record_.key).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ProgressRecordTest, AChangedFileIsAnotherImport) {
  const ProgressStore store(folder_ / "state");
  ASSERT_TRUE(store.Save(record_).ok());
  std::ofstream(folder_ / "articles.jsonl", std::ios::app) << "{}\n";
  const auto key = MakeImportKey(folder_ / "articles.jsonl", "", "127.0.0.1:7443", kReading);
  EXPECT_FALSE(store.Load(*key).ok());
}

TEST_F(ProgressRecordTest, AnotherServerOrCollectionIsAnotherImport) {
  const ProgressStore store(folder_ / "state");
  ASSERT_TRUE(store.Save(record_).ok());
  ImportKey other = record_.key;
  other.endpoint = "127.0.0.1:7444";
  EXPECT_FALSE(store.Load(other).ok());
  other = record_.key;
  other.collection = "sports";
  EXPECT_FALSE(store.Load(other).ok());
  EXPECT_EQ(record_.key.collection, "default");
}

TEST_F(ProgressRecordTest, ADamagedRecordIsNone) {
  const ProgressStore store(folder_ / "state");
  ASSERT_TRUE(store.Save(record_).ok());
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "state")) {
    std::ofstream(entry.path()) << "{\"version\": 1, \"offset\": \"many";
  }
  EXPECT_EQ(store.Load(record_.key).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ProgressRecordTest, OnlyRegularFilesHaveAKey) {
  EXPECT_FALSE(MakeImportKey("-", "", "x:1", kReading).ok());
  EXPECT_FALSE(MakeImportKey(folder_, "", "x:1", kReading).ok());
  EXPECT_FALSE(MakeImportKey("/dev/null", "", "x:1", kReading).ok());
}

}  // namespace
}  // namespace wonbon::client
