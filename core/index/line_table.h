// Slots found by a 32-bit hash, nearly always in one cache line. The building block of the band
// tables and of the containment postings.
//
// A line of 64 bytes holds kEntries entries, each a tag (low bits of the hash) and a slot. An entry
// lives in its home line, or, where that is full, in one of the lines after it; the home line knows
// how far its entries have gone, so that a look-up reads a second line only if one of *its* entries
// is there. No entry is ever dropped.
//
// Not thread-safe for writing; const methods may run concurrently.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/index/line_array.h"

namespace wonbon {

// A bijection of 32-bit keys whose every output bit depends on all input bits (the finaliser of
// XXH32): equal hashes mean equal keys.
inline uint32_t MixKey(uint32_t key) {
  key ^= key >> 15;
  key *= 0x85EBCA77u;
  key ^= key >> 13;
  key *= 0xC2B2AE3Du;
  return key ^ key >> 16;
}

template <typename Tag, int kEntries>
class LineTable {
 public:
  // REQUIRES: lines > 0.
  explicit LineTable(size_t lines) : lines_(lines) {}

  size_t size() const { return size_; }
  size_t lines() const { return lines_.size(); }
  // Entries that `lines` lines may hold: 3 of 4 places. With 10 entries a line, a look-up that
  // finds nothing then reads a second line in 16 % of cases (simulated; 9 % at 67 %, 5 % at 60 %
  // load); it is the next in memory. 60 % would cost 50 bytes a document more.
  static constexpr size_t MaxEntries(size_t lines) { return lines * kEntries * 3 / 4; }
  bool full() const { return size_ >= MaxEntries(lines()); }
  size_t MemoryBytes() const { return lines() * sizeof(Line); }

  void Prefetch(uint32_t hash) const { __builtin_prefetch(&lines_[Home(hash)]); }

  // Calls visit(slot) for every entry with the hash's tag, in no particular order. Where Tag is
  // narrower than the hash, some may belong to other hashes: the caller looks closer.
  template <typename Visitor>
  void ForEach(uint32_t hash, Visitor visit) const {
    const Tag tag = static_cast<Tag>(hash);
    size_t at = Home(hash);
    for (int left = lines_[at].reach; left >= 0; --left, at = Next(at)) {
      const Line& line = lines_[at];
      for (uint32_t matches = Matches(line, tag); matches != 0; matches &= matches - 1) {
        visit(line.slots[std::countr_zero(matches)]);
      }
    }
  }

  // Adds an entry, repetitions too. False, and nothing done, if kReach lines are full: the
  // caller grows the table and tries again.
  bool Add(uint32_t hash, uint32_t slot) {
    const size_t home = Home(hash);
    size_t at = home;
    int distance = 0;
    while (lines_[at].used == kEntries) {
      if (++distance > kReach || (at = Next(at)) == home) return false;
    }
    Line& line = lines_[at];
    line.tags[line.used] = static_cast<Tag>(hash);
    line.slots[line.used] = slot;
    ++line.used;
    ++size_;
    if (distance > 0) {
      ++lines_[home].away;
      lines_[home].reach = static_cast<uint8_t>(std::max<int>(lines_[home].reach, distance));
    }
    return true;
  }

  // Removes one entry. False if there is none.
  bool Remove(uint32_t hash, uint32_t slot) {
    const auto [at, i] = Find(hash, slot);
    if (i < 0) return false;
    Line& line = lines_[at];
    --line.used;
    line.tags[i] = line.tags[line.used];
    line.slots[i] = line.slots[line.used];
    --size_;
    Line& home = lines_[Home(hash)];
    if (&line != &home && --home.away == 0) home.reach = 0;
    return true;
  }

  // Gives the entry (hash, slot) another slot. False if there is none.
  bool Replace(uint32_t hash, uint32_t slot, uint32_t new_slot) {
    const auto [at, i] = Find(hash, slot);
    if (i >= 0) lines_[at].slots[i] = new_slot;
    return i >= 0;
  }

  // Calls visit(tag, slot) for every entry, from the first line to the last.
  template <typename Visitor>
  void ForEachEntry(Visitor visit) const {
    for (size_t at = 0; at < lines(); ++at) {
      const Line& line = lines_[at];
      for (int i = 0; i < line.used; ++i) visit(line.tags[i], line.slots[i]);
    }
  }

 private:
  // As far as Line::reach can tell.
  static constexpr int kReach = 255;

  struct alignas(kCacheLineBytes) Line {
    Tag tags[kEntries];
    uint32_t slots[kEntries];
    uint16_t away;  // entries whose home this line is, and that live in a later one ...
    uint8_t reach;  // ... at most so many lines on; 0 if there are none
    uint8_t used;   // entries in this line, from the front
  };
  static_assert(sizeof(Line) == kCacheLineBytes);

  // Bit i: entry i has the tag. All places are compared, used or not: a loop of fixed length needs
  // no branch, and its end is never mispredicted.
  static uint32_t Matches(const Line& line, Tag tag) {
    uint32_t matches = 0;
    for (int i = 0; i < kEntries; ++i) matches |= uint32_t{line.tags[i] == tag} << i;
    return matches & ((1u << line.used) - 1);
  }

  size_t Home(uint32_t hash) const { return uint64_t{hash} * lines_.size() >> 32; }
  size_t Next(size_t at) const { return at + 1 == lines_.size() ? 0 : at + 1; }

  // Line and place of the entry (hash, slot); place -1 if there is none.
  std::pair<size_t, int> Find(uint32_t hash, uint32_t slot) const {
    size_t at = Home(hash);
    for (int left = lines_[at].reach; left >= 0; --left, at = Next(at)) {
      const Line& line = lines_[at];
      for (uint32_t matches = Matches(line, static_cast<Tag>(hash)); matches != 0;
           matches &= matches - 1) {
        const int i = std::countr_zero(matches);
        if (line.slots[i] == slot) return {at, i};
      }
    }
    return {0, -1};
  }

  LineArray<Line> lines_;
  size_t size_ = 0;
};

}  // namespace wonbon
