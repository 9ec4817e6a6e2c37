// A stretch of folded text as boilerplate rules see it: no spaces, one '\n' for any line breaks.
// Not thread-safe; made to be reused, since an article has dozens of such stretches.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wonbon {

class Squeezed {
 public:
  // Takes [begin, end) of `text`, which must outlive this.
  void Assign(std::u16string_view text, size_t begin, size_t end);

  // No rule asks for characters past the basic plane: U+0001 stands for either half.
  std::u16string_view units() const { return units_; }
  // The same as UTF-8; written when it is first asked for.
  std::string_view utf8();
  // Index in the folded text of the character at byte `offset` of utf8(); past the last one, `end`
  // as given. Walks from the beginning: matches are rare, stretches are not. REQUIRES: utf8() was
  // asked for.
  size_t At(size_t offset) const;
  size_t At(const char* in_utf8) const { return At(static_cast<size_t>(in_utf8 - utf8_.data())); }

 private:
  std::u16string_view text_;
  size_t begin_ = 0;
  size_t end_ = 0;
  std::u16string units_;
  std::string utf8_;  // empty until it is written
};

}  // namespace wonbon
