#include "core/index/memory_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include "core/index/limits.h"
#include "tests/core/index/random_fingerprints.h"
#include "tests/core/store/record_equality.h"

namespace wonbon {
namespace {

using Hit = MemoryIndex::Hit;

std::vector<Hit> LookUp(const MemoryIndex& index, const Fingerprint& fingerprint) {
  std::vector<Hit> hits;
  index.LookUp(fingerprint, &hits);
  return hits;
}

TEST(MemoryIndexTest, AnEmptyIndexFindsNothing) {
  std::mt19937_64 random(1);
  const MemoryIndex index;
  EXPECT_TRUE(LookUp(index, RandomFingerprint(random)).empty());
  EXPECT_EQ(index.documents(), 0u);
  EXPECT_LT(index.memory().total(), 4u << 10);
}

TEST(MemoryIndexTest, ACopyIsFoundByEveryKey) {
  std::mt19937_64 random(2);
  MemoryIndex index;
  Fingerprint fingerprint = RandomFingerprint(random);
  fingerprint.sample = {3, 5, 8};
  fingerprint.asked = {3, 4, 5, 8};
  const Slot slot = index.Insert(NextEntry(kAllBands), fingerprint);
  index.AddSample(slot, fingerprint.sample);
  const std::vector<Hit> hits = LookUp(index, fingerprint);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].slot, slot);
  EXPECT_TRUE(hits[0].exact);
  EXPECT_TRUE(hits[0].same_url);
  EXPECT_EQ(hits[0].bands, kBands);
  EXPECT_EQ(hits[0].shared_sample, 3);
}

TEST(MemoryIndexTest, OneSharedSampleIsNoCandidate) {
  std::mt19937_64 random(3);
  MemoryIndex index;
  const Slot slot = index.Insert(NextEntry(0), RandomFingerprint(random));
  index.AddSample(slot, {1, 2, 3});
  Fingerprint query = RandomFingerprint(random);
  query.asked = {3, 4};
  EXPECT_TRUE(LookUp(index, query).empty());
  query.asked = {2, 3, 4};
  ASSERT_EQ(LookUp(index, query).size(), 1u);
  EXPECT_EQ(LookUp(index, query)[0].shared_sample, 2);
  EXPECT_FALSE(LookUp(index, query)[0].exact);
}

TEST(MemoryIndexTest, DocumentsWithoutAUrlDoNotShareIt) {
  std::mt19937_64 random(4);
  MemoryIndex index;
  Fingerprint fingerprint = RandomFingerprint(random);
  fingerprint.url_key = 0;
  index.Insert(NextEntry(kAllBands), fingerprint);
  Fingerprint query = RandomFingerprint(random);
  query.url_key = 0;
  EXPECT_TRUE(LookUp(index, query).empty());
}

TEST(MemoryIndexTest, ShortDocumentsAreFoundByTextAndUrlOnly) {
  std::mt19937_64 random(5);
  MemoryIndex index;
  Fingerprint fingerprint = RandomFingerprint(random);
  fingerprint.shingles = 19;
  const Slot slot = index.Insert(NextEntry(kAllBands), fingerprint);
  index.AddBands(slot, kAllBands);
  EXPECT_EQ(index.bands(slot), 0u);
  const std::vector<Hit> hits = LookUp(index, fingerprint);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_TRUE(hits[0].exact);
  EXPECT_EQ(hits[0].bands, 0);
}

TEST(MemoryIndexTest, OnlyPostedBandsAreFound) {
  std::mt19937_64 random(6);
  MemoryIndex index;
  Fingerprint fingerprint = RandomFingerprint(random);
  const Slot slot = index.Insert(NextEntry(0b101), fingerprint);
  EXPECT_EQ(index.bands(slot), 0b101u);
  EXPECT_EQ(LookUp(index, fingerprint)[0].bands, 2);
  index.AddBands(slot, 0b111);
  EXPECT_EQ(index.bands(slot), 0b111u);
  EXPECT_EQ(LookUp(index, fingerprint)[0].bands, 3);
}

TEST(MemoryIndexTest, SharedBandsComparesWholeKeys) {
  std::mt19937_64 random(7);
  const Sketch one = RandomSketch(random);
  Sketch other = one;
  other.bins[0] ^= 1;                // band 0
  other.bins[4 * 2 + 3] ^= 0x80;     // band 2
  other.bins[kSketchBins - 1] ^= 1;  // in no band
  EXPECT_EQ(SharedBands(ShortSketch(one), ShortSketch(other)), kAllBands & ~(1u | 1u << 2));
}

TEST(MemoryIndexTest, AnEntryIsReadAsItWasWritten) {
  std::mt19937_64 random(16);
  MemoryIndex index;
  Fingerprint fingerprint = RandomFingerprint(random);
  constexpr uint64_t kLargest = (uint64_t{1} << 48) - 1;
  DocumentEntry entry{.number = DocumentNumber{kLargest},
                      .headline_key = 0xFFFFFFFF,
                      .cluster = ClusterId{kLargest},
                      .sequence = kLargest,
                      .relation = Relation::kTemplate,
                      .flags = 3,
                      .founded = true,
                      .version_mark = 0x7F,
                      .bands = kAllBands,
                      .shingles = fingerprint.shingles,
                      .published_us = -5,
                      .first_published_us = -7,
                      .received_us = std::numeric_limits<int64_t>::max(),
                      .url_key = fingerprint.url_key,
                      .publisher_key = ~uint64_t{0}};
  const Slot slot = index.Insert(entry, fingerprint);
  EXPECT_TRUE(index.entry(slot) == entry);
  entry.cluster = ClusterId{3};
  entry.bands = 1;
  entry.first_published_us = entry.published_us;
  index.Replace(slot, entry);
  EXPECT_TRUE(index.entry(slot) == entry);
  EXPECT_EQ(index.exact_key(slot), fingerprint.exact_key);
}

TEST(MemoryIndexTest, ARemovedDocumentIsGoneAndItsSlotUsedAgain) {
  std::mt19937_64 random(8);
  MemoryIndex index;
  Fingerprint first = RandomFingerprint(random);
  first.sample = {1, 2};
  const Fingerprint second = RandomFingerprint(random);
  const Slot slot = index.Insert(NextEntry(kAllBands), first);
  index.AddSample(slot, first.sample);
  index.RemoveSample(slot, first.sample);
  index.Remove(slot);
  EXPECT_EQ(index.documents(), 0u);
  EXPECT_TRUE(LookUp(index, first).empty());
  EXPECT_EQ(index.Insert(NextEntry(kAllBands), second), slot);
  EXPECT_TRUE(LookUp(index, first).empty());
  EXPECT_EQ(LookUp(index, second).size(), 1u);
}

TEST(MemoryIndexTest, GrowthLosesNoPosting) {
  std::mt19937_64 random(9);
  MemoryIndex index;
  std::vector<Fingerprint> fingerprints;
  for (int i = 0; i < 6000; ++i) {
    fingerprints.push_back(RandomFingerprint(random));
    index.Insert(NextEntry(kAllBands), fingerprints.back());
  }
  for (Slot slot = 0; slot < fingerprints.size(); ++slot) {
    const std::vector<Hit> hits = LookUp(index, fingerprints[slot]);
    ASSERT_EQ(hits.size(), 1u);
    EXPECT_EQ(hits[0].slot, slot);
    EXPECT_EQ(hits[0].bands, kBands);
  }
  EXPECT_EQ(index.evicted_postings(), 0u);
  // The document, and postings of 4 bands and 2 keys in a table that is small yet.
  EXPECT_GT(index.memory().total() / fingerprints.size(), 160u + 6 * 9);
  EXPECT_LT(index.memory().total() / fingerprints.size(), 160u + 6 * 13 + 8);
}

TEST(MemoryIndexTest, ALookUpHidesNeitherCopiesNorIsFloodedByATemplate) {
  // 3,000 articles of one form share half of their bands; each has a copy among them.
  std::mt19937_64 random(10);
  MemoryIndex index;
  const Sketch form = RandomSketch(random);
  std::vector<Fingerprint> fingerprints;
  for (int i = 0; i < 3000; ++i) {
    Fingerprint fingerprint = RandomFingerprint(random);
    std::copy_n(form.bins.begin(), kBands / 2 * kRowsPerBand, fingerprint.sketch.bins.begin());
    index.Insert(NextEntry(kAllBands), fingerprint);
    fingerprints.push_back(fingerprint);
  }
  EXPECT_EQ(index.evicted_postings(), (3000u - kMaxPostingsPerKey) * kBands / 2);
  for (Slot slot = 0; slot < fingerprints.size(); slot += 100) {
    const std::vector<Hit> hits = LookUp(index, fingerprints[slot]);
    EXPECT_LE(hits.size(), 1u + kMaxPostingsPerKey);
    const auto own =
        std::find_if(hits.begin(), hits.end(), [slot](const Hit& hit) { return hit.slot == slot; });
    ASSERT_NE(own, hits.end());
    EXPECT_GE(own->bands, kBands / 2);
  }
}

TEST(MemoryIndexTest, DisplacedPostingsComeBackNewestFirst) {
  std::mt19937_64 random(11);
  MemoryIndex index;
  Fingerprint fingerprint = RandomFingerprint(random);
  for (uint64_t i = 0; i < 10; ++i) {
    fingerprint.exact_key = i;
    fingerprint.url_key = 0;
    index.Insert(NextEntry(1), fingerprint);
  }
  EXPECT_EQ(index.evicted_postings(), 2u);
  Fingerprint query = fingerprint;
  query.exact_key = 100;
  std::vector<Hit> hits = LookUp(index, query);
  ASSERT_EQ(hits.size(), size_t{kMaxPostingsPerKey});
  EXPECT_EQ(hits[0].slot, 2u);
  index.Remove(9);
  hits = LookUp(index, query);
  ASSERT_EQ(hits.size(), size_t{kMaxPostingsPerKey});
  EXPECT_EQ(hits[0].slot, 1u);
  index.Remove(0);  // displaced itself
  EXPECT_EQ(index.evicted_postings(), 0u);
  index.Remove(5);
  EXPECT_EQ(LookUp(index, query).size(), size_t{kMaxPostingsPerKey} - 1);
}

TEST(MemoryIndexTest, BandsPostedLateKeepTheirDocumentsAge) {
  std::mt19937_64 random(12);
  MemoryIndex index;
  Fingerprint fingerprint = RandomFingerprint(random);
  const Slot old = index.Insert(NextEntry(0), fingerprint);
  for (int i = 0; i < kMaxPostingsPerKey; ++i) index.Insert(NextEntry(1), fingerprint);
  index.AddBands(old, 1);
  EXPECT_EQ(index.bands(old), 1u);
  EXPECT_EQ(index.evicted_postings(), 1u);
  fingerprint.exact_key = 1;
  fingerprint.url_key = 0;
  EXPECT_EQ(LookUp(index, fingerprint)[0].slot, old + 1);
}

TEST(MemoryIndexTest, ExactAndUrlHoldersAreTheOldest) {
  std::mt19937_64 random(13);
  MemoryIndex index;
  const Fingerprint fingerprint = RandomFingerprint(random);
  for (int i = 0; i < 20; ++i) index.Insert(NextEntry(0), fingerprint);
  index.Remove(0);
  index.Remove(3);
  index.Insert(NextEntry(0), fingerprint);  // takes a freed slot, and is the newest
  const std::vector<Hit> hits = LookUp(index, fingerprint);
  ASSERT_EQ(hits.size(), kMaxKeyHits);
  const std::vector<Slot> expected = {1, 2, 4, 5, 6, 7, 8, 9};
  for (size_t i = 0; i < hits.size(); ++i) {
    EXPECT_EQ(hits[i].slot, expected[i]);
    EXPECT_TRUE(hits[i].exact && hits[i].same_url);
  }
}

TEST(MemoryIndexTest, OneSharedSampleIsEnoughForATextThatAsksForAll) {
  std::mt19937_64 random(15);
  MemoryIndex index;
  const Slot slot = index.Insert(NextEntry(0), RandomFingerprint(random));
  index.AddSample(slot, {1, 2, 3});
  Fingerprint query = RandomFingerprint(random);
  query.asked = {3, 4};
  query.asks_all = true;
  ASSERT_EQ(LookUp(index, query).size(), 1u);
  EXPECT_EQ(LookUp(index, query)[0].shared_sample, 1);
}

TEST(MemoryIndexTest, ASampledShingleInTooManyDocumentsIsPassedOverUntilTheyAreGone) {
  std::mt19937_64 random(14);
  MemoryIndex index;
  const std::vector<uint32_t> sample = {10, 20};
  for (size_t i = 0; i <= kMaxSamplePostings; ++i) {
    index.AddSample(index.Insert(NextEntry(0), RandomFingerprint(random)), sample);
  }
  Fingerprint query = RandomFingerprint(random);
  query.asked = sample;
  EXPECT_TRUE(LookUp(index, query).empty());
  index.RemoveSample(30, sample);
  index.Remove(30);
  EXPECT_EQ(LookUp(index, query).size(), kMaxSamplePostings);
  for (Slot slot = 0; slot <= kMaxSamplePostings; ++slot) {
    if (slot != 30) index.RemoveSample(slot, sample);
  }
  EXPECT_TRUE(LookUp(index, query).empty());
}

TEST(MemoryIndexTest, AMovedIndexKeepsItsDocuments) {
  std::mt19937_64 random(15);
  const Fingerprint fingerprint = RandomFingerprint(random);
  MemoryIndex index;
  index.Insert(NextEntry(kAllBands), fingerprint);
  MemoryIndex moved(std::move(index));
  EXPECT_EQ(LookUp(moved, fingerprint).size(), 1u);
  MemoryIndex assigned;
  assigned = std::move(moved);
  EXPECT_EQ(LookUp(assigned, fingerprint).size(), 1u);
}

}  // namespace
}  // namespace wonbon
