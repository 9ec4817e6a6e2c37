// Korean spelling that the generator needs: particles, numbers, and forms of the same text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "tests/corpus/random.h"

namespace wonbon::corpus {

// Code points of valid UTF-8, and back.
std::u32string Decode(std::string_view utf8);
std::string Encode(std::u32string_view text);

// Number of Hangul syllables.
size_t Syllables(std::string_view utf8);

// `word` with the particle that fits its last syllable: Topic 은/는, Subject 이/가, Object 을/를,
// With 과/와, Toward 으로/로. A word that does not end in Hangul takes the form after a vowel.
std::string Topic(std::string_view word);
std::string Subject(std::string_view word);
std::string Object(std::string_view word);
std::string With(std::string_view word);
std::string Toward(std::string_view word);

// A count as newspapers write it: 37, 4천600, 1만2천.
std::string Count(int64_t value);

// The same text otherwise encoded: Hangul syllables as conjoining jamo (NFD); ASCII as full-width
// forms.
std::string Decomposed(std::string_view utf8);
std::string FullWidth(std::string_view utf8);
// Spaces dropped (`percent_dropped` of 100), others added between syllables (`percent_added`).
std::string Respaced(std::string_view utf8, int percent_dropped, int percent_added, Random& random);
// Every run of ASCII digits replaced by another number of the same length.
std::string Renumbered(std::string_view utf8, Random& random);

// Builds a text from left to right. Operands of + may be evaluated in any order, those of << may
// not: what is drawn at random stays the same under every compiler.
class Line {
 public:
  Line& operator<<(std::string_view text) & {
    text_ += text;
    return *this;
  }
  Line&& operator<<(std::string_view text) && {
    text_ += text;
    return std::move(*this);
  }
  operator std::string() && { return std::move(text_); }  // NOLINT(google-explicit-constructor)

 private:
  std::string text_;
};

// &, < and > as HTML entities.
std::string EscapeHtml(std::string_view text);

}  // namespace wonbon::corpus
