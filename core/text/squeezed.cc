#include "core/text/squeezed.h"

#include <cstdint>

namespace wonbon {
namespace {

// Bytes that `c` takes after what ends in `last`.
size_t SqueezedBytes(char16_t c, char last) {
  if (c == u' ' || (c == u'\n' && last == '\n')) return 0;
  if (c < 0x80 || (c & 0xF800) == 0xD800) return 1;
  return c < 0x800 ? 2 : 3;
}

}  // namespace

void Squeezed::Assign(std::u16string_view text, size_t begin, size_t end) {
  text_ = text;
  begin_ = begin;
  end_ = end;
  utf8_.resize(3 * (end - begin));
  char* out = utf8_.data();
  char last = 0;
  for (size_t i = begin; i < end; ++i) {
    const uint32_t c = text[i];
    switch (SqueezedBytes(text[i], last)) {
      case 0: continue;
      // No rule asks for characters past the basic plane: \1 stands for either half.
      case 1: *out++ = c < 0x80 ? static_cast<char>(c) : '\1'; break;
      case 2:
        *out++ = static_cast<char>(0xC0 | c >> 6);
        *out++ = static_cast<char>(0x80 | (c & 0x3F));
        break;
      default:
        *out++ = static_cast<char>(0xE0 | c >> 12);
        *out++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
        *out++ = static_cast<char>(0x80 | (c & 0x3F));
    }
    last = out[-1];
  }
  utf8_.resize(static_cast<size_t>(out - utf8_.data()));
}

size_t Squeezed::At(size_t offset) const {
  if (offset >= utf8_.size()) return end_;
  size_t bytes = 0;
  for (size_t i = begin_; i < end_; ++i) {
    const size_t taken = SqueezedBytes(text_[i], bytes == 0 ? '\0' : utf8_[bytes - 1]);
    if (taken > 0 && bytes + taken > offset) return i;
    bytes += taken;
  }
  return end_;
}

}  // namespace wonbon
