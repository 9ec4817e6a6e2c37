// Escaped characters of a url: one spelling for each ("%EC%97%AC", "여", decomposed "여"; "(",
// "%28").
//
// Pure function, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace wonbon {

// `part`: of a url, between its delimiters. Letters, digits, "-._~" and all that is not ASCII come
// out plain, and composed (NFC) where they are UTF-8; every other character comes out escaped.
std::string FoldEscapes(std::string_view part);

}  // namespace wonbon
