#include "core/index/memory_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "core/index/limits.h"
#include "tests/core/index/random_fingerprints.h"

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
  EXPECT_LT(index.MemoryBytes(), 20u << 10);
}

TEST(MemoryIndexTest, ACopyIsFoundByEveryKey) {
  std::mt19937_64 random(2);
  MemoryIndex index;
  Fingerprint fingerprint = RandomFingerprint(random);
  fingerprint.sample = {3, 5, 8};
  fingerprint.asked = {3, 4, 5, 8};
  const Slot slot = index.Insert(fingerprint, kAllBands);
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
  const Slot slot = index.Insert(RandomFingerprint(random), 0);
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
  index.Insert(fingerprint, kAllBands);
  Fingerprint query = RandomFingerprint(random);
  query.url_key = 0;
  EXPECT_TRUE(LookUp(index, query).empty());
}

TEST(MemoryIndexTest, ShortDocumentsAreFoundByTextAndUrlOnly) {
  std::mt19937_64 random(5);
  MemoryIndex index;
  Fingerprint fingerprint = RandomFingerprint(random);
  fingerprint.shingles = 19;
  const Slot slot = index.Insert(fingerprint, kAllBands);
  index.AddBands(slot, kAllBands);
  EXPECT_EQ(index.bands(slot), 0u);
  EXPECT_EQ(index.SharedBands(slot, fingerprint.sketch), 0u);
  const std::vector<Hit> hits = LookUp(index, fingerprint);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_TRUE(hits[0].exact);
  EXPECT_EQ(hits[0].bands, 0);
}

TEST(MemoryIndexTest, OnlyPostedBandsAreFound) {
  std::mt19937_64 random(6);
  MemoryIndex index;
  Fingerprint fingerprint = RandomFingerprint(random);
  const Slot slot = index.Insert(fingerprint, 0b101);
  EXPECT_EQ(index.bands(slot), 0b101u);
  EXPECT_EQ(index.SharedBands(slot, fingerprint.sketch), kAllBands);
  EXPECT_EQ(LookUp(index, fingerprint)[0].bands, 2);
  index.AddBands(slot, 0b111);
  EXPECT_EQ(index.bands(slot), 0b111u);
  EXPECT_EQ(LookUp(index, fingerprint)[0].bands, 3);
}

TEST(MemoryIndexTest, SharedBandsComparesWholeKeys) {
  std::mt19937_64 random(7);
  MemoryIndex index;
  const Fingerprint fingerprint = RandomFingerprint(random);
  const Slot slot = index.Insert(fingerprint, kAllBands);
  Sketch other = fingerprint.sketch;
  other.bins[0] ^= 1;                // band 0
  other.bins[4 * 5 + 3] ^= 0x80;     // band 5
  other.bins[kSketchBins - 1] ^= 1;  // in no band
  EXPECT_EQ(index.SharedBands(slot, other), kAllBands & ~(1u | 1u << 5));
}

TEST(MemoryIndexTest, ARemovedDocumentIsGoneAndItsSlotUsedAgain) {
  std::mt19937_64 random(8);
  MemoryIndex index;
  Fingerprint first = RandomFingerprint(random);
  first.sample = {1, 2};
  const Fingerprint second = RandomFingerprint(random);
  const Slot slot = index.Insert(first, kAllBands);
  index.AddSample(slot, first.sample);
  index.RemoveSample(slot, first.sample);
  index.Remove(slot);
  EXPECT_EQ(index.documents(), 0u);
  EXPECT_TRUE(LookUp(index, first).empty());
  EXPECT_EQ(index.Insert(second, kAllBands), slot);
  EXPECT_TRUE(LookUp(index, first).empty());
  EXPECT_EQ(LookUp(index, second).size(), 1u);
}

TEST(MemoryIndexTest, GrowthLosesNoPosting) {
  std::mt19937_64 random(9);
  MemoryIndex index;
  std::vector<Fingerprint> fingerprints;
  for (int i = 0; i < 6000; ++i) {
    fingerprints.push_back(RandomFingerprint(random));
    index.Insert(fingerprints.back(), kAllBands);
  }
  for (Slot slot = 0; slot < fingerprints.size(); ++slot) {
    const std::vector<Hit> hits = LookUp(index, fingerprints[slot]);
    ASSERT_EQ(hits.size(), 1u);
    EXPECT_EQ(hits[0].slot, slot);
    EXPECT_EQ(hits[0].bands, kBands);
  }
  EXPECT_EQ(index.evicted_postings(), 0u);
  // 297 of the document, 24 postings of 8.5 to 10.7, twice 6 to 12 for the keys.
  EXPECT_GT(index.MemoryBytes() / fingerprints.size(), 297u + 24 * 8);
  EXPECT_LT(index.MemoryBytes() / fingerprints.size(), 297u + 24 * 12 + 40);
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
    index.Insert(fingerprint, kAllBands);
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
    index.Insert(fingerprint, 1);
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
  const Slot old = index.Insert(fingerprint, 0);
  for (int i = 0; i < kMaxPostingsPerKey; ++i) index.Insert(fingerprint, 1);
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
  for (int i = 0; i < 20; ++i) index.Insert(fingerprint, 0);
  index.Remove(0);
  index.Remove(3);
  index.Insert(fingerprint, 0);  // takes a freed slot, and is the newest
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
  const Slot slot = index.Insert(RandomFingerprint(random), 0);
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
    index.AddSample(index.Insert(RandomFingerprint(random), 0), sample);
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
  index.Insert(fingerprint, kAllBands);
  MemoryIndex moved(std::move(index));
  EXPECT_EQ(LookUp(moved, fingerprint).size(), 1u);
  MemoryIndex assigned;
  assigned = std::move(moved);
  EXPECT_EQ(LookUp(assigned, fingerprint).size(), 1u);
}

}  // namespace
}  // namespace wonbon
