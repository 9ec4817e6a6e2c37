#include "core/text/utf8.h"

#include <cstdint>
#include <cstring>

namespace wonbon {
namespace {

bool IsContinuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

// Bytes of the well-formed sequence at `p`, 0 where it is ill-formed (Unicode 15, table 3-7: the
// second byte carries what overlong forms, surrogates and the end of Unicode forbid).
size_t SequenceBytes(const uint8_t* p, size_t left) {
  const uint8_t lead = p[0];
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return left >= 2 && IsContinuation(p[1]) ? 2 : 0;
  if (lead < 0xF0) {
    if (left < 3 || !IsContinuation(p[1]) || !IsContinuation(p[2])) return 0;
    if (lead == 0xE0 && p[1] < 0xA0) return 0;
    if (lead == 0xED && p[1] > 0x9F) return 0;
    return 3;
  }
  if (lead > 0xF4 || left < 4) return 0;
  if (!IsContinuation(p[1]) || !IsContinuation(p[2]) || !IsContinuation(p[3])) return 0;
  if (lead == 0xF0 && p[1] < 0x90) return 0;
  if (lead == 0xF4 && p[1] > 0x8F) return 0;
  return 4;
}

}  // namespace

size_t FindInvalidUtf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const size_t size = text.size();
  size_t i = 0;
  while (i < size) {
    if (bytes[i] < 0x80) {
      uint64_t word;
      if (size - i >= sizeof(word)) {
        std::memcpy(&word, bytes + i, sizeof(word));
        if ((word & 0x8080808080808080u) == 0) {
          i += sizeof(word);
          continue;
        }
      }
      ++i;
      continue;
    }
    // U+1000..U+CFFF but for the ends: Hangul, most Hanja, kana. No second byte is forbidden there.
    if (bytes[i] >= 0xE1 && bytes[i] <= 0xEC && size - i >= 3) {
      if (!IsContinuation(bytes[i + 1]) || !IsContinuation(bytes[i + 2])) return i;
      i += 3;
      continue;
    }
    const size_t length = SequenceBytes(bytes + i, size - i);
    if (length == 0) return i;
    i += length;
  }
  return size;
}

}  // namespace wonbon
