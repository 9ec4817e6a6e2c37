// A part of a text: [begin, end), in the units of the text.
#pragma once

#include <cstddef>

namespace wonbon {

struct TextSpan {
  size_t begin = 0;
  size_t end = 0;
};

}  // namespace wonbon
