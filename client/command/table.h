// Text for the terminal: columns that line up although Hangul is two cells wide, and no control
// characters, because article text comes from strangers. How wide a character is, ICU knows.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace wonbon::client {

// Control characters (line ends as well) become spaces, bytes that are not UTF-8 become U+FFFD.
std::string Printable(std::string_view text);

// Terminal cells of printable text.
int DisplayWidth(std::string_view text);

// The longest beginning of `text` that fits into `width` cells, in bytes.
size_t FittingBytes(std::string_view text, int width);

// At most `width` cells, with an ellipsis where something was cut.
std::string Clip(std::string_view text, int width);

// Cells of the terminal that a file descriptor is: at least 40; 100 where it is not known.
int TerminalWidth(int fd);

// Columns of text. The first row is the heading.
class Table {
 public:
  explicit Table(std::vector<std::string> heading) { AddRow(std::move(heading)); }

  void AddRow(std::vector<std::string> cells);
  // In so many cells: the widest columns are clipped, every one of them if it must be. 0: as wide
  // as the rows are, which is for files and pipes.
  void Print(std::ostream& out, int columns) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace wonbon::client
