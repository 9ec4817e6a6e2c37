#include "client/import/line_reader.h"

#include <algorithm>
#include <cstring>

namespace wonbon::client {
namespace {

constexpr size_t kFirstBufferBytes = 1 << 20;
// Room asked for at least in each read.
constexpr size_t kMinReadBytes = 64 << 10;

}  // namespace

LineReader::LineReader(InputStream* input, size_t max_line_bytes)
    : input_(input), max_line_bytes_(max_line_bytes), buffer_(kFirstBufferBytes) {}

absl::StatusOr<bool> LineReader::Fill() {
  if (buffer_.size() - end_ < kMinReadBytes + kLinePadding) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    if (buffer_.size() - end_ < kMinReadBytes + kLinePadding) buffer_.resize(buffer_.size() * 2);
  }
  const absl::StatusOr<size_t> n =
      input_->Read(buffer_.data() + end_, buffer_.size() - end_ - kLinePadding);
  if (!n.ok()) return n.status();
  end_ += *n;
  return *n > 0;
}

absl::StatusOr<std::optional<Line>> LineReader::Next() {
  Line line;
  line.number = number_ + 1;
  size_t searched = 0;
  const char* newline = nullptr;
  for (;;) {
    const char* from = buffer_.data() + begin_ + searched;
    newline = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_ - searched));
    if (newline != nullptr) break;
    searched = end_ - begin_;
    if (searched > max_line_bytes_) {
      // Keep the beginning for the report and drop what follows, so that memory stays bounded.
      line.too_long = true;
      offset_ += searched - max_line_bytes_;
      end_ -= searched - max_line_bytes_;
      searched = max_line_bytes_;
    }
    const absl::StatusOr<bool> more = Fill();
    if (!more.ok()) return more.status();
    if (!*more) break;
  }
  if (newline == nullptr && begin_ == end_) return std::nullopt;
  const char* const start = buffer_.data() + begin_;
  const size_t length = newline != nullptr ? newline - start : end_ - begin_;
  const size_t taken = length + (newline != nullptr ? 1 : 0);
  line.text = std::string_view(start, length);
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  if (line.text.size() > max_line_bytes_) line.too_long = true;
  begin_ += taken;
  offset_ += taken;
  ++number_;
  line.end_offset = offset_;
  return line;
}

absl::Status LineReader::Skip(uint64_t offset, uint64_t lines) {
  while (offset_ < offset) {
    if (begin_ == end_) {
      begin_ = end_ = 0;
      const absl::StatusOr<bool> more = Fill();
      if (!more.ok()) return more.status();
      if (!*more) return absl::OutOfRangeError("the input is shorter than at the last import");
    }
    const size_t n = std::min<uint64_t>(end_ - begin_, offset - offset_);
    begin_ += n;
    offset_ += n;
  }
  number_ = lines;
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> LineReader::Peek(size_t size) {
  while (end_ - begin_ < size) {
    const absl::StatusOr<bool> more = Fill();
    if (!more.ok()) return more.status();
    if (!*more) break;
  }
  return std::string_view(buffer_.data() + begin_, end_ - begin_);
}

std::string_view LineReader::ReadAhead() const {
  const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
  const size_t last = rest.rfind('\n');
  return last == rest.npos ? std::string_view() : rest.substr(0, last);
}

}  // namespace wonbon::client
