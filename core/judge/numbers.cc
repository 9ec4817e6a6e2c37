#include "core/judge/numbers.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/text/block_scan.h"

namespace wonbon {
namespace {

constexpr uint64_t kScale = 10'000;  // value_e4

bool IsDigit(char16_t c) { return c >= u'0' && c <= u'9'; }

// Index of the first digit at or behind `from`; text.size() where there is none.
size_t FindDigit(std::u16string_view text, size_t from) {
  return FindWanted(text, from, text.size(),
                    [](UnitLanes c) { return (c >= Lane(u'0')) & (c <= Lane(u'9')); });
}

// 천, 백, 십 inside a section of four digits.
uint64_t SmallMultiplier(char16_t c) {
  switch (c) {
    case u'천': return 1'000;
    case u'백': return 100;
    case u'십': return 10;
    default: return 0;
  }
}

// 만, 억, 조 close a section.
uint64_t LargeMultiplier(char16_t c) {
  switch (c) {
    case u'만': return 10'000;
    case u'억': return 100'000'000;
    case u'조': return 1'000'000'000'000;
    default: return 0;
  }
}

uint32_t HashUnits(std::u16string_view units) {
  uint64_t hash = 0x9E3779B97F4A7C15u;
  for (char16_t unit : units) hash = (hash ^ unit) * 0xFF51AFD7ED558CCDu, hash ^= hash >> 29;
  const uint32_t folded = static_cast<uint32_t>(hash ^ (hash >> 32));
  return folded == 0 ? 1 : folded;
}

// Reads digits with thousands separators and a decimal part, times 10,000.
struct Digits {
  uint64_t value_e4 = 0;
  int count = 0;
};
Digits ReadDigits(std::u16string_view text, size_t& at) {
  const size_t begin = at;
  Digits out;
  uint64_t value = 0;
  size_t since_comma = 0;
  while (at < text.size()) {
    if (IsDigit(text[at])) {
      value = value * 10 + (text[at++] - u'0');
      ++out.count, ++since_comma;
      continue;
    }
    const bool thousands = text[at] == u',' && since_comma <= 3 && at + 3 < text.size() &&
                           IsDigit(text[at + 1]) && IsDigit(text[at + 2]) &&
                           IsDigit(text[at + 3]) &&
                           (at + 4 == text.size() || !IsDigit(text[at + 4]));
    if (!thousands) break;
    ++at, since_comma = 0;
  }
  out.value_e4 = value * kScale;
  // A decimal part; but 2025.05.26 is three numbers.
  const bool dotted_before = begin >= 2 && text[begin - 1] == u'.' && IsDigit(text[begin - 2]);
  if (!dotted_before && at + 1 < text.size() && text[at] == u'.' && IsDigit(text[at + 1])) {
    size_t end = at + 1;
    uint64_t unit = kScale / 10, fraction = 0;
    for (; end < text.size() && IsDigit(text[end]); ++end, unit /= 10) {
      fraction += (text[end] - u'0') * unit;
    }
    const bool dotted_after = end + 1 < text.size() && text[end] == u'.' && IsDigit(text[end + 1]);
    if (!dotted_after) {
      out.value_e4 += fraction;
      out.count += static_cast<int>(end - at - 1);
      at = end;
    }
  }
  return out;
}

// Reads one number that starts at `at`: sections of digits and 천/백/십, closed by 만/억/조.
Digits ReadNumber(std::u16string_view text, size_t& at) {
  Digits out;
  uint64_t section = 0;
  while (true) {
    const Digits part = ReadDigits(text, at);
    out.count += part.count;
    const uint64_t small = at < text.size() ? SmallMultiplier(text[at]) : 0;
    section += part.value_e4 * (small == 0 ? 1 : small);
    if (small != 0) ++at;
    if (small != 0 && at < text.size() && IsDigit(text[at])) continue;
    const uint64_t large = at < text.size() ? LargeMultiplier(text[at]) : 0;
    if (large == 0) break;
    out.value_e4 += section * large;
    section = 0;
    ++at;
    const size_t next = at + (at < text.size() && text[at] == u' ');
    if (next >= text.size() || !IsDigit(text[next])) break;
    at = next;
  }
  out.value_e4 += section;
  return out;
}

// The hash of the kNumberContextUnits letters before the one at `position`, or from it on; 0 where
// there are not as many. `letters`: of the whole text, without its digits.
uint32_t ContextBefore(std::u16string_view letters, size_t position) {
  if (position < kNumberContextUnits) return 0;
  return HashUnits(letters.substr(position - kNumberContextUnits, kNumberContextUnits));
}
uint32_t ContextBehind(std::u16string_view letters, size_t position) {
  if (position + kNumberContextUnits > letters.size()) return 0;
  return HashUnits(letters.substr(position, kNumberContextUnits));
}

double Weight(const Number& number) {
  return number.digits >= 3 ? 1.0 : number.digits == 2 ? 0.6 : 0.25;
}

// Sorted by value, each value once, with the most digits it was written with.
std::vector<Number> Distinct(std::vector<Number> numbers) {
  std::sort(numbers.begin(), numbers.end(), [](const Number& x, const Number& y) {
    return x.value_e4 != y.value_e4 ? x.value_e4 < y.value_e4 : x.digits > y.digits;
  });
  numbers.erase(
      std::unique(numbers.begin(), numbers.end(),
                  [](const Number& x, const Number& y) { return x.value_e4 == y.value_e4; }),
      numbers.end());
  return numbers;
}

bool HasValue(const std::vector<Number>& distinct, uint64_t value_e4) {
  const auto at = std::lower_bound(distinct.begin(), distinct.end(), value_e4,
                                   [](const Number& x, uint64_t v) { return x.value_e4 < v; });
  return at != distinct.end() && at->value_e4 == value_e4;
}

std::vector<NumberList::Occurrence> OccurrencesOf(const std::vector<Number>& numbers,
                                                  uint32_t Number::*context) {
  std::vector<NumberList::Occurrence> out;
  out.reserve(numbers.size());
  for (const Number& number : numbers) {
    if (number.*context != 0) out.push_back({number.*context, number.value_e4});
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool IsShown(const Number& number, absl::Span<const uint8_t> shown) {
  const size_t end = size_t{number.at} + number.length;
  if (number.length == 0 || end > shown.size()) return false;
  return std::all_of(shown.begin() + number.at, shown.begin() + static_cast<std::ptrdiff_t>(end),
                     [](uint8_t unit) { return unit != 0; });
}

// Asks the occurrences of one text about the numbers of another, `known`. What stands beside one
// context is looked through once, so that lists of figures cost no more than other texts.
class OccurrenceLookUp {
 public:
  // All outlive it.
  OccurrenceLookUp(const std::vector<NumberList::Occurrence>& sorted,
                   const std::vector<Number>& known)
      : sorted_(sorted), known_(known), unknown_(sorted.size(), kNotAsked) {}

  struct Answer {
    bool is_place = false;  // there is a number beside these letters,
    bool same = false;      // the same one,
    bool other = false;     // one that is not among `known`
  };
  // `context` 0: no letters, no occurrence.
  Answer Ask(uint32_t context, uint64_t value_e4) {
    const auto begin =
        std::lower_bound(sorted_.begin(), sorted_.end(), NumberList::Occurrence{context, 0});
    if (begin == sorted_.end() || begin->context != context) return {};
    int8_t& unknown = unknown_[static_cast<size_t>(begin - sorted_.begin())];
    if (unknown == kNotAsked) {
      auto it = begin;
      while (it != sorted_.end() && it->context == context && HasValue(known_, it->value_e4)) {
        ++it;
      }
      unknown = it != sorted_.end() && it->context == context;
    }
    return {
        .is_place = true,
        .same = std::binary_search(begin, sorted_.end(), NumberList::Occurrence{context, value_e4}),
        .other = unknown != 0};
  }

 private:
  static constexpr int8_t kNotAsked = -1;

  const std::vector<NumberList::Occurrence>& sorted_;
  const std::vector<Number>& known_;
  std::vector<int8_t> unknown_;  // at the first occurrence of a context: is one of them not known?
};

// Weight of the distinct values of `a` that `b` lacks although it has the same letters on one side
// of a number that `a` lacks; and what becomes of the places of `a` in `b`.
double Compare(const NumberList& a, const NumberList& b, absl::Span<const uint8_t> shown_a,
               size_t* places, size_t* differ) {
  OccurrenceLookUp lefts(b.lefts, a.distinct);
  OccurrenceLookUp rights(b.rights, a.distinct);
  std::vector<Number> missing;
  for (const Number& number : a.numbers) {
    const OccurrenceLookUp::Answer left = lefts.Ask(number.left, number.value_e4);
    const OccurrenceLookUp::Answer right = rights.Ask(number.right, number.value_e4);
    const bool is_place = left.is_place || right.is_place;
    *places += is_place;
    const bool shown = IsShown(number, shown_a);
    *differ += is_place && !left.same && !right.same && !shown;
    if ((left.other || right.other) && !shown && !HasValue(b.distinct, number.value_e4)) {
      missing.push_back(number);
    }
  }
  double weight = 0;
  for (const Number& number : Distinct(std::move(missing))) weight += Weight(number);
  return weight;
}

}  // namespace

size_t NumberList::MemoryBytes() const {
  return sizeof(Number) * (numbers.capacity() + distinct.capacity()) +
         sizeof(Occurrence) * (lefts.capacity() + rights.capacity());
}

NumberList ReadNumbers(std::u16string_view folded, std::u16string_view units) {
  NumberList list;
  std::vector<Number>& out = list.numbers;
  // `folded` and `units` have the same digits in the same order: only numbers are looked at.
  std::u16string letters;
  letters.reserve(units.size());
  std::vector<size_t> behind;  // of each number: index in letters of what follows it
  size_t unit = 0;             // index in units of what is not in letters yet
  for (size_t at = FindDigit(folded, 0); at < folded.size(); at = FindDigit(folded, at)) {
    Number number;
    const size_t first = FindDigit(units, unit);
    letters.append(units, unit, first - unit);
    unit = first;
    number.left = ContextBefore(letters, letters.size());
    const size_t begin = at;
    const Digits digits = ReadNumber(folded, at);
    for (size_t i = begin; i < at && unit < units.size(); ++i) {
      if (units[unit] != folded[i]) continue;
      if (!IsDigit(units[unit])) letters.push_back(units[unit]);
      ++unit;
    }
    number.at = static_cast<uint32_t>(first);
    number.length = static_cast<uint8_t>(std::min<size_t>(unit - first, 255));
    number.value_e4 = digits.value_e4;
    number.digits = static_cast<uint8_t>(std::min(digits.count, 255));
    out.push_back(number);
    behind.push_back(letters.size());
  }
  letters.append(units, unit, kNumberContextUnits);
  for (size_t i = 0; i < out.size(); ++i) out[i].right = ContextBehind(letters, behind[i]);
  list.distinct = Distinct(out);
  list.lefts = OccurrencesOf(out, &Number::left);
  list.rights = OccurrencesOf(out, &Number::right);
  return list;
}

double NumberAgreement::shared_share() const {
  const double smaller = std::min(weight_a, weight_b);
  return smaller > 0 ? std::min(1.0, shared / smaller) : 1;
}

double NumberAgreement::conflict_share() const {
  const double conflicts = conflict_a + conflict_b;
  return conflicts > 0 ? conflicts / (conflicts + 2 * shared) : 0;
}

double NumberAgreement::places_differ_share() const {
  const size_t places = places_a + places_b;
  return places > 0 ? static_cast<double>(places_differ) / static_cast<double>(places) : 0;
}

NumberAgreement CompareNumbers(const NumberList& a, const NumberList& b,
                               absl::Span<const uint8_t> shown_a,
                               absl::Span<const uint8_t> shown_b) {
  NumberAgreement out;
  for (const Number& number : a.distinct) {
    out.weight_a += Weight(number);
    if (HasValue(b.distinct, number.value_e4) || IsShown(number, shown_a)) {
      out.shared += Weight(number);
    }
  }
  for (const Number& number : b.distinct) out.weight_b += Weight(number);
  out.conflict_a = Compare(a, b, shown_a, &out.places_a, &out.places_differ);
  out.conflict_b = Compare(b, a, shown_b, &out.places_b, &out.places_differ);
  return out;
}

}  // namespace wonbon
