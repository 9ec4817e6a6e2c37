// Marks of a headline that are no part of what it says: "[속보]", "(종합2보)", " - 한빛일보".
//
// Part of WithoutTags (canonical.h). Pure, thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "core/text/text_span.h"

namespace wonbon {

// Where `folded`, a folded headline, has marks in brackets, and the name of a site at its end;
// ascending, apart from each other.
std::vector<TextSpan> FindHeadlineTags(std::u16string_view folded);

}  // namespace wonbon
