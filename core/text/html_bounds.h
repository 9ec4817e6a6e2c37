// Whether gumbo can parse a document in bounded time: it searches its stack of open elements for
// each character and each tag, so its cost is (characters + tags) x depth. Past these limits
// documents are stripped of their tags instead of parsed.
#pragma once

#include <cstddef>
#include <string_view>

namespace wonbon {

inline constexpr size_t kMaxHtmlTags = 20'000;
// Elements open at once. News pages stay below 60.
inline constexpr size_t kMaxHtmlDepth = 256;
// Attributes of one element: gumbo compares each with all before it.
inline constexpr size_t kMaxHtmlAttributes = 256;
// Memory of the tree. Misnested formatting elements are copied into every later paragraph, which
// multiplies; a news page takes 1 to 4 MiB.
inline constexpr size_t kMaxHtmlTreeBytes = 32 << 20;

// Checks the first two limits before parsing; never less than what gumbo will see. The other two
// are checked while it allocates.
bool FitsParser(std::string_view html);

}  // namespace wonbon
