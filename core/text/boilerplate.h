// Korean boilerplate, the third step of the canonical text: datelines, bylines, photo credits, tip
// and promotion lines, copyright footers, the chrome of boards. The rules are data: see
// boilerplate_rules.cc. Pure function, thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "core/text/text_span.h"

namespace wonbon {

// The parts of a folded text that are boilerplate: ascending, not overlapping.
std::vector<TextSpan> FindBoilerplate(std::u16string_view folded);

}  // namespace wonbon
