// A byte code for Korean text: the commonest letters of news in one byte, all other syllables in
// two. Half of UTF-8, at the speed of a copy.
//
//   one byte       \t, \n and 20..7E as in ASCII; the others of 01..CF: letters of a list
//   two bytes      D0..FB: syllables, by their place from U+AC00; FC: U+20xx; FD: U+30xx
//   three bytes    FE, then a code point below U+10000, big-endian
//   four bytes     FF, then any other code point, big-endian
//
// Functions of their arguments: thread-safe. Letters of the list are part of stored records: the
// list can be replaced only together with the method byte of body.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wonbon {

// What a byte of code stands for at most.
inline constexpr size_t kTextBytesPerCodeByte = 3;

// Appends the code of `text`; false, and more or less of it is appended, where it is longer than
// `most` bytes. REQUIRES: `text` is UTF-8.
bool AppendKoreanCode(std::string_view text, size_t most, std::string& out);

// The text of a code, nullopt where `code` is not one of a text of `size` bytes.
std::optional<std::string> DecodeKoreanCode(std::string_view code, size_t size);

}  // namespace wonbon
