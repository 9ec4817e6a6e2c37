// sampled shingle -> canonical copies that contain it (containment postings).
//
// A key with up to kInlinePostings holders has its postings in a PostingTable; one with more has a
// set of its own.
//
// Keys held by more than kMaxSamplePostings documents are passed over by look-ups, but their
// holders are kept: when enough of them are gone, the others count again. So what is found depends
// on the documents alone. Adding or removing a posting takes constant time, however many hold the
// key.
//
// Not thread-safe for writing; const methods may run concurrently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "core/index/memory_index.h"
#include "core/index/posting_table.h"

namespace wonbon {

class SampleTable {
 public:
  // Samples are distinct values; Remove takes what Add was given.
  void Add(Slot slot, absl::Span<const uint32_t> sample);
  void Remove(Slot slot, absl::Span<const uint32_t> sample);

  void Prefetch(absl::Span<const uint32_t> sample) const;
  // Appends the holders of each value; a document once for each value in common.
  void Find(absl::Span<const uint32_t> sample, std::vector<Slot>* found) const;

  size_t MemoryBytes() const;

  // PostingTable::Write and Read.
  void Write(ImageWriter& image) const;
  void Read(ImageReader& image);

 private:
  static constexpr int kInlinePostings = 4;
  // In place of a slot: the key's holders are in crowded_. No document ever has this slot.
  static constexpr Slot kCrowded = ~Slot{0};

  void AddPosting(uint32_t hash, Slot slot);
  void RemovePosting(uint32_t hash, Slot slot);

  // By MixKey(value), a bijection: postings are of the value itself.
  PostingTable table_;
  absl::flat_hash_map<uint32_t, absl::flat_hash_set<Slot>> crowded_;
  size_t crowded_bytes_ = 0;  // of the sets
};

}  // namespace wonbon
