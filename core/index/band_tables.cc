#include "core/index/band_tables.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/container/inlined_vector.h"

namespace wonbon {
namespace {

constexpr double kGrowth = 1.25;
constexpr double kFirstLines = 4;

template <typename Function>
void ForEachBand(BandMask bands, Function function) {
  for (; bands != 0; bands &= bands - 1) function(__builtin_ctz(bands));
}

uint32_t BandHash(const Sketch& sketch, int band) { return MixKey(BandKey(sketch, band)); }

// The next of a band's sizes that has more than `lines` lines and a place for `postings`. The sizes
// of the bands lie between each other: kFirstLines * kGrowth^(step + band/kBands).
template <typename Table>
size_t NextLines(int band, size_t lines, size_t postings) {
  double next = kFirstLines * std::pow(kGrowth, static_cast<double>(band) / kBands);
  while (static_cast<size_t>(next) <= lines ||
         Table::MaxEntries(static_cast<size_t>(next)) < postings) {
    next *= kGrowth;
  }
  return static_cast<size_t>(next);
}

}  // namespace

BandTables::BandTables(IndexedDocuments* documents, size_t expected_documents)
    : documents_(documents) {
  tables_.reserve(kBands);
  for (int band = 0; band < kBands; ++band) {
    tables_.emplace_back(NextLines<Table>(band, 0, expected_documents));
  }
}

void BandTables::Post(Slot slot, BandMask bands) {
  bands &= kAllBands & ~documents_->posted(slot);
  documents_->posted(slot) |= bands;
  const Sketch& sketch = documents_->sketch(slot);
  ForEachBand(bands, [&](int band) { tables_[band].Prefetch(BandHash(sketch, band)); });
  ForEachBand(bands, [&](int band) { PostBand(band, slot); });
}

void BandTables::PostBand(int band, Slot slot) {
  const uint32_t key = BandKey(documents_->sketch(slot), band);
  std::array<Slot, kMaxPostingsPerKey> holders;
  int count = 0;
  tables_[band].ForEach(MixKey(key), [&](Slot other) {
    if (BandKey(documents_->sketch(other), band) == key) holders[count++] = other;
  });
  if (count < kMaxPostingsPerKey) return Add(band, slot);
  const Slot oldest = *std::min_element(holders.begin(), holders.end(), [this](Slot a, Slot b) {
    return documents_->order(a) < documents_->order(b);
  });
  // A document whose bands are posted late may itself be older than all that are there.
  if (documents_->order(slot) < documents_->order(oldest)) return Displace(band, slot);
  tables_[band].Replace(MixKey(key), oldest, slot);
  Displace(band, oldest);
}

void BandTables::Unpost(Slot slot) {
  const BandMask bands = documents_->posted(slot);
  const Sketch& sketch = documents_->sketch(slot);
  ForEachBand(bands, [&](int band) { tables_[band].Prefetch(BandHash(sketch, band)); });
  ForEachBand(bands, [&](int band) { UnpostBand(band, slot); });
  documents_->posted(slot) = 0;
  documents_->displaced(slot) = 0;
}

void BandTables::UnpostBand(int band, Slot slot) {
  Place place = PlaceOf(band, slot);
  if (documents_->displaced(slot) >> band & 1) {
    displaced_.erase(place);
    return;
  }
  tables_[band].Remove(MixKey(place.key), slot);
  // The newest of those displaced comes back.
  if (displaced_.empty()) return;
  place.order = std::numeric_limits<uint64_t>::max();
  auto it = displaced_.upper_bound(place);
  if (it == displaced_.begin()) return;
  --it;
  if (it->first.band != place.band || it->first.key != place.key) return;
  const Slot newest = it->second;
  displaced_.erase(it);
  documents_->displaced(newest) &= ~(BandMask{1} << band);
  Add(band, newest);
}

void BandTables::Add(int band, Slot slot) {
  Table& table = tables_[band];
  const auto hash_of = [this, band](uint16_t, Slot other) {
    return BandHash(documents_->sketch(other), band);
  };
  const auto prefetch = [this, band](uint16_t, Slot other) {
    __builtin_prefetch(&documents_->sketch(other).bins[band * kRowsPerBand]);
  };
  while (table.full() || !table.Add(hash_of(0, slot), slot)) {
    table.Grow(NextLines<Table>(band, table.lines(), table.size() + 1), hash_of, prefetch);
  }
}

void BandTables::Displace(int band, Slot slot) {
  displaced_.emplace(PlaceOf(band, slot), slot);
  documents_->displaced(slot) |= BandMask{1} << band;
}

void BandTables::Prefetch(const Sketch& sketch) const {
  for (int band = 0; band < kBands; ++band) tables_[band].Prefetch(BandHash(sketch, band));
}

void BandTables::Find(const Sketch& sketch, std::vector<Slot>* found) const {
  struct Candidate {
    int band;
    Slot slot;
  };
  // Tags are 16 bits: a candidate counts if its sketch really has the key. The sketches are far
  // apart in memory; all are on their way before the first is read.
  absl::InlinedVector<Candidate, kBands * kMaxPostingsPerKey> candidates;
  for (int band = 0; band < kBands; ++band) {
    tables_[band].ForEach(BandHash(sketch, band), [&](Slot slot) {
      __builtin_prefetch(&documents_->sketch(slot).bins[band * kRowsPerBand]);
      candidates.push_back({band, slot});
    });
  }
  for (const auto& [band, slot] : candidates) {
    if (BandKey(documents_->sketch(slot), band) == BandKey(sketch, band)) found->push_back(slot);
  }
}

size_t BandTables::MemoryBytes() const {
  size_t bytes = tables_.capacity() * sizeof(Table);
  for (const Table& table : tables_) bytes += table.MemoryBytes();
  // B-tree leaves are two thirds full or more.
  return bytes + displaced_.size() * sizeof(std::pair<const Place, Slot>) * 3 / 2;
}

}  // namespace wonbon
