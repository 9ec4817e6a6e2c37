#include "core/store/rice.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>
#include <string_view>

namespace wonbon {
namespace {

// Differences are 32 bits: 31 of them below the unary part and one in it.
constexpr int kLargestParameter = 31;

class BitWriter {
 public:
  explicit BitWriter(std::string* out) : out_(*out) {}
  // The lowest `count` bits of `bits`, the lowest first; at most 32.
  void Put(uint64_t bits, int count) {
    held_ |= bits << size_;
    for (size_ += count; size_ >= 8; size_ -= 8, held_ >>= 8) {
      out_.push_back(static_cast<char>(held_));
    }
  }
  void Finish() {
    if (size_ > 0) out_.push_back(static_cast<char>(held_));
  }

 private:
  std::string& out_;
  uint64_t held_ = 0;
  int size_ = 0;
};

class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}
  // At most 32 bits; zeros behind the end.
  uint32_t Take(int count) {
    Fill();
    const auto bits = static_cast<uint32_t>(held_ & ((uint64_t{1} << count) - 1));
    Drop(count);
    return bits;
  }
  // 1 bits up to the next 0, which is taken too; ends with the bytes.
  uint64_t TakeOnes() {
    uint64_t ones = 0;
    for (;;) {
      Fill();
      const int run = std::min(std::countr_one(held_), size_);
      ones += static_cast<uint64_t>(run);
      Drop(run);
      if (size_ > 0 || bytes_.empty()) break;
    }
    Drop(1);
    return ones;
  }
  // All bits were there, and those left over are the zeros that fill the last byte.
  bool Finished() const { return !past_end_ && bytes_.empty() && size_ < 8 && held_ == 0; }

 private:
  void Fill() {
    for (; size_ <= 56 && !bytes_.empty(); size_ += 8) {
      held_ |= uint64_t{static_cast<uint8_t>(bytes_.front())} << size_;
      bytes_.remove_prefix(1);
    }
  }
  void Drop(int count) {
    if (count > size_) {
      past_end_ = true;
      count = size_;
    }
    held_ = count == 64 ? 0 : held_ >> count;
    size_ -= count;
  }

  std::string_view bytes_;
  uint64_t held_ = 0;
  int size_ = 0;
  bool past_end_ = false;
};

}  // namespace

void EncodeAscending(const std::vector<uint32_t>& numbers, ByteWriter* writer) {
  writer->Varint(numbers.size());
  if (numbers.empty()) return;
  // About the logarithm of the mean difference: within a twentieth of a bit of the best.
  const uint64_t mean = numbers.back() / numbers.size();
  const int low_bits = mean < 2 ? 0 : std::bit_width(mean) - 1;
  std::string bits;
  BitWriter out(&bits);
  uint64_t next = 0;  // the smallest number that may follow
  for (const uint32_t number : numbers) {
    const uint64_t gap = number - next;
    for (uint64_t high = gap >> low_bits; high > 0; --high) out.Put(1, 1);
    out.Put(0, 1);
    out.Put(gap & ((uint64_t{1} << low_bits) - 1), low_bits);
    next = uint64_t{number} + 1;
  }
  out.Finish();
  writer->U8(static_cast<uint8_t>(low_bits));
  writer->String(bits);
}

std::vector<uint32_t> DecodeAscending(size_t max, ByteReader* reader) {
  const uint64_t size = reader->Varint();
  if (size > max) reader->Fail("more numbers than there may be");
  if (size == 0 || reader->failed()) return {};
  const int low_bits = reader->U8();
  if (low_bits > kLargestParameter) reader->Fail("too many low bits");
  BitReader bits(reader->String());
  if (reader->failed()) return {};
  std::vector<uint32_t> numbers;
  numbers.reserve(size);
  uint64_t next = 0;
  for (uint64_t i = 0; i < size; ++i) {
    const uint64_t high = bits.TakeOnes();
    if (high > std::numeric_limits<uint32_t>::max() >> low_bits) break;
    const uint64_t number = next + (high << low_bits) + bits.Take(low_bits);
    if (number > std::numeric_limits<uint32_t>::max()) break;
    numbers.push_back(static_cast<uint32_t>(number));
    next = number + 1;
  }
  if (numbers.size() != size || !bits.Finished()) reader->Fail("numbers of another size");
  return numbers;
}

}  // namespace wonbon
