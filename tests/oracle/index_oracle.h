// What MemoryIndex must answer, found the slow and obvious way: a list of documents in the order of
// their insertion, walked from end to end by every look-up. Test-only.
#pragma once

#include <set>
#include <vector>

#include "absl/types/span.h"
#include "core/index/memory_index.h"

namespace wonbon {

class IndexOracle {
 public:
  // `slot` is what MemoryIndex::Insert returned for the same document.
  void Insert(Slot slot, const Fingerprint& fingerprint, BandMask bands);
  void Remove(Slot slot);
  void AddBands(Slot slot, BandMask bands);
  void AddSample(Slot slot, absl::Span<const uint32_t> sample);
  void RemoveSample(Slot slot);

  std::vector<MemoryIndex::Hit> LookUp(const Fingerprint& fingerprint) const;

  struct Document {
    Slot slot;
    Fingerprint fingerprint;
    BandMask bands;
    std::set<uint32_t> sample;
  };
  // Oldest first.
  const std::vector<Document>& documents() const { return documents_; }

 private:
  Document& Find(Slot slot);
  std::vector<Document> documents_;
};

}  // namespace wonbon
