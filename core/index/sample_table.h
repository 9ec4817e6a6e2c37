// sampled shingle -> canonical copies that contain it (containment postings).
//
// A key with up to kInlinePostings holders lies in the lines of one table, 7 postings of 8 bytes a
// 64-byte line; one with more has a set of its own. Measured on random samples: 13 bytes a posting
// (9.1 a place, tables grow by a quarter to 60 to 75 % load), about 300 bytes for an article of 720
// syllables; a set costs 6 to 12 bytes a posting.
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
#include "core/index/line_table.h"
#include "core/index/memory_index.h"

namespace wonbon {

class SampleTable {
 public:
  SampleTable();

  // Samples are distinct values; Remove takes what Add was given.
  void Add(Slot slot, absl::Span<const uint32_t> sample);
  void Remove(Slot slot, absl::Span<const uint32_t> sample);

  void Prefetch(absl::Span<const uint32_t> sample) const;
  // Appends the holders of each value; a document once for each value in common.
  void Find(absl::Span<const uint32_t> sample, std::vector<Slot>* found) const;

  size_t MemoryBytes() const;

 private:
  static constexpr int kInlinePostings = 4;
  // In place of a slot: the key's holders are in crowded_. No document ever has this slot.
  static constexpr Slot kCrowded = ~Slot{0};

  void AddPosting(uint32_t hash, Slot slot);
  void RemovePosting(uint32_t hash, Slot slot);
  void AddEntry(uint32_t hash, Slot slot);

  // By MixKey(value): a bijection, so tags of 32 bits identify the value.
  LineTable<uint32_t, 7> table_;
  absl::flat_hash_map<uint32_t, absl::flat_hash_set<Slot>> crowded_;
  size_t crowded_bytes_ = 0;  // of the sets
};

}  // namespace wonbon
