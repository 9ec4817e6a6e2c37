#include "core/index/memory_index.h"

#include <algorithm>
#include <bit>

#include "core/index/band_tables.h"
#include "core/index/indexed_documents.h"
#include "core/index/key_table.h"
#include "core/index/limits.h"
#include "core/index/sample_table.h"

namespace wonbon {

namespace {

// Calls visit(slot, how often it was found) for each slot, ascending. Sorts `found`.
template <typename Visitor>
void ForEachCounted(std::vector<Slot>* found, Visitor visit) {
  std::sort(found->begin(), found->end());
  for (size_t i = 0, end; i < found->size(); i = end) {
    for (end = i + 1; end < found->size() && (*found)[end] == (*found)[i];) ++end;
    visit((*found)[i], static_cast<uint16_t>(end - i));
  }
}

// Makes one hit of all hits of a slot, and sorts them by number.
void MergeBySlot(const IndexedDocuments& documents, std::vector<MemoryIndex::Hit>* hits) {
  using Hit = MemoryIndex::Hit;
  // Which slot a document was given depends on which were free, and so on restarts and on writes
  // that failed: answers go by the order of the documents.
  std::sort(hits->begin(), hits->end(), [&documents](const Hit& a, const Hit& b) {
    return documents.order(a.slot) < documents.order(b.slot);
  });
  size_t size = 0;
  for (const Hit& hit : *hits) {
    if (size == 0 || (*hits)[size - 1].slot != hit.slot) {
      (*hits)[size++] = hit;
      continue;
    }
    Hit& merged = (*hits)[size - 1];
    merged.exact |= hit.exact;
    merged.same_url |= hit.same_url;
    merged.bands += hit.bands;
    merged.shared_sample += hit.shared_sample;
  }
  hits->resize(size);
}

}  // namespace

struct MemoryIndex::Tables {
  Tables()
      : bands(&documents, &keys), by_exact(&documents, &keys), by_url(&documents, &keys) {}

  IndexedDocuments documents;
  PostingTable keys;  // of bands, texts and urls
  BandTables bands;
  ExactKeyTable by_exact;
  UrlKeyTable by_url;  // documents that have a url
  SampleTable samples;
};

BandMask SharedBands(const ShortSketch& a, const ShortSketch& b) {
  BandMask shared = 0;
  for (int band = 0; band < kBands; ++band) {
    shared |= BandMask{a.band_keys[band] == b.band_keys[band]} << band;
  }
  return shared;
}

MemoryIndex::MemoryIndex() : tables_(std::make_unique<Tables>()) {}
MemoryIndex::~MemoryIndex() = default;
MemoryIndex::MemoryIndex(MemoryIndex&&) noexcept = default;
MemoryIndex& MemoryIndex::operator=(MemoryIndex&&) noexcept = default;

Slot MemoryIndex::Insert(const DocumentEntry& entry, const Fingerprint& fingerprint) {
  const Slot slot = tables_->documents.Add(entry, fingerprint);
  Restore(slot, entry.bands);
  return slot;
}

void MemoryIndex::Remove(Slot slot) {
  Withdraw(slot);
  Free(slot);
}

BandMask MemoryIndex::Withdraw(Slot slot) {
  const BandMask posted = bands(slot);
  tables_->bands.Unpost(slot, posted);
  tables_->by_exact.Remove(slot);
  if (tables_->documents.url_key(slot) != 0) tables_->by_url.Remove(slot);
  return posted;
}

void MemoryIndex::Restore(Slot slot, BandMask bands) {
  tables_->by_exact.Add(slot);
  if (tables_->documents.url_key(slot) != 0) tables_->by_url.Add(slot);
  AddBands(slot, bands);
}

void MemoryIndex::Free(Slot slot) { tables_->documents.Remove(slot); }

void MemoryIndex::AddBands(Slot slot, BandMask bands) {
  if (!tables_->documents.is_short(slot)) tables_->bands.Post(slot, bands);
}

void MemoryIndex::RemoveBands(Slot slot, BandMask bands) { tables_->bands.Unpost(slot, bands); }

MemoryIndex::Hit MemoryIndex::Compare(Slot slot, const Fingerprint& fingerprint,
                                      BandMask bands) const {
  const IndexedDocuments& documents = tables_->documents;
  Hit hit{.slot = slot, .exact = documents.exact_key(slot) == fingerprint.exact_key};
  hit.same_url = fingerprint.url_key != 0 && documents.url_key(slot) == fingerprint.url_key;
  if (fingerprint.is_short()) return hit;
  if (documents.is_short(slot)) return hit;
  const BandMask shared =
      SharedBands(documents.sketch(slot), ShortSketch(fingerprint.sketch)) & bands;
  hit.bands = static_cast<uint16_t>(std::popcount(shared));
  return hit;
}

DocumentEntry MemoryIndex::entry(Slot slot) const { return tables_->documents.entry(slot); }

void MemoryIndex::Replace(Slot slot, const DocumentEntry& entry) {
  tables_->documents.Replace(slot, entry);
}

DocumentNumber MemoryIndex::number(Slot slot) const {
  return static_cast<DocumentNumber>(tables_->documents.order(slot));
}

bool MemoryIndex::is_alone(Slot slot) const { return tables_->documents.is_alone(slot); }

void MemoryIndex::SetAlone(Slot slot, bool alone) { tables_->documents.SetAlone(slot, alone); }

BandMask MemoryIndex::bands(Slot slot) const { return tables_->documents.posted(slot); }

const ShortSketch& MemoryIndex::sketch(Slot slot) const { return tables_->documents.sketch(slot); }

absl::uint128 MemoryIndex::exact_key(Slot slot) const {
  return tables_->documents.exact_key(slot);
}

void MemoryIndex::AddSample(Slot slot, absl::Span<const uint32_t> sample) {
  tables_->samples.Add(slot, sample);
}

void MemoryIndex::RemoveSample(Slot slot, absl::Span<const uint32_t> sample) {
  tables_->samples.Remove(slot, sample);
}

void MemoryIndex::LookUp(const Fingerprint& fingerprint, std::vector<Hit>* hits) const {
  hits->clear();
  tables_->by_exact.Prefetch(fingerprint.exact_key);
  tables_->by_url.Prefetch(fingerprint.url_key);
  if (!fingerprint.is_short()) {
    const ShortSketch sketch(fingerprint.sketch);
    tables_->bands.Prefetch(sketch);
    tables_->samples.Prefetch(fingerprint.asked);
    std::vector<Slot> found;
    found.reserve(kBands * kMaxPostingsPerKey);
    tables_->bands.Find(sketch, &found);
    ForEachCounted(&found, [hits](Slot slot, uint16_t count) {
      hits->push_back({.slot = slot, .bands = count});
    });
    found.clear();
    tables_->samples.Find(fingerprint.asked, &found);
    const int min_shared = MinSharedSample(fingerprint);
    ForEachCounted(&found, [hits, min_shared](Slot slot, uint16_t count) {
      if (count >= min_shared) hits->push_back({.slot = slot, .shared_sample = count});
    });
  }
  tables_->by_exact.ForEach(fingerprint.exact_key, kMaxKeyHits,
                           [&](Slot slot) { hits->push_back({.slot = slot, .exact = true}); });
  if (fingerprint.url_key != 0) {
    tables_->by_url.ForEach(fingerprint.url_key, kMaxKeyHits,
                            [&](Slot slot) { hits->push_back({.slot = slot, .same_url = true}); });
  }
  MergeBySlot(tables_->documents, hits);
}

size_t MemoryIndex::documents() const { return tables_->documents.size(); }

MemoryIndex::Memory MemoryIndex::memory() const {
  return {.documents = sizeof(Tables) + tables_->documents.MemoryBytes(),
          .keys = tables_->keys.MemoryBytes() + tables_->bands.MemoryBytes() +
                  tables_->by_exact.MemoryBytes() + tables_->by_url.MemoryBytes(),
          .samples = tables_->samples.MemoryBytes()};
}

uint64_t MemoryIndex::evicted_postings() const { return tables_->bands.displaced(); }

std::vector<Slot> MemoryIndex::slots() const { return tables_->documents.slots(); }

void MemoryIndex::Write(ImageWriter& image) const {
  tables_->documents.Write(image);
  tables_->keys.Write(image);
  tables_->bands.Write(image);
  tables_->by_exact.Write(image);
  tables_->by_url.Write(image);
  tables_->samples.Write(image);
}

void MemoryIndex::Read(ImageReader& image) {
  tables_->documents.Read(image);
  tables_->keys.Read(image);
  tables_->bands.Read(image);
  tables_->by_exact.Read(image);
  tables_->by_url.Read(image);
  tables_->samples.Read(image);
}

}  // namespace wonbon
