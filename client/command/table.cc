#include "client/command/table.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace wonbon::client {
namespace {

struct Decoded {
  char32_t code_point = 0xFFFD;
  size_t bytes = 1;
  bool valid = false;
};

Decoded Decode(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {.code_point = lead, .bytes = 1, .valid = true};
  const size_t bytes = lead >= 0xF0 && lead < 0xF5   ? 4
                       : lead >= 0xE0 && lead < 0xF0 ? 3
                       : lead >= 0xC2 && lead < 0xE0 ? 2
                                                     : 0;
  if (bytes == 0 || text.size() < bytes) return {};
  char32_t code_point = lead & (0x7F >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code_point = (code_point << 6) | (byte(i) & 0x3F);
  }
  return {.code_point = code_point, .bytes = bytes, .valid = true};
}

// East Asian Wide and Fullwidth, in broad strokes (Unicode annex 11), and what takes no cell.
int Width(char32_t c) {
  if (c == 0x200B || c == 0x200C || c == 0x200D || c == 0xFEFF) return 0;
  if ((c >= 0x0300 && c < 0x0370) || (c >= 0x1160 && c < 0x1200)) return 0;
  const bool wide = (c >= 0x1100 && c < 0x1160) || (c >= 0x2E80 && c < 0x303F) ||
                    (c >= 0x3041 && c < 0xA4D0) || (c >= 0xAC00 && c < 0xD7A4) ||
                    (c >= 0xF900 && c < 0xFB00) || (c >= 0xFE30 && c < 0xFE70) ||
                    (c >= 0xFF01 && c < 0xFF61) || (c >= 0xFFE0 && c < 0xFFE7) ||
                    (c >= 0x1F300 && c < 0x1FA00) || (c >= 0x20000 && c < 0x40000);
  return wide ? 2 : 1;
}

bool IsControl(char32_t c) {
  // Also the marks that turn the direction of writing.
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Decoded decoded = Decode(text);
    if (!decoded.valid) {
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

int TerminalWidth() {
  struct winsize size {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return std::max<int>(size.ws_col, 40);
}

void Table::AddRow(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

void Table::Print(std::ostream& out) const {
  std::vector<int> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  const bool clip = ::isatty(STDOUT_FILENO) != 0;
  const int terminal = TerminalWidth();
  for (const auto& row : rows_) {
    int used = 0;
    for (size_t i = 0; i + 1 < row.size(); ++i) {
      out << row[i] << std::string(widths[i] - DisplayWidth(row[i]) + 2, ' ');
      used += widths[i] + 2;
    }
    if (!row.empty()) out << (clip ? Clip(row.back(), std::max(terminal - used, 20)) : row.back());
    out << '\n';
  }
}

}  // namespace wonbon::client
