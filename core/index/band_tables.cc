#include "core/index/band_tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "core/index/limits.h"

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
  const Sketch& sketch = documents_->sketch(slot);
  ForEachBand(bands, [&](int band) { tables_[band].Prefetch(BandHash(sketch, band)); });
  ForEachBand(bands, [&](int band) {
    PostBand(band, slot);
    documents_->posted(slot) |= BandMask{1} << band;
  });
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

void BandTables::Unpost(Slot slot, BandMask bands) {
  bands &= documents_->posted(slot);
  const Sketch& sketch = documents_->sketch(slot);
  ForEachBand(bands, [&](int band) { tables_[band].Prefetch(BandHash(sketch, band)); });
  // First of all: a band that grows to take a displaced posting back must not find this document.
  const BandMask displaced = documents_->displaced(slot);
  documents_->posted(slot) &= ~bands;
  documents_->displaced(slot) &= ~bands;
  ForEachBand(bands, [&](int band) { UnpostBand(band, slot, displaced >> band & 1); });
}

void BandTables::UnpostBand(int band, Slot slot, bool displaced) {
  PostingKey wanted = PostingKeyOf(band, slot);
  if (displaced) {
    displaced_.erase(wanted);
    return;
  }
  tables_[band].Remove(MixKey(wanted.key), slot);
  // The newest of those displaced comes back.
  if (displaced_.empty()) return;
  wanted.order = std::numeric_limits<uint64_t>::max();
  auto it = displaced_.upper_bound(wanted);
  if (it == displaced_.begin()) return;
  --it;
  if (it->first.band != wanted.band || it->first.key != wanted.key) return;
  const Slot newest = it->second;
  displaced_.erase(it);
  Add(band, newest);
  documents_->displaced(newest) &= ~(BandMask{1} << band);
}

void BandTables::Add(int band, Slot slot) {
  const uint32_t hash = BandHash(documents_->sketch(slot), band);
  Table& table = tables_[band];
  for (size_t lines = table.lines(); table.full() || !table.Add(hash, slot);) {
    lines = NextLines<Table>(band, lines, table.size() + 1);
    Table grown(lines);
    if (FillTable(band, &grown)) table = std::move(grown);
  }
}

// By slot, not by old line: sketches are then read in the order of memory, and the scattered side,
// the new lines, lies on huge pages and is prefetched.
bool BandTables::FillTable(int band, Table* table) const {
  constexpr size_t kAhead = 16;
  std::array<std::pair<uint32_t, Slot>, kAhead> pending;  // hash, slot; their lines on the way
  size_t found = 0;
  for (Slot slot = 0; slot < documents_->end(); ++slot) {
    const BandMask in_table = documents_->posted(slot) & ~documents_->displaced(slot);
    if ((in_table >> band & 1) == 0) continue;
    auto& [hash, earlier_slot] = pending[found % kAhead];
    if (found >= kAhead && !table->Add(hash, earlier_slot)) return false;
    hash = BandHash(documents_->sketch(slot), band);
    earlier_slot = slot;
    table->Prefetch(hash);
    ++found;
  }
  for (size_t i = found - std::min(found, kAhead); i < found; ++i) {
    if (!table->Add(pending[i % kAhead].first, pending[i % kAhead].second)) return false;
  }
  return true;
}

void BandTables::Displace(int band, Slot slot) {
  displaced_.emplace(PostingKeyOf(band, slot), slot);
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
  return bytes + displaced_.size() * sizeof(std::pair<const PostingKey, Slot>) * 3 / 2;
}

}  // namespace wonbon
