// A store in a folder of its own. Test only.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "core/store/store.h"
#include "tests/core/store/sample_records.h"
#include "tests/core/store/store_image.h"
#include "tests/core/store/test_folder.h"

namespace wonbon {

inline constexpr CollectionNumber kNews{1};

class StoreTest : public testing::Test {
 protected:
  // The real disk, with its fsyncs.
  StoreTest() { options_.env = nullptr; }
  void Open() {
    store_.reset();
    auto store = Store::Open(options_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  void SetUp() override { Open(); }

  void Write(const Change& change) {
    const absl::Status status = store_->Write({&change, 1});
    ASSERT_TRUE(status.ok()) << status;
  }
  StoreImage Image() {
    auto image = ImageOf(*store_);
    EXPECT_TRUE(image.ok()) << image.status();
    return image.ok() ? *image : StoreImage();
  }
  StoreSnapshot::IdState Find(std::string_view id) {
    auto state = store_->Snapshot()->FindId(kNews, id);
    EXPECT_TRUE(state.ok()) << state.status();
    return state.ok() ? *state : StoreSnapshot::IdState();
  }
  static RemovedDocument Removal(DocumentNumber number, std::string id) {
    return {.number = number, .collection = kNews, .id = std::move(id), .tombstone = {}};
  }
  static Tombstone MakeTombstone(std::string id, Sequence sequence) {
    return {.collection = kNews,
            .id = std::move(id),
            .reason = "takedown",
            .deleted_at = absl::FromUnixSeconds(1'700'000'000),
            .sequence = sequence};
  }

  TestFolder folder_;
  Store::Options options_ = folder_.Options();
  SampleRecords records_{7};
  std::unique_ptr<Store> store_;
};

}  // namespace wonbon
