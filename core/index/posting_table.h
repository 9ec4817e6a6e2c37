// 32-bit hash -> slots: the postings of sampled shingles, bands and keys, however many there are.
//
// Extendible hashing (Fagin, Nievergelt, Pippenger, Strong, TODS 1979): a directory of the upper
// bits of a hash leads to a segment, a LineTable of at most kFullLines lines. A segment grows by
// itself, and where it is full it is split by one more bit, so that no insertion waits for more
// than one segment (5,000 postings, some 50 us), whatever the size of the table.
//
// Memory: an entry is tag and slot. In a table of less than about 5 million postings a tag is 4
// bytes long, as the hash; in a larger one a segment holds so few of all hashes that 2 bytes tell
// them apart. At 70 to 87 % load, which is what segments of 256, 320, ... 512 lines have, that is
// 11.7 and 8.2 bytes a posting.
//
// Not thread-safe for writing; const methods may run concurrently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "core/index/line_table.h"

namespace wonbon {

class PostingTable {
 public:
  PostingTable();
  PostingTable(const PostingTable&) = delete;
  PostingTable& operator=(const PostingTable&) = delete;

  size_t size() const { return size_; }
  size_t MemoryBytes() const;

  void Prefetch(uint32_t hash) const {
    const Segment& segment = *directory_[Upper(hash)];
    if (const Narrow* narrow = std::get_if<Narrow>(&segment)) return narrow->Prefetch(hash);
    std::get<Wide>(segment).Prefetch(hash);
  }

  // Calls visit(slot) for every posting of the hash, in no particular order.
  template <typename Visitor>
  void ForEach(uint32_t hash, Visitor visit) const {
    const Segment& segment = *directory_[Upper(hash)];
    if (const Narrow* narrow = std::get_if<Narrow>(&segment)) return narrow->ForEach(hash, visit);
    std::get<Wide>(segment).ForEach(hash, visit);
  }

  // Adds a posting, repetitions too. REQUIRES: few of one hash, so that they fit into a segment.
  void Add(uint32_t hash, uint32_t slot);
  // Removes one posting, or gives it another slot. False if there is none.
  bool Remove(uint32_t hash, uint32_t slot);
  bool Replace(uint32_t hash, uint32_t slot, uint32_t new_slot);

  // An image of the table; becomes the table of one. REQUIRES for Read: nothing was added.
  void Write(ImageWriter& image) const;
  void Read(ImageReader& image);

 private:
  using Wide = LineTable<uint32_t, 7>;
  using Narrow = LineTable<uint16_t, 10>;
  using Segment = std::variant<Wide, Narrow>;

  struct Posting {
    uint32_t hash;
    uint32_t slot;
  };

  // Of a hash, its upper depth_ bits.
  size_t Upper(uint32_t hash) const { return static_cast<size_t>(uint64_t{hash} << depth_ >> 32); }
  // Makes room in the segment of a hash.
  void Grow(uint32_t hash);
  // A segment of `lines` lines or more that holds the postings; none where no size is enough.
  static std::optional<Segment> Fill(const std::vector<Posting>& postings, size_t lines, int depth);
  void Put(Segment* place, Segment segment);

  int depth_ = 0;                     // of the directory
  std::vector<Segment*> directory_;   // 2^depth_; a segment of less depth stands there repeatedly
  std::deque<Segment> segments_;
  size_t size_ = 0;
  size_t bytes_ = 0;  // of the segments' lines
};

}  // namespace wonbon
