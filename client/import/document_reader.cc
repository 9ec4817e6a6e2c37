#include "client/import/document_reader.h"

namespace wonbon::client {
namespace {

std::string_view WithoutMark(const Line& line) {
  std::string_view text = line.text;
  if (line.number == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

}  // namespace

bool DocumentReader::IsBlank(const Line& line) {
  return WithoutMark(line).find_first_not_of(" \t") == std::string_view::npos;
}

absl::Status DocumentReader::Read(const Line& line, const LineReader& lines,
                                  v1::Document* document) {
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
  const std::string_view text = WithoutMark(line);
  if (encoding_ == Encoding::kCp949) return ParseCp949(text, document);
  absl::Status status = parser_.Parse(text, document);
  if (encoding_ == Encoding::kUtf8) return status;
  if (status.code() != absl::StatusCode::kDataLoss) {
    if (!IsAscii(text)) encoding_ = Encoding::kUtf8;
    return status;
  }
  // The first line that is not ASCII is not UTF-8 either.
  const std::string sample = std::string(text) + "\n" + std::string(lines.ReadAhead());
  encoding_ = DetectEncoding(sample, &cp949_);
  if (encoding_ != Encoding::kCp949) return status;
  document->Clear();
  return ParseCp949(text, document);
}

absl::Status DocumentReader::ParseCp949(std::string_view text, v1::Document* document) {
  const absl::StatusOr<std::string> utf8 = cp949_.Convert(text);
  if (!utf8.ok()) return utf8.status();
  std::string padded = *utf8;
  padded.append(kLinePadding, '\0');
  return parser_.Parse(std::string_view(padded).substr(0, utf8->size()), document);
}

std::string DocumentReader::Text(const Line& line) {
  const std::string_view text = WithoutMark(line);
  if (encoding_ == Encoding::kCp949) {
    absl::StatusOr<std::string> utf8 = cp949_.Convert(text);
    if (utf8.ok()) return *std::move(utf8);
  }
  return std::string(text);
}

}  // namespace wonbon::client
