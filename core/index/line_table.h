// Slots found by a hash, nearly always in one cache line: a segment of a PostingTable.
//
// A line of 64 bytes holds kEntries entries, each a tag (low bits of the hash) and a slot. An entry
// lives in its home line, or, where that is full, in one of the kReach lines after it; the home
// line knows how far its entries have gone, so that a look-up reads a second line only if one of
// *its* entries is there. Who is farthest from home goes first (Celis, Larson, Munro: "Robin Hood
// Hashing", FOCS 1985): at 87 % load no entry is then more than a few lines from home, where first
// come, first served sends some dozens of lines away. No entry is ever dropped.
//
// A hash's bits that say where its home is need not be in the tag: which hash an entry was added
// with can be told from its tag and its line where kReach + 1 lines together take no more hashes
// than a tag tells apart (IsLossless).
//
// Not thread-safe for writing; const methods may run concurrently.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/image.h"
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

// For hashes that agree in their upper `depth` bits.
template <typename Tag, int kEntries>
class LineTable {
 public:
  // Lines behind the last home, for what its entries push on.
  static constexpr size_t kSpareLines = 2;
  static constexpr int kReach = 6;

  // REQUIRES: lines > kSpareLines, depth < 32.
  LineTable(size_t lines, int depth)
      : lines_(lines), homes_(static_cast<uint32_t>(lines - kSpareLines)), depth_(depth) {}

  // Whether all hashes are told apart, whatever entries are in the table.
  static constexpr bool IsLossless(size_t lines, int depth) {
    const uint64_t hashes_a_line = (uint64_t{1} << (32 - depth)) / (lines - kSpareLines) + 1;
    return sizeof(Tag) == 4 || (kReach + 1) * hashes_a_line <= uint64_t{1} << 8 * sizeof(Tag);
  }
  // Entries that `lines` lines may hold: 87 of 100 places. A look-up that finds nothing then reads
  // a second line in 18 to 25 % of cases; it is the next in memory.
  static constexpr size_t MaxEntries(size_t lines) {
    return (lines - kSpareLines) * kEntries * 87 / 100;
  }

  size_t size() const { return size_; }
  size_t lines() const { return lines_.size(); }
  int depth() const { return depth_; }
  bool full() const { return size_ >= MaxEntries(lines()); }
  size_t MemoryBytes() const { return lines() * sizeof(Line); }

  // An image of the table, and the table of one: nullopt where it is none.
  void Write(ImageWriter& image) const {
    image.Value(uint64_t{lines()});
    image.Value(int64_t{depth_});
    image.Value(uint64_t{size_});
    image.Raw(lines_.data(), MemoryBytes());
  }
  static std::optional<LineTable> Read(ImageReader& image, size_t most_lines) {
    const auto lines = image.Value<uint64_t>();
    const auto depth = image.Value<int64_t>();
    const auto size = image.Value<uint64_t>();
    if (lines <= kSpareLines || lines > most_lines || depth < 0 || depth > 31 ||
        size > MaxEntries(lines)) {
      image.Fail();
    }
    if (!image.ok()) return std::nullopt;
    std::optional<LineTable> table(std::in_place, lines, static_cast<int>(depth));
    table->size_ = size;
    image.Raw(table->lines_.data(), table->MemoryBytes());
    return image.ok() ? std::move(table) : std::nullopt;
  }

  void Prefetch(uint32_t hash) const { __builtin_prefetch(&lines_[Home(hash)]); }

  // Calls visit(slot) for every entry with the hash, in no particular order.
  template <typename Visitor>
  void ForEach(uint32_t hash, Visitor visit) const {
    const Tag tag = static_cast<Tag>(hash);
    const size_t home = Home(hash);
    for (size_t at = home, end = home + lines_[home].reach; at <= end; ++at) {
      const Line& line = lines_[at];
      for (uint32_t matches = Matches(line, tag); matches != 0; matches &= matches - 1) {
        visit(line.slots[std::countr_zero(matches)]);
      }
    }
  }

  // Adds an entry, repetitions too. False, and nothing done, where the entries that would have to
  // go on are too many, or would go too far: the caller grows the table and tries again.
  bool Add(uint32_t hash, uint32_t slot) {
    // The places whose entries go on, each to the next: the last one to a line with room.
    std::array<Place, kChain> moved;
    size_t moves = 0;
    const size_t home = Home(hash);
    size_t at = home;
    for (size_t carried = home; lines_[at].used == kEntries; ++at) {
      const Place closest = Closest(at);
      if (closest.home > carried) {
        if (moves == kChain) return false;
        moved[moves++] = closest;
        carried = closest.home;
      }
      if (at + 1 == lines() || at + 1 - carried > kReach) return false;
    }
    Place free{at, lines_[at].used++, 0};
    while (moves > 0) {
      const Place from = moved[--moves];
      const Line& line = lines_[from.at];
      Leave(from.home, from.at);
      Put({from.home, line.tags[from.i], line.slots[from.i]}, free);
      free = from;
    }
    Put({home, static_cast<Tag>(hash), slot}, free);
    ++size_;
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
    Leave(Home(hash), at);
    return true;
  }

  // Gives the entry (hash, slot) another slot. False if there is none.
  bool Replace(uint32_t hash, uint32_t slot, uint32_t new_slot) {
    const auto [at, i] = Find(hash, slot);
    if (i >= 0) lines_[at].slots[i] = new_slot;
    return i >= 0;
  }

  // Calls visit(hash, slot) for every entry, from the first line to the last. The upper `depth`
  // bits of the hash may be missing.
  template <typename Visitor>
  void ForEachEntry(Visitor visit) const {
    for (size_t at = 0; at < lines(); ++at) {
      const Line& line = lines_[at];
      for (int i = 0; i < line.used; ++i) visit(HashOf(at, i), line.slots[i]);
    }
  }

 private:
  struct alignas(kCacheLineBytes) Line {
    Tag tags[kEntries];
    uint32_t slots[kEntries];
    uint16_t away;  // entries whose home this line is, and that live in a later one ...
    uint8_t reach;  // ... at most so many lines on; 0 if there are none
    uint8_t used;   // entries in this line, from the front
  };
  static_assert(sizeof(Line) == kCacheLineBytes);

  struct Entry {
    size_t home;
    Tag tag;
    uint32_t slot;
  };
  // Of an entry: its line, its place there, its home.
  struct Place {
    size_t at;
    int i;
    size_t home;
  };
  static constexpr size_t kChain = 32;

  // Bit i: entry i has the tag. All places are compared, used or not: a loop of fixed length needs
  // no branch, and its end is never mispredicted.
  static uint32_t Matches(const Line& line, Tag tag) {
    uint32_t matches = 0;
    for (int i = 0; i < kEntries; ++i) matches |= uint32_t{line.tags[i] == tag} << i;
    return matches & ((1u << line.used) - 1);
  }

  size_t Home(uint32_t hash) const { return uint64_t{hash << depth_} * homes_ >> 32; }
  // The lowest hash, without its upper `depth` bits, of all whose home is not before `home`.
  uint32_t FirstHash(size_t home) const {
    const uint64_t position = ((uint64_t{home} << 32) + homes_ - 1) / homes_;
    return static_cast<uint32_t>((position + (uint64_t{1} << depth_) - 1) >> depth_);
  }
  // The hash of an entry; its upper `depth` bits may be missing.
  uint32_t HashOf(size_t at, int i) const {
    const Tag tag = lines_[at].tags[i];
    if (sizeof(Tag) == 4) return tag;
    const uint32_t first = FirstHash(at < kReach ? 0 : at - kReach);
    return first + static_cast<Tag>(tag - static_cast<Tag>(first));
  }
  // Of a full line, the entry that is closest to its home.
  Place Closest(size_t at) const {
    Place closest{at, 0, 0};
    for (int i = 0; i < kEntries; ++i) {
      const size_t home = Home(HashOf(at, i));
      if (i == 0 || home > closest.home) closest = {at, i, home};
      if (home == at) break;
    }
    return closest;
  }

  void Put(const Entry& entry, const Place& place) {
    lines_[place.at].tags[place.i] = entry.tag;
    lines_[place.at].slots[place.i] = entry.slot;
    if (place.at == entry.home) return;
    Line& home = lines_[entry.home];
    ++home.away;
    home.reach = static_cast<uint8_t>(std::max<size_t>(home.reach, place.at - entry.home));
  }
  // An entry of `home` is taken out of line `at`.
  void Leave(size_t home, size_t at) {
    if (at != home && --lines_[home].away == 0) lines_[home].reach = 0;
  }

  // Line and place of the entry (hash, slot); place -1 if there is none.
  std::pair<size_t, int> Find(uint32_t hash, uint32_t slot) const {
    const size_t home = Home(hash);
    for (size_t at = home, end = home + lines_[home].reach; at <= end; ++at) {
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
  uint32_t homes_;
  int depth_;
  size_t size_ = 0;
};

}  // namespace wonbon
