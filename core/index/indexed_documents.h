// What is kept of each document in memory, by slot: its entry, keys and short sketch, and which of
// its bands are posted. 160 bytes a document, in chunks, so that growth never copies anything, and
// a collection of ten articles costs no more than one chunk (40 KB). A removed document's slot is
// given to a later one.
//
// Not thread-safe for writing; const methods may run concurrently.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "core/image.h"
#include "core/index/memory_index.h"
#include "core/limits.h"
#include "core/record.h"
#include "core/sketch/fingerprint.h"

namespace wonbon {

class IndexedDocuments {
 public:
  Slot Add(const DocumentEntry& entry, const Fingerprint& fingerprint);
  // REQUIRES: a slot that Add returned and Remove has not taken back; nothing posted any more.
  void Remove(Slot slot);

  // As it was added or replaced; Fingerprint's keys and number of shingles stand in it.
  DocumentEntry entry(Slot slot) const;
  void Replace(Slot slot, const DocumentEntry& entry);

  const ShortSketch& sketch(Slot slot) const { return at(slot).sketch; }
  absl::uint128 exact_key(Slot slot) const {
    return absl::MakeUint128(at(slot).exact_key_high, at(slot).exact_key_low);
  }
  uint64_t url_key(Slot slot) const { return at(slot).url_key; }
  // The document's number: the order of insertion.
  uint64_t order(Slot slot) const { return at(slot).number; }
  bool is_short(Slot slot) const { return IsShortText(at(slot).shingles); }
  // It is the only member of the cluster of its own number, of which nothing else is to be told.
  bool is_alone(Slot slot) const { return at(slot).alone; }
  void SetAlone(Slot slot, bool alone) { at(slot).alone = alone; }

  // Bands posted, and those of them that newer documents have displaced. Both 0 for free slots.
  BandMask posted(Slot slot) const { return at(slot).posted; }
  BandMask displaced(Slot slot) const { return at(slot).displaced; }
  void SetPosted(Slot slot, BandMask bands) { at(slot).posted = bands & kAllBands; }
  void SetDisplaced(Slot slot, BandMask bands) { at(slot).displaced = bands & kAllBands; }

  size_t size() const { return slots_ - free_.size(); }
  size_t MemoryBytes() const;
  // Slots of documents, in the order of their numbers.
  std::vector<Slot> slots() const;

  // An image of the documents; becomes those of one. REQUIRES for Read: nothing was added.
  void Write(ImageWriter& image) const;
  void Read(ImageReader& image);

 private:
  static constexpr size_t kChunkSlots = 256;

  static_assert(kMaxSequence >> 48 == 0);
  struct Document {
    uint64_t exact_key_high;
    uint64_t exact_key_low;
    uint64_t url_key;
    uint64_t publisher_key;
    int64_t published_us;
    int64_t received_us;
    ShortSketch sketch;
    uint32_t headline_key;
    uint32_t shingles;
    uint64_t number : 48;
    uint64_t relation : 8;
    uint64_t version_mark : 8;
    uint64_t cluster : 48;
    uint64_t bands : 4;
    uint64_t posted : 4;
    uint64_t displaced : 4;
    uint64_t flags : 2;
    uint64_t founded : 1;
    uint64_t alone : 1;
    uint64_t sequence : 48;
    uint64_t revised : 1;  // first_published_us is in first_published_
    uint64_t unused : 15;  // 0, in images too
  };
  static_assert(sizeof(Document) == 160 && kBands == 4);

  Document& at(Slot slot) { return (*chunks_[slot / kChunkSlots])[slot % kChunkSlots]; }
  const Document& at(Slot slot) const { return (*chunks_[slot / kChunkSlots])[slot % kChunkSlots]; }

  std::vector<std::unique_ptr<std::array<Document, kChunkSlots>>> chunks_;
  // Of documents that were first published at another time than they are now.
  absl::flat_hash_map<Slot, int64_t> first_published_;
  size_t slots_ = 0;  // ever given out: [0, slots_)
  std::vector<Slot> free_;
};

}  // namespace wonbon
