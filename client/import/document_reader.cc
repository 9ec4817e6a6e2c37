#include "client/import/document_reader.h"

#include <simdjson.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "client/import/rejects.h"
#include "client/limits.h"

namespace wonbon::client {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Files that were put one behind the other have a mark before any line.
std::string_view WithoutMark(std::string_view text) {
  while (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

// Nothing but two-byte sequences beside ASCII: Korean in UTF-8 has three-byte ones, and a pair of
// such bytes can be a syllable of CP949.
bool HasPairsOnly(std::string_view utf8) {
  bool pairs = false;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xE0) return false;
    pairs |= byte >= 0x80;
  }
  return pairs;
}

// A line of UTF-8 with a few broken bytes, which may be CP949 by chance: nearly all of its bytes
// beyond ASCII stand in three-byte sequences, of which Korean in CP949 has hardly one.
bool IsDamagedUtf8(std::string_view text) {
  const auto trail = [&](size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
  };
  size_t high = 0;
  size_t sequences = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0x80) == 0) continue;
    ++high;
    if ((static_cast<unsigned char>(text[i]) & 0xF0) == 0xE0 && trail(i + 1) && trail(i + 2)) {
      ++sequences;
      high += 2;
      i += 2;
    }
  }
  return sequences * 3 * 5 >= high * 4;
}

size_t FirstThatIsNotUtf8(std::string_view text) {
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0, begin = 0; i < size; begin = i) {
    UChar32 character;
    U8_NEXT(text.data(), i, size, character);
    if (character < 0) return static_cast<size_t>(begin);
  }
  return text.size();
}

// The key of the object in whose value byte `at` stands, or in which it stands itself; empty where
// there is none. The line need not be JSON in any encoding.
std::string_view KeyAt(std::string_view json, size_t at) {
  std::string_view key;
  int depth = 0;
  for (size_t i = 0; i < at && i < json.size(); ++i) {
    if (json[i] == '{' || json[i] == '[') ++depth;
    if (json[i] == '}' || json[i] == ']') --depth;
    if (json[i] != '"') continue;
    const size_t begin = ++i;
    while (i < json.size() && json[i] != '"') i += json[i] == '\\' ? 2 : 1;
    const size_t behind = json.find_first_not_of(" \t", std::min(i + 1, json.size()));
    const bool is_key = behind != json.npos && json[behind] == ':';
    if (depth == 1 && is_key) key = json.substr(begin, i - begin);
  }
  return key;
}

// `what`: "is not UTF-8". Names the key unless that is broken itself.
absl::Status BrokenByte(std::string_view line, size_t at, std::string_view what) {
  const std::string_view key = KeyAt(line, at);
  const bool readable = simdjson::validate_utf8(key.data(), key.size()) &&
                        key.size() <= kMaxLabelKeyBytes;
  std::string message = key.empty() || !readable ? "" : "\"" + std::string(key) + "\": ";
  message += "byte " + std::to_string(at) + " of the line ";
  return absl::DataLossError(message.append(what));
}

// Names with commas, semicolons or tabs between on the first line, and no object on any.
bool IsTable(std::string_view start) {
  const std::string_view line = start.substr(0, start.find('\n'));
  return line.find('{') == line.npos && line.find_first_of(",;\t") != line.npos &&
         start.find("\n{") == start.npos;
}

}  // namespace

const ArticleLineNotes DocumentReader::kNoNotes;

absl::Status CheckBeginning(std::string_view head) {
  const std::string_view start = WithoutMark(head);
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF") ||
      start.substr(0, 4).find('\0') != start.npos) {
    return absl::InvalidArgumentError(
        "is UTF-16, not UTF-8: iconv -f UTF-16 -t UTF-8 FILE | wonbon import -");
  }
  const size_t first = start.find_first_not_of(" \t\r\n");
  if (first != start.npos && start[first] == '[') {
    return absl::InvalidArgumentError(
        "is a JSON list; an import takes one article a line: jq -c '.[]' FILE | wonbon import -");
  }
  if (first != start.npos && IsTable(start.substr(first))) {
    return absl::InvalidArgumentError(
        "looks like a table (CSV); an import takes one JSON object a line: python3 -c 'import "
        "csv,json,sys; [print(json.dumps(row)) for row in csv.DictReader(sys.stdin)]' <FILE | "
        "wonbon import -");
  }
  return absl::OkStatus();
}

bool DocumentReader::IsBlank(const Line& line) {
  return WithoutMark(line.text).find_first_not_of(" \t\x1A") == std::string_view::npos;
}

absl::Status DocumentReader::Read(const Line& line, const LineReader& lines,
                                  v1::Document* document) {
  parsed_ = false;
  absl::Status status = Parse(line, lines, document);
  if (status.ok() && document->id().empty()) {
    return absl::InvalidArgumentError("\"id\" is missing or empty");
  }
  return status;
}

absl::Status DocumentReader::Parse(const Line& line, const LineReader& lines,
                                   v1::Document* document) {
  if (line.too_long) {
    return absl::InvalidArgumentError("the line is longer than " + std::to_string(kMaxLineBytes) +
                                      " bytes");
  }
  const std::string_view text = WithoutMark(line.text);
  // As we wrote it: UTF-8, whatever the files of the import are.
  if (std::optional<RejectedArticle> article = ArticleOfReject(text)) {
    if (!article->lost_bytes) return ParseText(std::move(article->line), document);
    return absl::DataLossError("bytes of the line are lost: U+FFFD stands for them");
  }
  Encoding encoding = encoding_;
  if (encoding == Encoding::kAuto) {
    if (!simdjson::validate_utf8(text.data(), text.size())) {
      encoding = Encoding::kCp949;
    } else if (last_ != Encoding::kUtf8 && HasPairsOnly(text)) {
      encoding = AsItsNeighbours(lines);
    } else {
      encoding = Encoding::kUtf8;
      if (!IsAscii(text)) last_ = encoding;
    }
  }
  if (encoding == Encoding::kUtf8 && !simdjson::validate_utf8(text.data(), text.size())) {
    return BrokenByte(text, FirstThatIsNotUtf8(text), "is not UTF-8");
  }
  if (encoding == Encoding::kUtf8 || IsAscii(text)) return ParsePadded(text, document);
  return ParseCp949(text, document);
}

Encoding DocumentReader::AsItsNeighbours(const LineReader& lines) {
  if (last_ == Encoding::kAuto) last_ = DetectEncoding(lines.ReadAhead(), &cp949_);
  return last_ == Encoding::kCp949 ? Encoding::kCp949 : Encoding::kUtf8;
}

absl::Status DocumentReader::ParseCp949(std::string_view text, v1::Document* document) {
  if (encoding_ == Encoding::kAuto && IsDamagedUtf8(text)) {
    return BrokenByte(text, FirstThatIsNotUtf8(text), "is not UTF-8, as the rest of it is");
  }
  size_t wrong = 0;
  const std::optional<std::string> utf8 = cp949_.Convert(text, &wrong);
  if (!utf8.has_value()) {
    const bool only = encoding_ == Encoding::kCp949;
    return BrokenByte(text, wrong, only ? "is not CP949" : "is neither UTF-8 nor CP949");
  }
  ++converted_;
  last_ = Encoding::kCp949;
  return ParseText(*utf8, document);
}

absl::Status DocumentReader::ParsePadded(std::string_view text, v1::Document* document) {
  parsed_ = true;
  return parser_.Parse(text, document);
}

absl::Status DocumentReader::ParseText(std::string text, v1::Document* document) {
  const size_t size = text.size();
  text.append(kLinePadding, '\0');
  return ParsePadded(std::string_view(text).substr(0, size), document);
}

std::string DocumentReader::Text(const Line& line) {
  const std::string_view text = WithoutMark(line.text);
  if (std::optional<RejectedArticle> article = ArticleOfReject(text)) {
    return std::move(article->line);
  }
  if (encoding_ == Encoding::kCp949 || !simdjson::validate_utf8(text.data(), text.size())) {
    std::optional<std::string> utf8 = cp949_.Convert(text);
    if (utf8.has_value()) return *std::move(utf8);
  }
  return std::string(text);
}

}  // namespace wonbon::client
