// What expires, found by age.
#include "core/state/memory_state.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/document_time.h"
#include "tests/corpus/random.h"

namespace wonbon {
namespace {

constexpr int64_t kDayUs = 86'400'000'000;
constexpr int64_t kNowUs = 1'770'000'000'000'000;

// Three collections: of a week's retention, of a month's, and of none.
class ExpiryTest : public testing::Test {
 protected:
  ExpiryTest() {
    const int days[] = {7, 30, 0};
    for (uint32_t i = 0; i < 3; ++i) {
      const CollectionNumber number{i + 1};
      state_.LoadCollection({.number = number,
                             .name = "collection-" + std::to_string(i),
                             .settings = {.retention = absl::Hours(24 * days[i])}});
      const absl::Status loaded =
          state_.LoadCluster({.id = ClusterId{i + 1}, .collection = number});
      EXPECT_TRUE(loaded.ok()) << loaded;
    }
  }

  void Add(uint64_t number, corpus::Random& random) {
    const uint32_t collection = 1 + random.Below(3);
    DocumentEntry entry{.number = DocumentNumber{number},
                        .collection = CollectionNumber{collection},
                        .cluster = ClusterId{collection}};
    entry.received_us = kNowUs - random.Between(0, 40) * kDayUs;
    entry.published_us = entry.received_us - random.Between(-3, 20) * kDayUs;
    if (random.Chance(10)) entry.published_us = 0;  // not to be believed
    Fingerprint fingerprint;
    fingerprint.exact_key = number;
    const absl::Status loaded = state_.LoadDocument(entry, fingerprint);
    ASSERT_TRUE(loaded.ok()) << loaded;
    entries_.push_back(entry);
  }

  void Remove(size_t index) {
    Change change;
    change.removed.push_back(
        {.number = entries_[index].number, .collection = entries_[index].collection});
    state_.Stage(change);
    state_.Publish(change);
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  // By looking at all of them.
  std::vector<DocumentNumber> Expired() const {
    std::vector<DocumentNumber> expired;
    for (const DocumentEntry& entry : entries_) {
      const CollectionRecord& collection = *state_.FindCollection(entry.collection);
      if (IsExpired(entry, collection.settings, kNowUs)) expired.push_back(entry.number);
    }
    return expired;
  }

  MemoryState state_;
  std::vector<DocumentEntry> entries_;
};

TEST_F(ExpiryTest, WhatIsFoundByAgeIsWhatHasExpired) {
  corpus::Random random(5);
  for (uint64_t i = 1; i <= 300; ++i) Add(i, random);
  for (int i = 0; i < 100; ++i) Remove(random.Below(entries_.size()));
  const std::vector<DocumentNumber> expected = Expired();
  ASSERT_GT(expected.size(), 20u);
  ASSERT_LT(expected.size(), entries_.size());
  EXPECT_EQ(state_.FindExpired(kNowUs, entries_.size()), expected);
  EXPECT_TRUE(state_.FindExpired(kNowUs - 100 * kDayUs, entries_.size()).empty());

  // A sweep that takes less finds some of them, and the next one the others.
  std::vector<DocumentNumber> swept;
  for (;;) {
    const std::vector<DocumentNumber> some = state_.FindExpired(kNowUs, 7);
    ASSERT_LE(some.size(), 7u);
    if (some.empty()) break;
    swept.insert(swept.end(), some.begin(), some.end());
    for (const DocumentNumber number : some) {
      const auto gone = std::find_if(
          entries_.begin(), entries_.end(),
          [number](const DocumentEntry& entry) { return entry.number == number; });
      ASSERT_NE(gone, entries_.end());
      Remove(static_cast<size_t>(gone - entries_.begin()));
    }
  }
  std::sort(swept.begin(), swept.end());
  EXPECT_EQ(swept, expected);
}

}  // namespace
}  // namespace wonbon
