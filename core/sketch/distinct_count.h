// Exact number of distinct 5-unit shingles of a text.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wonbon {

// `hashes[i]`: the hash of the shingle that starts at units[i] (HashShingles), `count` of them.
// Exact: shingles with equal hashes are compared unit by unit. Time and memory are linear in
// `count` whatever the text repeats: 32 to 64 bits of working memory a shingle, and 8 bytes for
// each repeated one.
size_t CountDistinctShingles(const char16_t* units, const uint64_t* hashes, size_t count);

}  // namespace wonbon
