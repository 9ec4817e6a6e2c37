// Lines of an input, with their place in it.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/import/input_stream.h"
#include "client/limits.h"

namespace wonbon::client {

// Behind every line this many bytes may be read (not written): simdjson needs them.
inline constexpr size_t kLinePadding = 64;

struct Line {
  // Without the line end (LF or CR LF). Valid until the next call of the reader.
  std::string_view text;
  // From 1 on.
  uint64_t number = 0;
  // Of the unpacked bytes: where the next line begins.
  uint64_t end_offset = 0;
  // `text` is only the beginning.
  bool too_long = false;
};

class LineReader {
 public:
  // `input` must outlive the reader.
  explicit LineReader(InputStream* input, size_t max_line_bytes = kMaxLineBytes);

  // The next line; nothing at the end. Errors are those of InputStream::Read.
  absl::StatusOr<std::optional<Line>> Next();

  // Passes over the first lines: `offset` unpacked bytes that hold `lines` lines.
  // REQUIRES: nothing was read yet. OUT_OF_RANGE: the input is shorter.
  absl::Status Skip(uint64_t offset, uint64_t lines);

  // The beginning of the input: at least `size` bytes where there are as many. REQUIRES: nothing
  // was read yet.
  absl::StatusOr<std::string_view> Peek(size_t size);

  // Lines returned so far, those passed over included.
  uint64_t count() const { return number_; }

  // Whole lines read ahead behind the last one returned, as far as they are there.
  std::string_view ReadAhead() const;

 private:
  // Reads more behind what is buffered. False at the end.
  absl::StatusOr<bool> Fill();

  InputStream* const input_;
  const size_t max_line_bytes_;
  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t offset_ = 0;  // of begin_, in the unpacked bytes
  uint64_t number_ = 0;
};

}  // namespace wonbon::client
