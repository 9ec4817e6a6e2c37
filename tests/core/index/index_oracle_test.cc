// MemoryIndex against the brute-force oracle, under random operations, and against an index built
// afresh from what is left.
#include "tests/oracle/index_oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/index/memory_index.h"
#include "tests/core/index/random_fingerprints.h"

namespace wonbon {
namespace {

using Hit = MemoryIndex::Hit;

std::string Show(const std::vector<Hit>& hits) {
  std::string text;
  for (const Hit& hit : hits) {
    text += std::to_string(hit.slot) + (hit.exact ? " exact" : "") + (hit.same_url ? " url" : "") +
            " bands " + std::to_string(hit.bands) + " sample " + std::to_string(hit.shared_sample) +
            "\n";
  }
  return text;
}

struct WalkParameters {
  uint32_t seed;
  uint32_t variety;    // different values of a band
  uint32_t documents;  // about so many at a time
  int steps;
};

class IndexWalkTest : public testing::TestWithParam<WalkParameters> {
 protected:
  void Step() {
    const std::vector<IndexOracle::Document>& documents = oracle_.documents();
    const bool insert =
        documents.empty() || Draw(random_, 2 * GetParam().documents) > documents.size();
    const uint32_t choice = Draw(random_, 10);
    if (choice < 6 && insert) return Insert();
    if (documents.empty()) return;
    const Slot slot = documents[Draw(random_, documents.size())].slot;
    if (choice < 6) return Remove(slot);
    if (choice < 8) return AddBands(slot);
    ToggleSample(slot);
  }

  void ExpectSameAnswers(const Fingerprint& query) {
    std::vector<Hit> hits;
    index_.LookUp(query, &hits);
    const auto by_number = [this](const Hit& a, const Hit& b) {
      return index_.number(a.slot) < index_.number(b.slot);
    };
    ASSERT_TRUE(std::is_sorted(hits.begin(), hits.end(), by_number));
    std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.slot < b.slot; });
    ASSERT_EQ(Show(hits), Show(oracle_.LookUp(query)));
  }

  std::mt19937_64 random_{GetParam().seed};
  MemoryIndex index_;
  IndexOracle oracle_;

 private:
  void Insert() {
    const Fingerprint fingerprint = CrowdedFingerprint(random_, GetParam().variety);
    const BandMask bands = random_() & kAllBands;
    const Slot slot = index_.Insert(NextEntry(bands), fingerprint);
    oracle_.Insert(slot, fingerprint, bands);
    if (Draw(random_, 2) == 0) {
      index_.AddSample(slot, fingerprint.sample);
      oracle_.AddSample(slot, fingerprint.sample);
    }
  }
  void Remove(Slot slot) {
    const auto& document = Find(slot);
    if (!document.sample.empty()) index_.RemoveSample(slot, document.fingerprint.sample);
    index_.Remove(slot);
    oracle_.Remove(slot);
  }
  void AddBands(Slot slot) {
    const BandMask bands = random_() & random_() & kAllBands;
    index_.AddBands(slot, bands);
    oracle_.AddBands(slot, bands);
    ASSERT_EQ(index_.bands(slot), Find(slot).bands);
  }
  void ToggleSample(Slot slot) {
    const auto& document = Find(slot);
    if (document.sample.empty()) {
      index_.AddSample(slot, document.fingerprint.sample);
      oracle_.AddSample(slot, document.fingerprint.sample);
    } else {
      index_.RemoveSample(slot, document.fingerprint.sample);
      oracle_.RemoveSample(slot);
    }
  }
  const IndexOracle::Document& Find(Slot slot) {
    return *std::find_if(oracle_.documents().begin(), oracle_.documents().end(),
                         [slot](const auto& document) { return document.slot == slot; });
  }
};

TEST_P(IndexWalkTest, AnswersAreThoseOfTheOracle) {
  for (int step = 0; step < GetParam().steps; ++step) {
    Step();
    if (step % 16 != 0) continue;
    ASSERT_EQ(index_.documents(), oracle_.documents().size());
    ExpectSameAnswers(CrowdedFingerprint(random_, GetParam().variety));
    if (oracle_.documents().empty()) continue;
    const size_t pick = Draw(random_, oracle_.documents().size());
    ExpectSameAnswers(oracle_.documents()[pick].fingerprint);
    if (HasFatalFailure()) return;
  }
  while (!oracle_.documents().empty()) {
    const IndexOracle::Document& document = oracle_.documents().front();
    if (!document.sample.empty()) {
      index_.RemoveSample(document.slot, document.fingerprint.sample);
    }
    index_.Remove(document.slot);
    oracle_.Remove(document.slot);
  }
  EXPECT_EQ(index_.documents(), 0u);
  EXPECT_EQ(index_.evicted_postings(), 0u);
  ExpectSameAnswers(CrowdedFingerprint(random_, GetParam().variety));
}

TEST_P(IndexWalkTest, AnIndexBuiltAfreshFromWhatIsLeftAnswersAlike) {
  for (int step = 0; step < GetParam().steps; ++step) Step();
  MemoryIndex fresh;
  std::map<Slot, Slot> slot_here;  // by the slot in the fresh index
  for (const IndexOracle::Document& document : oracle_.documents()) {
    const Slot slot = fresh.Insert(NextEntry(document.bands), document.fingerprint);
    slot_here[slot] = document.slot;
    if (!document.sample.empty()) fresh.AddSample(slot, document.fingerprint.sample);
  }
  EXPECT_EQ(fresh.evicted_postings(), index_.evicted_postings());
  for (int i = 0; i < 100; ++i) {
    const Fingerprint query = CrowdedFingerprint(random_, GetParam().variety);
    std::vector<Hit> here, there;
    index_.LookUp(query, &here);
    fresh.LookUp(query, &there);
    for (Hit& hit : there) hit.slot = slot_here.at(hit.slot);
    ASSERT_EQ(Show(here), Show(there));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Seeded, IndexWalkTest,
    testing::Values(WalkParameters{1, 3, 30, 3000},      // nearly everything shared
                    WalkParameters{2, 1, 200, 2000},     // a template flood: one key a band
                    WalkParameters{3, 20, 200, 3000},    // limits reached now and then
                    WalkParameters{4, 200, 600, 3000}),  // mostly apart
    [](const auto& test) { return "Seed" + std::to_string(test.param.seed); });

}  // namespace
}  // namespace wonbon
