// Limits of the text stage, with what happens past each of them: no text is refused, and each takes
// linear time. Sizes of what a document may hold are in core/limits.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wonbon {

// Combining marks kept of one run; the rest of the run, which holds no letter, is dropped.
// Unicode's Stream-Safe Text Format (UAX #15, section 13) stops at the same number; reordering a
// longer run is quadratic.
inline constexpr size_t kMaxCombiningMarks = 30;

// Detection: a tag longer than this is taken for text (no attribute of an article page is longer,
// but for images inside data: addresses), ...
inline constexpr size_t kMaxDetectedTagBytes = 2048;
// ... and where nothing in this many angle brackets is markup, nothing is.
inline constexpr int kMaxDetectedBrackets = 4096;

// Longer names are no element that HTML knows, and no reference.
inline constexpr size_t kMaxTagNameBytes = 16;
inline constexpr size_t kMaxReferenceNameBytes = 8;
// Digits of "&#...;"; a longer one stays as it stands.
inline constexpr size_t kMaxReferenceDigits = 16;

// Boilerplate rules applied to one end of a text; what is left stays.
inline constexpr int kMaxAppliedRules = 40;
// Automata of rules grow with the texts they see, up to this; past it they start anew.
inline constexpr int64_t kMaxRuleBytes = 2 << 20;

// Comments behind an article. Where one is longer, or the list has more headers, what is above is
// taken for the article.
inline constexpr size_t kMaxCommentUnits = 600;  // of one line
inline constexpr size_t kMaxCommentLines = 5;
inline constexpr size_t kMaxCommentChromeUnits = 60;
inline constexpr size_t kMaxCommentNameUnits = 20;
inline constexpr int kMaxCommentHeaders = 20;

}  // namespace wonbon
