// canonical text -> one keyed 64-bit hash for each 5-unit shingle. Everything else of a sketch is
// read from these hashes: bins, distinct count, and the 8-unit shingles of the sample.
//
// Pure functions, thread-safe. The result is a function of the units' values: neither byte order
// nor the CPU shows in it, and a SIMD path must agree with it bit for bit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/identity/hash_keys.h"

namespace wonbon {

// A SIMD path may read this many bytes past the last unit, and write as many past the last hash.
// Their values do not matter.
inline constexpr size_t kHashPadBytes = 64;
inline constexpr size_t kPadUnits = kHashPadBytes / sizeof(char16_t);
inline constexpr size_t kPadHashes = kHashPadBytes / sizeof(uint64_t);

// 5-unit shingles of a text of `units` units, repetitions counted.
size_t ShingleCount(size_t units);

// Hashes the `size` units' shingles into hashes[0 .. ShingleCount(size)).
// REQUIRES: kPadUnits readable after the units, kPadHashes writable after the hashes.
void HashShingles(const char16_t* units, size_t size, const HashKeys& keys, uint64_t* hashes);

// Spreads the entropy of a 64-bit word over all of its bits. A bijection.
inline uint64_t MixBits(uint64_t word) {
  // Multipliers of 32 bits, odd: AVX2 has no 64-bit multiply, and needs two 32-bit ones for these
  // against three for 64-bit multipliers. The constants are primes of XXH32.
  word ^= word >> 32;
  word *= 0x9E3779B1u;
  word ^= word >> 29;
  word *= 0x85EBCA77u;
  word ^= word >> 32;
  return word;
}

}  // namespace wonbon
