// Canonical text: what is compared instead of the bytes a publisher sent.
//
//   bytes -> HTML reduced to its text -> Unicode folded -> Korean boilerplate removed -> letters
//   and digits only
//
// Pure functions, thread-safe. Input must be valid UTF-8 (see utf8.h); for invalid input the result
// is unspecified, never a crash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/document.h"

namespace wonbon {

// Recorded in the store and checked at open: texts canonicalised by different rules do not compare.
inline constexpr uint32_t kTextRulesVersion = 2;

struct CanonicalText {
  // Folded text after HTML and boilerplate were removed, with spaces, punctuation and line breaks
  // ('\n'): where numbers, quotations and sentences are read. UTF-16.
  std::u16string folded;
  // The letters and digits of `folded`, in order: what shingles are cut from. UTF-16.
  std::u16string units;
  // Where sentences, lines and items of a list end, as offsets in `units`, ascending; the last one
  // is where the text does.
  std::vector<uint32_t> sentence_ends;
  // Only if asked for: unit_source[i] is the byte offset, in the submitted field, of the character
  // that units[i] comes from; unit_source_end[i] the offset just past it. Same size as `units`.
  std::vector<uint32_t> unit_source;
  std::vector<uint32_t> unit_source_end;
};

struct CanonicalizeOptions {
  ContentType content_type = ContentType::kDetect;
  bool with_source = false;
};

// The canonical text of a body. Where boilerplate is all there is, it stays: `units` is empty only
// for a body without any letter or digit.
CanonicalText Canonicalize(std::string_view body, const CanonicalizeOptions& options);

// The canonical text of a headline: folded, no boilerplate rules but headline tags
// ("[단독]", "(종합)") kept.
CanonicalText CanonicalizeTitle(std::string_view title);

// What of it tells one story from another: without those tags and the name of a site; `title`
// itself where nothing else would be left.
CanonicalText WithoutTags(const CanonicalText& title);

}  // namespace wonbon
