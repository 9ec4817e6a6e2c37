#include "core/index/indexed_documents.h"

namespace wonbon {

Slot IndexedDocuments::Add(const Fingerprint& fingerprint) {
  Slot slot;
  if (free_.empty()) {
    slot = static_cast<Slot>(slots_++);
    if (slot / kChunkSlots == chunks_.size()) chunks_.push_back(std::make_unique<Chunk>());
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Chunk& c = chunk(slot);
  const size_t i = slot % kChunkSlots;
  c.sketches[i] = fingerprint.sketch;
  c.exact_keys[i] = fingerprint.exact_key;
  c.url_keys[i] = fingerprint.url_key;
  c.orders[i] = next_order_++;
  c.posted[i] = 0;
  c.displaced[i] = 0;
  c.is_short[i] = fingerprint.is_short();
  return slot;
}

void IndexedDocuments::Remove(Slot slot) { free_.push_back(slot); }

size_t IndexedDocuments::MemoryBytes() const {
  return chunks_.size() * sizeof(Chunk) + chunks_.capacity() * sizeof(chunks_[0]) +
         free_.capacity() * sizeof(Slot);
}

}  // namespace wonbon
