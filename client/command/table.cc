#include "client/command/table.h"

#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>

namespace wonbon::client {
namespace {

// Between two columns.
constexpr int kGap = 2;
// What a column keeps however narrow the terminal is.
constexpr int kLeastCells = 4;

struct Decoded {
  UChar32 code_point = -1;  // below 0: no UTF-8
  size_t bytes = 1;
};

Decoded Decode(std::string_view text) {
  Decoded decoded;
  int32_t i = 0;
  const auto size = static_cast<int32_t>(std::min<size_t>(text.size(), U8_MAX_LENGTH));
  U8_NEXT(text.data(), i, size, decoded.code_point);
  decoded.bytes = decoded.code_point < 0 ? 1 : static_cast<size_t>(i);
  return decoded;
}

// Terminal cells of a character, by the tables of Unicode (annex 11) that ICU has.
int Width(UChar32 c) {
  switch (u_charType(c)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
      // A soft hyphen is shown.
      return c == 0xAD ? 1 : 0;
    default: break;
  }
  // Vowels and final consonants stand in the cells of the consonant before them.
  const int syllable = u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE);
  if (syllable == U_HST_VOWEL_JAMO || syllable == U_HST_TRAILING_JAMO) return 0;
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

bool IsControl(UChar32 c) {
  // Also the marks that turn the direction of writing.
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// Takes cells from the widest columns, evenly, until all fit.
void Shrink(int columns, std::vector<int>* widths) {
  int used = -kGap;
  for (const int width : *widths) used += width + kGap;
  while (used > columns) {
    int& widest = *std::max_element(widths->begin(), widths->end());
    if (widest <= kLeastCells) return;
    --widest;
    --used;
  }
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Decoded decoded = Decode(text);
    if (decoded.code_point < 0) {
      result += "\xEF\xBF\xBD";
    } else if (IsControl(decoded.code_point)) {
      result += ' ';
    } else {
      result += text.substr(0, decoded.bytes);
    }
    text.remove_prefix(decoded.bytes);
  }
  return result;
}

int DisplayWidth(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Decoded decoded = Decode(text);
    width += Width(decoded.code_point);
    text.remove_prefix(decoded.bytes);
  }
  return width;
}

size_t FittingBytes(std::string_view text, int width) {
  size_t bytes = 0;
  while (bytes < text.size()) {
    const Decoded decoded = Decode(text.substr(bytes));
    width -= Width(decoded.code_point);
    if (width < 0) break;
    bytes += decoded.bytes;
  }
  return bytes;
}

std::string Clip(std::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  return std::string(text.substr(0, FittingBytes(text, width - 1))) + "…";
}

int TerminalWidth(int fd) {
  struct winsize size {};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return std::max<int>(size.ws_col, 40);
}

void Table::AddRow(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

void Table::Print(std::ostream& out, int columns) const {
  std::vector<int> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  if (columns > 0) Shrink(columns, &widths);
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string cell = Clip(row[i], widths[i]);
      out << cell;
      if (i + 1 < row.size()) out << std::string(widths[i] - DisplayWidth(cell) + kGap, ' ');
    }
    out << '\n';
  }
}

}  // namespace wonbon::client
