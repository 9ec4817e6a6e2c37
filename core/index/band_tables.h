// sketch -> documents that share a band of it: postings by band and key.
//
// What is found is a pure function of the documents and their order, whatever was removed on the
// way and however the table has grown: of each key, the kMaxPostingsPerKey newest holders. Older
// ones are displaced: kept aside, and back as soon as a newer one is removed. So a flood of one
// template costs a look-up at most kMaxPostingsPerKey hits a band, and hides no copy for good.
//
// A displaced posting costs about 36 bytes, any other what PostingTable says.
//
// Not thread-safe for writing; const methods may run concurrently.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/inlined_vector.h"
#include "core/index/indexed_documents.h"
#include "core/index/limits.h"
#include "core/index/posting_table.h"

namespace wonbon {

class BandTables {
 public:
  // Both must outlive this. Which bands `documents` has posted and displaced is kept up to date
  // here; `postings` may hold others', too.
  BandTables(IndexedDocuments* documents, PostingTable* postings)
      : documents_(documents), postings_(postings) {}

  // Posts those of `bands` that are not yet. REQUIRES: not a short document.
  void Post(Slot slot, BandMask bands);
  // Takes back those of `bands` that are posted.
  void Unpost(Slot slot, BandMask bands);

  void Prefetch(const ShortSketch& sketch) const;
  // Appends the holders of each band key of the sketch; a document once for each band in common.
  void Find(const ShortSketch& sketch, std::vector<Slot>* found) const;

  size_t displaced() const { return displaced_.size(); }
  size_t MemoryBytes() const;

  // What is kept here, apart from the tables that it was made with.
  void Write(ImageWriter& image) const { image.SortedMap(displaced_); }
  void Read(ImageReader& image) { image.SortedMap(&displaced_); }

 private:
  using Holders = absl::InlinedVector<Slot, kMaxPostingsPerKey>;

  // Displaced postings, by key, oldest first.
  struct PostingKey {
    uint32_t band;
    uint32_t key;
    uint64_t order;
    auto operator<=>(const PostingKey&) const = default;
  };

  PostingKey PostingKeyOf(int band, Slot slot) const {
    return {static_cast<uint32_t>(band), documents_->sketch(slot).band_keys[band],
            documents_->order(slot)};
  }
  // Those whose postings are in the table.
  Holders HoldersOf(int band, uint32_t key) const;
  void PostBand(int band, Slot slot);
  void UnpostBand(int band, Slot slot);
  void SetDisplaced(int band, Slot slot, bool displaced);

  IndexedDocuments* const documents_;
  PostingTable* const postings_;
  absl::btree_map<PostingKey, Slot> displaced_;
};

}  // namespace wonbon
