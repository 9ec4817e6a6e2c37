// The secret coefficients of every hash of the index, drawn from the deployment's 128-bit seed.
//
// With a known seed, .1 s of CPU finds shingles that put 200 unrelated documents into one bucket;
// with a secret one nobody can aim. Nothing derived here may leave the process.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace wonbon {

// 128 secret bits that every hash of the index is keyed with.
using Seed = std::array<uint8_t, 16>;

struct HashKeys {
  // NH coefficients, one for each 32-bit word of a shingle.
  std::array<uint32_t, 4> coefficients;
  // Secret of XXH3 (at least 136 bytes): the keys of identity.h.
  std::array<uint8_t, 192> secret;
};

// The same seed gives the same keys, on every machine, for as long as kSketchVersion stays.
HashKeys DeriveHashKeys(const Seed& seed);

}  // namespace wonbon
