#include "core/identity/hash_keys.h"

#include <xxhash.h>

#include <algorithm>

namespace wonbon {
namespace {

using Block = std::array<uint8_t, 16>;

// 16 bytes of key material: XXH3-128, big-endian, of the seed followed by a block number. XXH3 is
// no cryptographic function; it need not be, since no output is ever shown.
Block DeriveBlock(const Seed& seed, uint8_t number) {
  std::array<uint8_t, sizeof(Seed) + 1> input;
  std::copy(seed.begin(), seed.end(), input.begin());
  input.back() = number;
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(input.data(), input.size()));
  Block block;
  static_assert(sizeof(canonical.digest) == sizeof(block));
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), block.begin());
  return block;
}

}  // namespace

HashKeys DeriveHashKeys(const Seed& seed) {
  HashKeys keys;
  const Block first = DeriveBlock(seed, 0);
  for (size_t i = 0; i < keys.coefficients.size(); ++i) {
    const uint8_t* bytes = &first[4 * i];
    keys.coefficients[i] = uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 |
                           uint32_t{bytes[2]} << 8 | uint32_t{bytes[3]};
  }
  static_assert(sizeof(keys.secret) % sizeof(Block) == 0);
  for (size_t i = 0; i < keys.secret.size() / sizeof(Block); ++i) {
    const Block block = DeriveBlock(seed, static_cast<uint8_t>(1 + i));
    std::copy(block.begin(), block.end(), &keys.secret[i * sizeof(Block)]);
  }
  return keys;
}

}  // namespace wonbon
