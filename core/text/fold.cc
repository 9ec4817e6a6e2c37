#include "core/text/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>

#include <array>
#include <bitset>
#include <memory>
#include <utility>

#include "core/text/jamo.h"
#include "core/text/limits.h"

namespace wonbon {
namespace {

constexpr char16_t kFirstHangul = 0xAC00;
constexpr char16_t kLastHangul = 0xD7A3;

bool IsHangulSyllable(char32_t c) { return c >= kFirstHangul && c <= kLastHangul; }

const icu::Normalizer2& Normalizer() {
  UErrorCode status = U_ZERO_ERROR;
  // Never null: the data of NFKC_Casefold is built into the ICU library.
  return *icu::Normalizer2::getNFKCCasefoldInstance(status);
}

// White space as the stages after this one know it: '\n', ' ' or none (0).
char16_t FoldedSpace(char32_t c) {
  switch (c) {
    case '\n':
    case '\r':
    case '\v':
    case '\f':
    case 0x85:
    case 0x2028:
    case 0x2029: return '\n';
    case '\t': return ' ';
    default: return u_isUWhiteSpace(static_cast<UChar32>(c)) ? u' ' : u'\0';
  }
}

struct Tables {
  // What a character of the basic plane folds to where that is one character and no neighbour but
  // a following combining one can change it; 0 elsewhere.
  std::array<char16_t, 0x10000> direct{};
  std::bitset<0x10000> unit;  // letters and digits
};

// Where news writing means something else than NFKC makes of it.
constexpr std::pair<char16_t, char16_t> kOwnFolds[] = {
    {0x318D, 0x00B7},  // ㆍ typed as middle dot; NFKC: a vowel
    {0x24D2, 0x00A9},  // ⓒ typed as copyright sign; NFKC: the letter c
    {0x24B8, 0x00A9},
};

UChar32 OwnFold(UChar32 c) {
  for (const auto& [from, to] : kOwnFolds) {
    if (c == from) return to;
  }
  return c;
}

std::unique_ptr<Tables> BuildTables() {
  auto tables = std::make_unique<Tables>();
  const icu::Normalizer2& normalizer = Normalizer();
  for (UChar32 c = 1; c < 0x10000; ++c) {
    tables->unit[c] = (U_MASK(u_charType(c)) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
    if (U_IS_SURROGATE(c) || IsSpelledJamo(static_cast<char32_t>(c))) continue;
    if (const char16_t space = FoldedSpace(c); space != 0) {
      tables->direct[c] = space;
      continue;
    }
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString folded = normalizer.normalize(icu::UnicodeString(c), status);
    if (U_FAILURE(status) || folded.length() != 1 || !normalizer.hasBoundaryBefore(c)) continue;
    if (normalizer.hasBoundaryBefore(folded.charAt(0))) tables->direct[c] = folded.charAt(0);
  }
  for (const auto& [from, to] : kOwnFolds) tables->direct[from] = to;
  return tables;
}

const Tables& GetTables() {
  static const Tables* const tables = BuildTables().release();
  return *tables;
}

// The character at `pos` and its length; U+FFFD and 1 for what is not UTF-8.
struct Decoded {
  char32_t c;
  uint32_t bytes;
};

inline Decoded Decode(std::string_view utf8, size_t pos) {
  const auto* p = reinterpret_cast<const uint8_t*>(utf8.data()) + pos;
  const size_t left = utf8.size() - pos;
  if (p[0] < 0x80) return {p[0], 1};
  if (p[0] >= 0xE0 && p[0] < 0xF0 && left >= 3) {
    return {(char32_t{p[0]} & 0xF) << 12 | (char32_t{p[1]} & 0x3F) << 6 | (char32_t{p[2]} & 0x3F),
            3};
  }
  if (p[0] >= 0xC0 && p[0] < 0xE0 && left >= 2) {
    return {(char32_t{p[0]} & 0x1F) << 6 | (char32_t{p[1]} & 0x3F), 2};
  }
  if (p[0] >= 0xF0 && left >= 4) {
    return {(char32_t{p[0]} & 0x7) << 18 | (char32_t{p[1]} & 0x3F) << 12 |
                (char32_t{p[2]} & 0x3F) << 6 | (char32_t{p[3]} & 0x3F),
            4};
  }
  return {0xFFFD, 1};
}

class Folder {
 public:
  Folder(std::string_view utf8, bool with_source, FoldedText* out)
      : utf8_(utf8), with_source_(with_source), tables_(GetTables()), out_(*out) {}

  void Run() {
    // Folding rarely lengthens, and one byte is one unit at most.
    out_.text.reserve(utf8_.size() + 16);
    if (with_source_) {
      out_.source.reserve(utf8_.size());
      out_.source_end.reserve(utf8_.size());
    }
    size_t pos = 0;
    while (pos < utf8_.size()) {
      const size_t direct_begin = pos;
      size_t last = pos;  // the last character folded directly
      pos = with_source_ ? FoldDirect<true>(pos, &last) : FoldDirect<false>(pos, &last);
      if (pos == utf8_.size()) return;
      // What follows may combine with the character before it: that one is folded again.
      const bool again = pos > direct_begin;
      if (again) PopBack();
      pos = FoldStretch(again ? last : pos, pos);
    }
  }

 private:
  // Folds characters that the table knows, from `pos` on. Returns the offset of the first other.
  template <bool kWithSource>
  size_t FoldDirect(size_t pos, size_t* last) {
    constexpr size_t kChunk = 256;
    char16_t chunk[kChunk];
    while (pos < utf8_.size()) {
      size_t filled = 0;
      bool exceptional = false;
      while (filled < kChunk && pos < utf8_.size()) {
        const Decoded at = Decode(utf8_, pos);
        const char16_t direct = IsHangulSyllable(at.c) ? static_cast<char16_t>(at.c)
                                : at.c < 0x10000       ? tables_.direct[at.c]
                                                       : u'\0';
        if (direct == 0) {
          exceptional = true;
          break;
        }
        chunk[filled++] = direct;
        *last = pos;
        pos += at.bytes;
        if constexpr (kWithSource) {
          out_.source.push_back(static_cast<uint32_t>(*last));
          out_.source_end.push_back(static_cast<uint32_t>(pos));
        }
      }
      out_.text.append(chunk, filled);
      if (exceptional) break;
    }
    return pos;
  }

  void Emit(char16_t c, size_t begin, size_t end) {
    out_.text.push_back(c);
    if (!with_source_) return;
    out_.source.push_back(static_cast<uint32_t>(begin));
    out_.source_end.push_back(static_cast<uint32_t>(end));
  }

  void PopBack() {
    out_.text.pop_back();
    if (!with_source_) return;
    out_.source.pop_back();
    out_.source_end.pop_back();
  }

  // Folds from `begin` to the next character after `exceptional` that the table knows. Returns
  // where that is.
  size_t FoldStretch(size_t begin, size_t exceptional) {
    segment_.remove();
    size_t segment_begin = begin;
    size_t marks = 0;
    size_t pos = begin;
    while (pos < utf8_.size()) {
      const Decoded at = Decode(utf8_, pos);
      const auto c = static_cast<UChar32>(at.c > 0x10FFFF || U_IS_SURROGATE(at.c) ? 0xFFFD : at.c);
      const bool known = c < 0x10000 && (IsHangulSyllable(at.c) || tables_.direct[c] != 0);
      if (pos > exceptional && known) break;
      if (!segment_.isEmpty() && Normalizer().hasBoundaryBefore(c)) {
        FlushSegment(segment_begin, pos);
        segment_begin = pos;
      }
      if (const SpelledSyllable spelled = SpelledAt(pos); spelled.jamo > 0) {
        marks = 0;
        segment_.append(spelled.syllable);
        for (size_t i = 0; i < spelled.jamo; ++i) pos += Decode(utf8_, pos).bytes;
        continue;
      }
      marks = u_getCombiningClass(c) == 0 ? 0 : marks + 1;
      if (marks <= kMaxCombiningMarks) segment_.append(OwnFold(c));
      pos += at.bytes;
    }
    FlushSegment(segment_begin, pos);
    return pos;
  }

  // The syllable that compatibility jamo spell from `pos` on.
  SpelledSyllable SpelledAt(size_t pos) const {
    std::array<char32_t, kSpelledSyllableJamo> jamo;
    size_t found = 0;
    while (found < jamo.size() && pos < utf8_.size()) {
      const Decoded at = Decode(utf8_, pos);
      if (!IsSpelledJamo(at.c)) break;
      jamo[found++] = at.c;
      pos += at.bytes;
    }
    return SpellSyllable({jamo.data(), found});
  }

  void FlushSegment(size_t begin, size_t end) {
    UErrorCode status = U_ZERO_ERROR;
    Normalizer().normalize(segment_, folded_, status);
    if (U_SUCCESS(status)) {
      for (int32_t i = 0; i < folded_.length(); ++i) {
        const char16_t space = FoldedSpace(folded_.charAt(i));
        Emit(space != 0 ? space : folded_.charAt(i), begin, end);
      }
    }
    segment_.remove();
  }

  const std::string_view utf8_;
  const bool with_source_;
  const Tables& tables_;
  FoldedText& out_;
  icu::UnicodeString segment_;
  icu::UnicodeString folded_;
};

}  // namespace

FoldedText Fold(std::string_view utf8, bool with_source) {
  FoldedText folded;
  Folder(utf8, with_source, &folded).Run();
  return folded;
}

bool IsUnit(char16_t c) { return IsHangulSyllable(c) || GetTables().unit[c]; }

bool IsSupplementaryUnit(char16_t high, char16_t low) {
  const UChar32 c = U16_GET_SUPPLEMENTARY(high, low);
  return (U_MASK(u_charType(c)) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}

}  // namespace wonbon
