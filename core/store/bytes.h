// Bytes of stored records: a writer that appends and a reader that never passes the end.
//
// Integers are little-endian and of fixed width, an f64 is an IEEE 754 double; a varint holds 7
// bits a byte, lowest first, the top bit says that another byte follows; a string is its length as
// a varint, then its bytes.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"

namespace wonbon {

static_assert(std::endian::native == std::endian::little, "records are little-endian");

// Appends to `out`, which must outlive it.
class ByteWriter {
 public:
  explicit ByteWriter(std::string* out) : out_(*out) {}

  void U8(uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void U32(uint32_t value) { Raw(&value, sizeof value); }
  void U64(uint64_t value) { Raw(&value, sizeof value); }
  void I64(int64_t value) { Raw(&value, sizeof value); }
  void F64(double value) { Raw(&value, sizeof value); }
  void U128(absl::uint128 value) {
    U64(absl::Uint128Low64(value));
    U64(absl::Uint128High64(value));
  }
  void Varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) U8(static_cast<uint8_t>(value | 0x80));
    U8(static_cast<uint8_t>(value));
  }
  void String(std::string_view bytes) {
    Varint(bytes.size());
    out_.append(bytes);
  }
  void Raw(const void* bytes, size_t size) { out_.append(static_cast<const char*>(bytes), size); }

 private:
  std::string& out_;
};

// Reads what ByteWriter wrote. After the first fault everything reads as zero or empty, and Finish
// says what was wrong and where; callers check once, at the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  uint8_t U8() { return Fixed<uint8_t>(); }
  uint32_t U32() { return Fixed<uint32_t>(); }
  uint64_t U64() { return Fixed<uint64_t>(); }
  int64_t I64() { return Fixed<int64_t>(); }
  double F64() { return Fixed<double>(); }
  absl::uint128 U128() {
    const uint64_t low = U64();
    return absl::MakeUint128(U64(), low);
  }
  uint64_t Varint();
  std::string_view String();
  void Raw(void* out, size_t size);

  // For values that fit but mean nothing. The first fault stands.
  void Fail(const char* what);
  // The first byte of every record: its version. A later one is a fault.
  uint8_t Version(uint8_t newest);

  bool failed() const { return fault_ != nullptr; }
  size_t remaining() const { return bytes_.size() - position_; }
  // OK if all was read without a fault; DATA_LOSS "byte 17: cut short" otherwise.
  absl::Status Finish();

 private:
  template <typename T>
  T Fixed() {
    T value{};
    Raw(&value, sizeof value);
    return value;
  }

  std::string_view bytes_;
  size_t position_ = 0;
  size_t fault_position_ = 0;
  const char* fault_ = nullptr;
};

}  // namespace wonbon
