#include "core/index/indexed_documents.h"

#include <algorithm>

#include "core/check.h"
#include "core/limits.h"

namespace wonbon {
namespace {

template <typename Number>
uint64_t Pack(Number number) {
  WONBON_CHECK(static_cast<uint64_t>(number) <= kMaxSequence);
  return static_cast<uint64_t>(number);
}

}  // namespace

Slot IndexedDocuments::Add(const DocumentEntry& entry, const Fingerprint& fingerprint) {
  Slot slot;
  if (free_.empty()) {
    slot = static_cast<Slot>(slots_++);
    if (slot / kChunkSlots == chunks_.size()) {
      chunks_.push_back(std::make_unique<std::array<Document, kChunkSlots>>());
    }
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Document& document = at(slot);
  document = {.exact_key_high = absl::Uint128High64(fingerprint.exact_key),
              .exact_key_low = absl::Uint128Low64(fingerprint.exact_key),
              .url_key = fingerprint.url_key,
              .sketch = ShortSketch(fingerprint.sketch),
              .shingles = fingerprint.shingles};
  Replace(slot, entry);
  return slot;
}

void IndexedDocuments::Replace(Slot slot, const DocumentEntry& entry) {
  Document& document = at(slot);
  document.publisher_key = entry.publisher_key;
  document.published_us = entry.published_us;
  document.received_us = entry.received_us;
  document.headline_key = entry.headline_key;
  document.number = Pack(entry.number);
  document.relation = static_cast<uint8_t>(entry.relation);
  document.version_mark = entry.version_mark;
  document.cluster = Pack(entry.cluster);
  document.bands = entry.bands & kAllBands;
  document.flags = entry.flags & 3;
  document.founded = entry.founded;
  document.sequence = Pack(entry.sequence);
  if (entry.first_published_us != entry.published_us) {
    document.revised = 1;
    first_published_[slot] = entry.first_published_us;
  } else if (document.revised) {
    document.revised = 0;
    first_published_.erase(slot);
  }
}

DocumentEntry IndexedDocuments::entry(Slot slot) const {
  const Document& document = at(slot);
  return {.number = static_cast<DocumentNumber>(document.number),
          .headline_key = document.headline_key,
          .cluster = static_cast<ClusterId>(document.cluster),
          .sequence = document.sequence,
          .relation = static_cast<Relation>(document.relation),
          .flags = static_cast<uint8_t>(document.flags),
          .founded = document.founded != 0,
          .version_mark = static_cast<uint8_t>(document.version_mark),
          .bands = static_cast<BandMask>(document.bands),
          .shingles = document.shingles,
          .published_us = document.published_us,
          .first_published_us =
              document.revised ? first_published_.at(slot) : document.published_us,
          .received_us = document.received_us,
          .url_key = document.url_key,
          .publisher_key = document.publisher_key};
}

void IndexedDocuments::Remove(Slot slot) {
  if (at(slot).revised) first_published_.erase(slot);
  at(slot) = {};
  free_.push_back(slot);
}

size_t IndexedDocuments::MemoryBytes() const {
  return chunks_.size() * sizeof(*chunks_[0]) + chunks_.capacity() * sizeof(chunks_[0]) +
         free_.capacity() * sizeof(Slot) +
         first_published_.capacity() * (sizeof(std::pair<Slot, int64_t>) + 1);
}

std::vector<Slot> IndexedDocuments::slots() const {
  std::vector<bool> is_free(slots_);
  for (const Slot slot : free_) is_free[slot] = true;
  std::vector<Slot> slots;
  slots.reserve(size());
  for (size_t slot = 0; slot < slots_; ++slot) {
    if (!is_free[slot]) slots.push_back(static_cast<Slot>(slot));
  }
  const auto in_order = [this](Slot a, Slot b) { return order(a) < order(b); };
  if (!std::is_sorted(slots.begin(), slots.end(), in_order)) {
    std::sort(slots.begin(), slots.end(), in_order);
  }
  return slots;
}

void IndexedDocuments::Write(ImageWriter& image) const {
  image.Value(uint64_t{slots_});
  for (const auto& chunk : chunks_) image.Raw(chunk->data(), sizeof *chunk);
  image.SortedMap(first_published_);
  image.List(free_);
}

void IndexedDocuments::Read(ImageReader& image) {
  slots_ = image.Count(sizeof(Document));
  for (size_t slot = 0; slot < slots_; slot += kChunkSlots) {
    chunks_.push_back(std::make_unique<std::array<Document, kChunkSlots>>());
    image.Raw(chunks_.back()->data(), sizeof *chunks_.back());
  }
  image.SortedMap(&first_published_);
  free_ = image.List<Slot>();
  for (const Slot slot : free_) {
    if (slot >= slots_) return image.Fail();
  }
}

}  // namespace wonbon
