#include "client/command/diff.h"

#include <algorithm>
#include <cctype>

#include "client/command/table.h"

namespace wonbon::client {
namespace {

// Rows of a longer common stretch that are printed at its begin and at its end.
constexpr size_t kContextRows = 2;

constexpr char kRed[] = "\033[31m";
constexpr char kGreen[] = "\033[32m";
constexpr char kDim[] = "\033[2m";
constexpr char kPlain[] = "\033[0m";

// A byte inside of a character belongs to what precedes it.
size_t CharacterStart(std::string_view text, size_t offset) {
  offset = std::min(offset, text.size());
  while (offset > 0 && offset < text.size() && (text[offset] & 0xC0) == 0x80) --offset;
  return offset;
}

size_t NextCharacter(std::string_view text, size_t offset) {
  ++offset;
  while (offset < text.size() && (text[offset] & 0xC0) == 0x80) ++offset;
  return std::min(offset, text.size());
}

// Part of a word: no space and no punctuation (ASCII, and the blocks that typesetting uses).
bool IsWord(std::string_view text, size_t offset) {
  const auto byte = static_cast<unsigned char>(text[offset]);
  if (byte < 0x80) return std::isalnum(byte) != 0;
  const std::string_view rest = text.substr(offset);
  return !rest.starts_with("\xE2\x80") && !rest.starts_with("\xE2\x81") &&
         !rest.starts_with("\xE3\x80") && !rest.starts_with("\xC2\xA0") &&
         !rest.starts_with("\xC2\xB7");
}

// No word goes on across this place.
bool IsBetweenWords(std::string_view text, size_t offset) {
  if (offset == 0 || offset >= text.size()) return true;
  return !IsWord(text, CharacterStart(text, offset - 1)) || !IsWord(text, offset);
}

// A stretch that both texts have.
struct Stretch {
  size_t begin_a, end_a;
  size_t begin_b, end_b;

  bool empty() const { return begin_a >= end_a || begin_b >= end_b; }
};

// Over one letter, and what stands before it.
size_t StepForward(std::string_view text, size_t offset, size_t end) {
  while (offset < end && !IsWord(text, offset)) offset = NextCharacter(text, offset);
  return offset < end ? NextCharacter(text, offset) : end;
}

// The same towards `begin`.
size_t StepBack(std::string_view text, size_t offset, size_t begin) {
  while (offset > begin) {
    offset = CharacterStart(text, offset - 1);
    if (IsWord(text, offset)) break;
  }
  return offset;
}

// Shortened to whole words of both texts: half a word in common is a word that differs. Letters
// match one to one, what stands between them need not.
void KeepWholeWords(std::string_view a, std::string_view b, Stretch* stretch) {
  while (!stretch->empty() &&
         !(IsBetweenWords(a, stretch->begin_a) && IsBetweenWords(b, stretch->begin_b))) {
    stretch->begin_a = StepForward(a, stretch->begin_a, stretch->end_a);
    stretch->begin_b = StepForward(b, stretch->begin_b, stretch->end_b);
  }
  while (!stretch->empty() &&
         !(IsBetweenWords(a, stretch->end_a) && IsBetweenWords(b, stretch->end_b))) {
    stretch->end_a = StepBack(a, stretch->end_a, stretch->begin_a);
    stretch->end_b = StepBack(b, stretch->end_b, stretch->begin_b);
  }
  // Spaces alone are nothing in common.
  size_t letter = stretch->begin_a;
  while (letter < stretch->end_a && !IsWord(a, letter)) letter = NextCharacter(a, letter);
  if (letter >= stretch->end_a) stretch->end_a = stretch->begin_a;
}

// The beginning of `line` for one row of `width` cells: up to a space, unless one word fills it.
size_t RowBytes(std::string_view line, int width) {
  const size_t fits = std::max<size_t>(FittingBytes(line, width), 1);
  if (fits == line.size() || line[fits] == ' ') return fits;
  const size_t space = line.substr(0, fits).find_last_of(' ');
  return space == line.npos || line.find_first_not_of(' ') > space ? fits : space + 1;
}

// Lines of at most `width` cells, broken between words.
std::vector<std::string> Wrap(std::string_view text, int width) {
  std::vector<std::string> rows;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string line = Printable(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    std::string_view rest = line;
    while (!rest.empty()) {
      const size_t bytes = RowBytes(rest, width);
      rows.emplace_back(rest.substr(0, bytes));
      rest.remove_prefix(bytes);
      while (rest.starts_with(' ')) rest.remove_prefix(1);
    }
  }
  return rows;
}

class DiffPrinter {
 public:
  DiffPrinter(std::ostream& out, const DiffStyle& style)
      : out_(out), style_(style), column_((style.width - 3) / 2) {}

  void Print(const DiffBlock& block) {
    const std::vector<std::string> a = Wrap(block.a, column_);
    const std::vector<std::string> b = Wrap(block.b, column_);
    const size_t rows = std::max(a.size(), b.size());
    const char mark = block.same ? ' ' : a.empty() ? '>' : b.empty() ? '<' : '|';
    const bool shorten = block.same && !style_.full && rows > 2 * kContextRows + 1;
    for (size_t i = 0; i < rows; ++i) {
      if (shorten && i == kContextRows) {
        PrintRow("⋯ " + std::to_string(rows - 2 * kContextRows) + " lines in common", ' ', "⋯",
                 true);
        i = rows - kContextRows - 1;
        continue;
      }
      PrintRow(i < a.size() ? a[i] : "", mark, i < b.size() ? b[i] : "", block.same);
    }
  }

 private:
  void PrintRow(const std::string& a, char mark, const std::string& b, bool same) {
    const std::string pad(std::max(column_ - DisplayWidth(a), 0), ' ');
    if (!style_.colour) {
      out_ << a << pad << ' ' << mark << ' ' << b << '\n';
      return;
    }
    out_ << (same ? kDim : kRed) << a << kPlain << pad << ' ' << mark << ' '
         << (same ? kDim : kGreen) << b << kPlain << '\n';
  }

  std::ostream& out_;
  const DiffStyle style_;
  const int column_;
};

}  // namespace

std::vector<DiffBlock> MakeDiff(std::string_view a, std::string_view b,
                                const v1::CompareResponse& comparison) {
  std::vector<DiffBlock> blocks;
  size_t at_a = 0;
  size_t at_b = 0;
  const auto add = [&](bool same, size_t end_a, size_t end_b) {
    if (end_a == at_a && end_b == at_b) return;
    blocks.push_back(
        {.same = same, .a = a.substr(at_a, end_a - at_a), .b = b.substr(at_b, end_b - at_b)});
    at_a = end_a;
    at_b = end_b;
  };
  for (const v1::SharedSpan& span : comparison.shared()) {
    Stretch stretch{.begin_a = CharacterStart(a, span.a().begin()),
                    .end_a = CharacterStart(a, span.a().end()),
                    .begin_b = CharacterStart(b, span.b().begin()),
                    .end_b = CharacterStart(b, span.b().end())};
    if (stretch.begin_a < at_a || stretch.begin_b < at_b) continue;
    KeepWholeWords(a, b, &stretch);
    if (stretch.empty()) continue;
    add(false, stretch.begin_a, stretch.begin_b);
    add(true, stretch.end_a, stretch.end_b);
  }
  add(false, a.size(), b.size());
  return blocks;
}

void PrintDiff(std::ostream& out, std::string_view a, std::string_view b,
               const v1::CompareResponse& comparison, const DiffStyle& style) {
  DiffPrinter printer(out, style);
  for (const DiffBlock& block : MakeDiff(a, b, comparison)) printer.Print(block);
}

}  // namespace wonbon::client
