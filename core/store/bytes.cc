#include "core/store/bytes.h"

#include "absl/strings/str_cat.h"

namespace wonbon {

uint64_t ByteReader::Varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const uint8_t byte = U8();
    if (shift == 63 && byte > 1) break;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  Fail("a number past 64 bits");
  return 0;
}

std::string_view ByteReader::String() {
  const uint64_t size = Varint();
  if (size > remaining()) {
    Fail("cut short");
    return {};
  }
  const std::string_view bytes = bytes_.substr(position_, size);
  position_ += size;
  return bytes;
}

void ByteReader::Raw(void* out, size_t size) {
  if (size == 0) return;  // `out` may be null then
  if (failed() || size > remaining()) {
    std::memset(out, 0, size);
    Fail("cut short");
    return;
  }
  std::memcpy(out, bytes_.data() + position_, size);
  position_ += size;
}

void ByteReader::Fail(const char* what) {
  if (failed()) return;
  fault_ = what;
  fault_position_ = position_;
  position_ = bytes_.size();
}

uint8_t ByteReader::Version(uint8_t newest) {
  const uint8_t version = U8();
  if (version == 0 || version > newest) Fail("unknown record version");
  return version;
}

absl::Status ByteReader::Finish() {
  if (!failed() && remaining() > 0) Fail("bytes past the end of the record");
  if (!failed()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("byte ", fault_position_, ": ", fault_));
}

}  // namespace wonbon
