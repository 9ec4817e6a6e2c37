#include "core/text/squeezed.h"

#include <algorithm>
#include <cstdint>

namespace wonbon {
namespace {

// Whether `c` stays behind `last`.
bool Stays(char16_t c, char16_t last) { return c != u' ' && !(c == u'\n' && last == u'\n'); }

}  // namespace

void Squeezed::Assign(std::u16string_view text, size_t begin, size_t end) {
  text_ = text;
  begin_ = begin;
  end_ = end;
  utf8_.clear();
  units_.resize(end - begin);
  char16_t* out = units_.data();
  char16_t last = 0;
  for (size_t i = begin; i < end; ++i) {
    const char16_t c = text[i];
    if (!Stays(c, last)) continue;
    *out++ = (c & 0xF800) == 0xD800 ? u'\1' : c;
    last = c;
  }
  units_.resize(static_cast<size_t>(out - units_.data()));
}

std::string_view Squeezed::utf8() {
  if (!utf8_.empty()) return utf8_;
  utf8_.resize(3 * units_.size());
  char* out = utf8_.data();
  for (const char16_t unit : units_) {
    const uint32_t c = unit;
    if (c < 0x80) {
      *out++ = static_cast<char>(c);
    } else if (c < 0x800) {
      *out++ = static_cast<char>(0xC0 | c >> 6);
      *out++ = static_cast<char>(0x80 | (c & 0x3F));
    } else {
      *out++ = static_cast<char>(0xE0 | c >> 12);
      *out++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
      *out++ = static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  utf8_.resize(static_cast<size_t>(out - utf8_.data()));
  return utf8_;
}

size_t Squeezed::At(size_t offset) const {
  if (offset >= utf8_.size()) return end_;
  // Characters before it, ...
  auto left = std::count_if(utf8_.begin(), utf8_.begin() + static_cast<std::ptrdiff_t>(offset),
                            [](char byte) { return (byte & 0xC0) != 0x80; });
  // ... which are passed in the text.
  char16_t last = 0;
  for (size_t i = begin_; i < end_; ++i) {
    if (!Stays(text_[i], last)) continue;
    if (left-- == 0) return i;
    last = text_[i];
  }
  return end_;
}

}  // namespace wonbon
