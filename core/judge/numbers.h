// Numbers as Korean news writes them: 4천600억 = 4600억 = 460,000,000,000 = 4천6백억.
//
// A number is kept with the letters that stand beside it, so that two texts can be asked not only
// "which numbers have they in common?" but "does the same sentence say another number?", which is
// what tells a template with other facts from a copy.
//
// Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/types/span.h"

namespace wonbon {

// Letters of context on each side of a number; digits between them are left out.
inline constexpr size_t kNumberContextUnits = 4;

struct Number {
  uint64_t value_e4 = 0;  // the value times 10,000, modulo 2^64: 4.6 % is 46,000
  uint32_t left = 0;      // hash of the letters before it; 0 at the start of the text
  uint32_t right = 0;     // hash of the letters after it; 0 at the end of the text
  uint32_t at = 0;        // its first letter or digit, among the text's units
  uint8_t length = 0;     // in units
  uint8_t digits = 0;     // digits written: how telling the number is ("3" is met by chance)
};

// The numbers of one text, with the orders in which they are looked up.
struct NumberList {
  // Where a number stands: the hash of the letters on one side, and its value.
  struct Occurrence {
    uint32_t context = 0;
    uint64_t value_e4 = 0;
    bool operator<(const Occurrence& other) const {
      return std::tie(context, value_e4) < std::tie(other.context, other.value_e4);
    }
  };
  std::vector<Number> numbers;   // in the order of the text
  std::vector<Number> distinct;  // ascending by value, each once, with the most digits it has
  std::vector<Occurrence> lefts;  // ascending; numbers without letters on that side are left out
  std::vector<Occurrence> rights;

  size_t MemoryBytes() const;  // besides the object itself
};

// `folded` and `units`: see CanonicalText; `units` must be
// the letters and digits of `folded`.
NumberList ReadNumbers(std::u16string_view folded, std::u16string_view units);

// How the numbers of two texts agree. Weights: a number of one digit counts 0.25, two 0.6, three
// and more 1.
struct NumberAgreement {
  double weight_a = 0, weight_b = 0;  // of the distinct numbers of each side
  double shared = 0;                  // of the distinct numbers that both have
  // Of those that the other side lacks, though it has another number, unknown on this side, beside
  // the same letters.
  double conflict_a = 0, conflict_b = 0;
  // Places: numbers, repetitions included, beside whose letters the other side has a number too;
  // and those of them where it has not the same one there.
  size_t places_a = 0, places_b = 0;
  size_t places_differ = 0;  // of both sides
  double shared_share() const;    // shared / smaller weight; 1 where a side has none
  double conflict_share() const;  // conflicts / (conflicts + shared), both sides; 0 if none
  double places_differ_share() const;  // 0 where there are no places
};
// `shown_a`, `shown_b`: for each unit of the text, whether what stands around it stands in the
// other text as well; may be empty. A number all of whose digits do is no other number, whatever
// stands between them: 21.37, 21,37 and 2137, figures of a table, a text set letter by letter.
NumberAgreement CompareNumbers(const NumberList& a, const NumberList& b,
                               absl::Span<const uint8_t> shown_a = {},
                               absl::Span<const uint8_t> shown_b = {});

}  // namespace wonbon
