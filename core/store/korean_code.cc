#include "core/store/korean_code.h"

#include <array>
#include <cstdint>

namespace wonbon {
namespace {

// Ordered by how often they stand in news (110, for the bytes that ASCII text leaves free).
constexpr std::u16string_view kCommonLetters =
    u"이다는에을고의지가한로하사대기서은를해자도인시수원정장전했부으일국상있주리제과보라어스나관만위공아법적회들소성구조경면년등비것재중업동게"
    u"선계“”진통당무내신행그니명문오금유연화개여용며산생세미영와할안거실분우요‘’모·방";

constexpr int kFirstSyllable = 0xAC00;
constexpr int kSyllables = 11'172;
constexpr int kFirstPunctuation = 0x2000;
constexpr int kFirstCjk = 0x3000;
constexpr uint8_t kSyllableLead = 0xD0;  // of 44
constexpr uint8_t kPunctuationLead = 0xFC;
constexpr uint8_t kCjkLead = 0xFD;
constexpr uint8_t kEscape = 0xFE;
constexpr uint8_t kLongEscape = 0xFF;
static_assert(kSyllableLead + (kSyllables + 255) / 256 == kPunctuationLead);

bool IsAsciiText(int byte) {
  return byte == '\t' || byte == '\n' || (byte >= 0x20 && byte <= 0x7E);
}

struct Letters {
  // By letter: one byte, or the first of two below the second; 0 where an escape is needed.
  std::array<uint16_t, 0x10000> code{};
  std::array<char16_t, kSyllableLead> letter{};  // by byte
};

Letters MakeLetters() {
  Letters out;
  const auto two_bytes = [&](int letter, int lead, int second) {
    out.code[letter] = static_cast<uint16_t>(lead | second << 8);
  };
  for (int i = 0; i < kSyllables; ++i) {
    two_bytes(kFirstSyllable + i, kSyllableLead + (i >> 8), i & 0xFF);
  }
  for (int i = 0; i < 256; ++i) {
    two_bytes(kFirstPunctuation + i, kPunctuationLead, i);
    two_bytes(kFirstCjk + i, kCjkLead, i);
  }
  size_t next = 0;
  for (int byte = 1; byte < kSyllableLead; ++byte) {
    out.letter[byte] = IsAsciiText(byte) ? static_cast<char16_t>(byte) : kCommonLetters[next++];
    out.code[out.letter[byte]] = static_cast<uint16_t>(byte);
  }
  return out;
}
static_assert(kCommonLetters.size() == kSyllableLead - 1 - 97);

const Letters& AllLetters() {
  static const auto* const letters = new Letters(MakeLetters());
  return *letters;
}

// Reads the letter of UTF-8 that begins at `text` and goes behind it. ASCII and three bytes, which
// take turns unpredictably, without a branch between them.
uint32_t ReadLetter(const char*& text, const char* end) {
  const auto byte = [&text](int at) { return uint32_t{static_cast<uint8_t>(text[at])}; };
  const uint32_t lead = byte(0);
  const bool is_other = (lead - 0x80u < 0x60) | (lead >= 0xF0);
  if (end - text < 3 || is_other) [[unlikely]] {
    const int size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t letter = size == 1 ? lead : lead & (0x7Fu >> size);
    for (int i = 1; i < size; ++i) letter = letter << 6 | (byte(i) & 0x3F);
    text += size;
    return letter;
  }
  const uint32_t ascii = (lead >> 7) - 1;  // all bits or none
  const uint32_t three = (lead & 0xF) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  text += 3 - (2 & ascii);
  return (lead & ascii) | (three & ~ascii);
}

// Writes a letter as UTF-8, with room for four bytes, and goes behind it.
void WriteLetter(uint32_t letter, char*& out) {
  const auto put = [&out](uint32_t byte) { *out++ = static_cast<char>(byte); };
  const auto rest = [&](int shift) { put(0x80 | (letter >> shift & 0x3F)); };
  if (letter < 0x80) return put(letter);
  if (letter < 0x800) {
    put(0xC0 | letter >> 6);
  } else {
    if (letter < 0x10000) {
      put(0xE0 | letter >> 12);
    } else {
      put(0xF0 | (letter >> 18 & 0x7));
      rest(12);
    }
    rest(6);
  }
  rest(0);
}

}  // namespace

bool AppendKoreanCode(std::string_view text, size_t most, std::string& out) {
  const Letters& letters = AllLetters();
  const size_t start = out.size();
  out.resize(start + most + 4);  // the last letter may end past `most`
  char* to = out.data() + start;
  const char* const end = to + most;
  const char* from = text.data();
  const char* const text_end = from + text.size();
  while (from < text_end && to <= end) {
    const uint32_t letter = ReadLetter(from, text_end);
    const uint32_t code = letter < 0x10000 ? letters.code[letter] : 0;
    if (code != 0) [[likely]] {
      to[0] = static_cast<char>(code);
      to[1] = static_cast<char>(code >> 8);
      to += (code & 0xFF) < kSyllableLead ? 1 : 2;
      continue;
    }
    if (letter < 0x10000) {
      *to++ = static_cast<char>(kEscape);
    } else {
      *to++ = static_cast<char>(kLongEscape);
      *to++ = static_cast<char>(letter >> 16);
    }
    *to++ = static_cast<char>(letter >> 8);
    *to++ = static_cast<char>(letter);
  }
  const bool fits = from >= text_end && to <= end;
  out.resize(static_cast<size_t>(to - out.data()));
  return fits;
}

std::optional<std::string> DecodeKoreanCode(std::string_view code, size_t size) {
  if (size > code.size() * kTextBytesPerCodeByte) return std::nullopt;
  const Letters& letters = AllLetters();
  std::string text(size + 4, '\0');
  char* to = text.data();
  const char* const end = to + size;
  const auto byte = [&](size_t at) { return uint32_t{static_cast<uint8_t>(code[at])}; };
  size_t at = 0;
  while (at < code.size() && to < end) {
    const uint32_t lead = byte(at);
    if (lead < kSyllableLead) {
      WriteLetter(letters.letter[lead], to);
      at += 1;
      continue;
    }
    const size_t length = lead < kEscape ? 2 : lead == kEscape ? 3 : 4;
    if (code.size() - at < length) return std::nullopt;
    uint32_t letter = byte(at + 1);
    if (lead < kPunctuationLead) {
      letter += kFirstSyllable + ((lead - kSyllableLead) << 8);
    } else if (lead < kEscape) {
      letter += lead == kPunctuationLead ? kFirstPunctuation : kFirstCjk;
    } else {
      for (size_t i = 2; i < length; ++i) letter = letter << 8 | byte(at + i);
    }
    WriteLetter(letter, to);
    at += length;
  }
  if (at != code.size() || to != end) return std::nullopt;
  text.resize(size);
  return text;
}

}  // namespace wonbon
