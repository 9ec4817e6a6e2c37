// What the index keeps of each document, by slot: sketch, keys, order of insertion, bands posted.
//
// 297 bytes a document, in chunks, so that growth never copies a gigabyte and a collection of ten
// articles costs no more than one chunk (76 KB). A removed document's slot is given to a later one.
//
// Not thread-safe for writing; const methods may run concurrently.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/numeric/int128.h"
#include "core/index/memory_index.h"
#include "core/sketch/fingerprint.h"

namespace wonbon {

// The 32-bit key of a band: its four bins, the first one lowest.
inline uint32_t BandKey(const Sketch& sketch, int band) {
  static_assert(kRowsPerBand == 4 && kBands * kRowsPerBand <= kSketchBins);
  const uint8_t* bins = &sketch.bins[band * kRowsPerBand];
  return uint32_t{bins[0]} | uint32_t{bins[1]} << 8 | uint32_t{bins[2]} << 16 |
         uint32_t{bins[3]} << 24;
}

class IndexedDocuments {
 public:
  Slot Add(const Fingerprint& fingerprint);
  // REQUIRES: a slot that Add returned and Remove has not taken back; nothing posted any more.
  void Remove(Slot slot);

  const Sketch& sketch(Slot slot) const { return chunk(slot).sketches[slot % kChunkSlots]; }
  absl::uint128 exact_key(Slot slot) const { return chunk(slot).exact_keys[slot % kChunkSlots]; }
  uint64_t url_key(Slot slot) const { return chunk(slot).url_keys[slot % kChunkSlots]; }
  // Grows with every Add, never repeats: the order of insertion.
  uint64_t order(Slot slot) const { return chunk(slot).orders[slot % kChunkSlots]; }
  // Bands posted, and those of them that newer documents have displaced. Both 0 for free slots.
  BandMask& posted(Slot slot) { return chunk(slot).posted[slot % kChunkSlots]; }
  BandMask posted(Slot slot) const { return chunk(slot).posted[slot % kChunkSlots]; }
  BandMask& displaced(Slot slot) { return chunk(slot).displaced[slot % kChunkSlots]; }
  BandMask displaced(Slot slot) const { return chunk(slot).displaced[slot % kChunkSlots]; }
  bool is_short(Slot slot) const { return chunk(slot).is_short[slot % kChunkSlots] != 0; }

  // Slots are below this number.
  Slot end() const { return static_cast<Slot>(slots_); }
  size_t size() const { return slots_ - free_.size(); }
  size_t MemoryBytes() const;

 private:
  static constexpr size_t kChunkSlots = 256;

  struct Chunk {
    std::array<Sketch, kChunkSlots> sketches;
    std::array<absl::uint128, kChunkSlots> exact_keys;
    std::array<uint64_t, kChunkSlots> url_keys;
    std::array<uint64_t, kChunkSlots> orders;
    std::array<BandMask, kChunkSlots> posted;
    std::array<BandMask, kChunkSlots> displaced;
    std::array<uint8_t, kChunkSlots> is_short;
  };
  static_assert(sizeof(Chunk) == kChunkSlots * (256 + 16 + 8 + 8 + 4 + 4 + 1));

  Chunk& chunk(Slot slot) { return *chunks_[slot / kChunkSlots]; }
  const Chunk& chunk(Slot slot) const { return *chunks_[slot / kChunkSlots]; }

  std::vector<std::unique_ptr<Chunk>> chunks_;
  size_t slots_ = 0;  // ever given out: [0, slots_)
  std::vector<Slot> free_;
  uint64_t next_order_ = 0;
};

}  // namespace wonbon
