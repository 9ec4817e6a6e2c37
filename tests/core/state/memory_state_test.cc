// What expires, found by age; which clusters may hold versions of a document.
#include "core/state/memory_state.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
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

// Two clusters, smaller and larger than those whose keys are kept.
class VersionKeysTest : public testing::Test {
 protected:
  VersionKeysTest() {
    state_.LoadCollection({.number = CollectionNumber{1}, .name = "c"});
    for (const uint64_t id : {1, 2}) {
      EXPECT_TRUE(
          state_.LoadCluster({.id = ClusterId{id}, .collection = CollectionNumber{1}}).ok());
    }
  }

  DocumentEntry Any(uint64_t number) {
    const uint8_t marks[] = {0, 0, 0, 1, 10};
    return {.number = DocumentNumber{number},
            .collection = CollectionNumber{1},
            .headline_key = random_.Below(12),
            .cluster = ClusterId{1 + random_.Below(2)},
            .version_mark = random_.Pick(marks),
            .first_published_us = random_.Chance(20) ? -1 : 0,
            .publisher_key = random_.Below(40)};
  }
  void Add(const DocumentEntry& entry) {
    Fingerprint fingerprint;
    fingerprint.exact_key = TextOf(entry);
    ASSERT_TRUE(state_.LoadDocument(entry, fingerprint).ok());
    entries_.push_back(entry);
  }
  void RemoveOrMove(size_t index) {
    Change change;
    DocumentEntry& entry = entries_[index];
    if (random_.Chance(50)) {
      entry.cluster = entry.cluster == ClusterId{1} ? ClusterId{2} : ClusterId{1};
      change.changed.push_back(entry);
    } else {
      change.removed.push_back({.number = entry.number, .collection = entry.collection});
    }
    state_.Stage(change);
    state_.Publish(change);
    if (!change.removed.empty()) entries_.erase(entries_.begin() + static_cast<long>(index));
  }
  static absl::uint128 TextOf(const DocumentEntry& entry) {
    return static_cast<uint64_t>(entry.number) % 3;
  }
  bool HasVersions(ClusterId cluster, const DocumentEntry& document) const {
    bool related = false;
    bool only_copies = true;
    for (const DocumentEntry& member : entries_) {
      if (member.cluster != cluster || document.publisher_key == 0 ||
          member.publisher_key != document.publisher_key) {
        continue;
      }
      const bool one_headline = member.headline_key == document.headline_key;
      related |= (one_headline && member.headline_key != 0) || member.version_mark != 0 ||
                 document.version_mark != 0;
      only_copies &= one_headline && member.version_mark == document.version_mark &&
                     TextOf(member) == TextOf(document) &&
                     member.published_us == member.first_published_us;
    }
    return related && !only_copies;
  }

  MemoryState state_;
  corpus::Random random_{11};
  std::vector<DocumentEntry> entries_;
};

TEST_F(VersionKeysTest, NoVersionIsOverlooked) {
  uint64_t number = 0;
  int without = 0;
  for (int round = 0; round < 3'000; ++round) {
    if (entries_.size() < 3 || random_.Chance(entries_.size() < 24 ? 55 : 45)) {
      Add(Any(++number));
    } else {
      RemoveOrMove(random_.Below(entries_.size()));
    }
    const DocumentEntry document = Any(1'000'000);
    for (const ClusterId cluster : {ClusterId{1}, ClusterId{2}, ClusterId{3}}) {
      const bool may_have = state_.MayHaveVersions(cluster, document, TextOf(document));
      ASSERT_TRUE(may_have || !HasVersions(cluster, document)) << "round " << round;
      without += !may_have;
    }
  }
  EXPECT_GT(without, 3'000);
}

TEST_F(VersionKeysTest, ClustersOfMoreThanOneAreKeptBySize) {
  uint64_t number = 0;
  std::set<std::pair<size_t, ClusterId>> seen;
  for (int round = 0; round < 1'000; ++round) {
    if (entries_.size() < 2 || random_.Chance(entries_.size() < 6 ? 55 : 45)) {
      Add(Any(++number));
    } else {
      RemoveOrMove(random_.Below(entries_.size()));
    }
    std::map<ClusterId, size_t> sizes;
    for (const DocumentEntry& entry : entries_) ++sizes[entry.cluster];
    std::set<std::pair<size_t, ClusterId>> expected;
    for (const auto& [id, size] : sizes) {
      if (size > 1) expected.emplace(size, id);
    }
    std::set<std::pair<size_t, ClusterId>> kept;
    for (const SizedCluster& cluster : state_.FindCollectionByName("c")->by_size) {
      kept.emplace(cluster.size, cluster.id);
    }
    ASSERT_EQ(kept, expected) << "round " << round;
    seen.insert(kept.begin(), kept.end());
  }
  EXPECT_GT(seen.size(), 8u);
  // A cluster that is merged into another goes.
  Change change;
  for (DocumentEntry& entry : entries_) {
    if (entry.cluster == ClusterId{1}) change.changed.push_back(entry);
  }
  for (DocumentEntry& entry : change.changed) entry.cluster = ClusterId{2};
  change.redirects.push_back({.from = ClusterId{1}, .to = ClusterId{2}});
  state_.Stage(change);
  state_.Publish(change);
  const auto& by_size = state_.FindCollectionByName("c")->by_size;
  ASSERT_EQ(by_size.size(), entries_.size() > 1 ? 1u : 0u);
}

}  // namespace
}  // namespace wonbon
