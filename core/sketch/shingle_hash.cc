#include "core/sketch/shingle_hash.h"

#include "core/sketch/fingerprint.h"

namespace wonbon {
namespace {

static_assert(kShingleUnits == 5, "two overlapping words of four units cover a shingle");

// Four units as one little-endian word; compilers make a single load of it.
inline uint64_t FourUnits(const char16_t* units) {
  return uint64_t{units[0]} | uint64_t{units[1]} << 16 | uint64_t{units[2]} << 32 |
         uint64_t{units[3]} << 48;
}

// NH (Black et al., "UMAC", CRYPTO 1999): 32-bit additions, one 32x32 -> 64 bit product.
inline uint64_t Nh(uint64_t word, uint32_t low_key, uint32_t high_key) {
  const uint32_t low = static_cast<uint32_t>(word) + low_key;
  const uint32_t high = static_cast<uint32_t>(word >> 32) + high_key;
  return uint64_t{low} * high;
}

}  // namespace

size_t ShingleCount(size_t units) { return units < kShingleUnits ? 0 : units - kShingleUnits + 1; }

void HashShingles(const char16_t* units, size_t size, const HashKeys& keys, uint64_t* hashes) {
  const auto [k0, k1, k2, k3] = keys.coefficients;
  const size_t count = ShingleCount(size);
  for (size_t i = 0; i < count; ++i) {
    hashes[i] = MixBits(Nh(FourUnits(units + i), k0, k1) + Nh(FourUnits(units + i + 1), k2, k3));
  }
}

}  // namespace wonbon
