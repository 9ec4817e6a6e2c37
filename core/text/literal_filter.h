// Which of up to 64 expressions may match a text: those of whose literals, one of which every match
// has, the text has one. One pass over the text and next to no memory, where the automata of the
// expressions are large and seldom in a cache.
//
// Thread-safe once made.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace wonbon {

class LiteralFilter {
 public:
  // Bit i of `expressions`: every match of expression i has this literal, or another one of its
  // own. REQUIRES: it is not empty.
  void Add(std::u16string_view literal, uint64_t expressions);
  // The expressions that may match.
  uint64_t Find(std::u16string_view text) const;

 private:
  static constexpr size_t kPairBits = 1 << 14;  // 32 - 18 bits of a hash
  struct Literal {
    std::u16string units;
    uint64_t expressions;
  };
  static uint32_t Pair(const char16_t* at) { return uint32_t{at[0]} << 16 | at[1]; }
  static size_t BitOf(uint32_t pair) { return pair * 0x9E3779B1u >> 18; }

  std::vector<Literal> single_;  // of one character
  // Of the others: by the first two.
  std::bitset<kPairBits> pairs_;
  absl::flat_hash_map<uint32_t, std::vector<Literal>> by_pair_;
};

}  // namespace wonbon
