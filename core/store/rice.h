// Ascending 32-bit numbers as Rice codes of their differences (R. F. Rice, "Some Practical
// Universal Noiseless Coding Techniques", JPL 1979). Format: change_codec.h. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/store/bytes.h"

namespace wonbon {

// REQUIRES: ascending and distinct.
void EncodeAscending(const std::vector<uint32_t>& numbers, ByteWriter* writer);
// Fails the reader for anything else than EncodeAscending wrote, and for more than `max` numbers.
std::vector<uint32_t> DecodeAscending(size_t max, ByteReader* reader);

}  // namespace wonbon
