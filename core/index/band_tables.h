// sketch -> documents that share a band of it: kBands tables of 64-byte lines, 10 postings each.
//
// What is found is a pure function of the documents and their order, whatever was removed on the
// way and however the tables have grown: of each key, the kMaxPostingsPerKey newest holders. Older
// ones are displaced: kept aside, and back as soon as a newer one is removed. So a flood of one
// template costs a look-up at most kMaxPostingsPerKey hits a band, and hides no copy for good.
//
// Memory: 6.4 bytes a place; tables grow by a quarter, to 60 to 75 % load: 8.5 to 10.7 bytes a
// posting, 205 to 256 a document with all bands posted. A displaced posting costs about 36. Each
// band grows at its own time, so that an insert waits for one band (about 35 ns a document: 35 ms
// at a million), never for all of them.
//
// Not thread-safe for writing; const methods may run concurrently.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/container/btree_map.h"
#include "core/index/indexed_documents.h"
#include "core/index/line_table.h"

namespace wonbon {

class BandTables {
 public:
  // `documents` must outlive the tables; its posted() and displaced() masks are kept up to date
  // here.
  BandTables(IndexedDocuments* documents, size_t expected_documents);

  // Posts those of `bands` that are not yet. REQUIRES: not a short document.
  void Post(Slot slot, BandMask bands);
  // Takes back those of `bands` that are posted.
  void Unpost(Slot slot, BandMask bands);

  void Prefetch(const Sketch& sketch) const;
  // Appends the holders of each band key of the sketch; a document once for each band in common.
  void Find(const Sketch& sketch, std::vector<Slot>* found) const;

  size_t displaced() const { return displaced_.size(); }
  size_t MemoryBytes() const;

 private:
  using Table = LineTable<uint16_t, 10>;

  // Displaced postings, by key, oldest first.
  struct PostingKey {
    uint32_t band;
    uint32_t key;
    uint64_t order;
    auto operator<=>(const PostingKey&) const = default;
  };

  PostingKey PostingKeyOf(int band, Slot slot) const {
    return {static_cast<uint32_t>(band), BandKey(documents_->sketch(slot), band),
            documents_->order(slot)};
  }
  void PostBand(int band, Slot slot);
  void UnpostBand(int band, Slot slot, bool displaced);
  // Both leave the masks to their caller, who marks a posting when it is in its table.
  void Add(int band, Slot slot);
  bool FillTable(int band, Table* table) const;
  void Displace(int band, Slot slot);

  IndexedDocuments* const documents_;
  std::vector<Table> tables_;  // kBands
  absl::btree_map<PostingKey, Slot> displaced_;
};

}  // namespace wonbon
