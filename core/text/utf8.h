// Checks that bytes are UTF-8 as Unicode defines it: no overlong forms, no surrogates, nothing past
// U+10FFFF. Thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace wonbon {

// Offset of the first byte of the first ill-formed sequence; text.size() where the text is valid.
size_t FindInvalidUtf8(std::string_view text);

}  // namespace wonbon
