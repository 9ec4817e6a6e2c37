// sketch -> candidates, in memory: exact-copy table, url table, LSH band tables, containment
// postings. One MemoryIndex serves one collection.
//
// Thread safety: const methods may run concurrently with each other, not with the others; the owner
// locks.
//
// Determinism: what LookUp finds depends only on the documents that are in the index (with their
// bands and samples) and the order of their numbers: not on what was removed, not on when bands
// were posted, not on the sizes of tables. An index rebuilt in that order answers alike, except
// that slots differ.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/types/span.h"
#include "core/image.h"
#include "core/record.h"
#include "core/sketch/fingerprint.h"

namespace wonbon {

// A document's place in the index: dense, reused after Remove.
using Slot = uint32_t;
// Bit b: the document's key of band b is posted.
using BandMask = uint32_t;
inline constexpr BandMask kAllBands = (1u << kBands) - 1;
// Sampled shingles that must be shared before a document is a containment candidate. One is enough
// for a text that asks for all it has: of a sentence in common no more may be posted.
inline constexpr int kMinSharedSample = 2;
inline int MinSharedSample(const Fingerprint& asking) {
  return asking.asks_all ? 1 : kMinSharedSample;
}

// The bands whose keys two sketches share. Meaningless for the sketch of a short document.
BandMask SharedBands(const ShortSketch& a, const ShortSketch& b);

class MemoryIndex {
 public:
  struct Hit {
    Slot slot;
    bool exact = false;          // same exact_key
    bool same_url = false;       // same url_key
    uint16_t bands = 0;          // band keys in common
    uint16_t shared_sample = 0;  // sampled shingles in common, if >= MinSharedSample, else 0
  };

  MemoryIndex();
  ~MemoryIndex();
  MemoryIndex(MemoryIndex&&) noexcept;
  MemoryIndex& operator=(MemoryIndex&&) noexcept;

  // Adds a document: exact key, url key, sketch, and the band keys of entry.bands. Short documents
  // have no bands whatever it says. REQUIRES: documents come in the order of their numbers.
  Slot Insert(const DocumentEntry& entry, const Fingerprint& fingerprint);
  // Takes a document out of every table but the containment postings (RemoveSample first).
  void Remove(Slot slot);
  // The two halves of Remove. A withdrawn document is not found any more, but keeps its slot,
  // sketch and order: Restore, with the bands that Withdraw returned, leaves what was there.
  BandMask Withdraw(Slot slot);
  void Restore(Slot slot, BandMask bands);
  void Free(Slot slot);
  // Posts further bands of a document, and takes back some.
  void AddBands(Slot slot, BandMask bands);
  void RemoveBands(Slot slot, BandMask bands);

  // What a look-up would say of `slot`, its sample apart, if these bands were posted.
  Hit Compare(Slot slot, const Fingerprint& fingerprint, BandMask bands) const;

  // The document as it was inserted or replaced last; which collection it is of is not kept.
  DocumentEntry entry(Slot slot) const;
  // The same document, but with another cluster, sequence, or bands; posts nothing.
  void Replace(Slot slot, const DocumentEntry& entry);
  DocumentNumber number(Slot slot) const;
  // A mark that the owner sets; false of a document that was inserted.
  bool is_alone(Slot slot) const;
  void SetAlone(Slot slot, bool alone);
  BandMask bands(Slot slot) const;  // those posted for it
  const ShortSketch& sketch(Slot slot) const;
  absl::uint128 exact_key(Slot slot) const;

  // Containment postings: canonical copies only. The caller gives the same sample to both.
  void AddSample(Slot slot, absl::Span<const uint32_t> sample);
  void RemoveSample(Slot slot, absl::Span<const uint32_t> sample);

  // All hits, one per slot, ascending by number. Bounded by kBands * kMaxPostingsPerKey band hits,
  // kMaxSamplePostings a sampled shingle, and kMaxKeyHits holders of the exact and of the url key.
  void LookUp(const Fingerprint& fingerprint, std::vector<Hit>* hits) const;

  size_t documents() const;
  // Slots of documents, in the order of their numbers.
  std::vector<Slot> slots() const;
  // By what takes it.
  struct Memory {
    size_t documents = 0;  // entries, keys, sketches
    size_t keys = 0;       // postings of bands and keys
    size_t samples = 0;    // containment postings
    size_t total() const { return documents + keys + samples; }
  };
  Memory memory() const;
  // Postings that are out of sight now, behind kMaxPostingsPerKey newer ones of the same key: large
  // when a template floods the collection.
  uint64_t evicted_postings() const;

  // An image of the index; becomes the index of one. REQUIRES for Read: nothing was inserted.
  void Write(ImageWriter& image) const;
  void Read(ImageReader& image);

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace wonbon
