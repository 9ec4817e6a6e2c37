#include "client/command/diff.h"

#include <algorithm>

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

// Lines of at most `width` cells.
std::vector<std::string> Wrap(std::string_view text, int width) {
  std::vector<std::string> rows;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string line = Printable(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    std::string_view rest = line;
    while (!rest.empty()) {
      const size_t bytes = std::max<size_t>(FittingBytes(rest, width), 1);
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
    const size_t begin_a = CharacterStart(a, span.a().begin());
    const size_t begin_b = CharacterStart(b, span.b().begin());
    const size_t end_a = CharacterStart(a, span.a().end());
    const size_t end_b = CharacterStart(b, span.b().end());
    if (begin_a < at_a || begin_b < at_b || end_a < begin_a || end_b < begin_b) continue;
    add(false, begin_a, begin_b);
    add(true, end_a, end_b);
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
