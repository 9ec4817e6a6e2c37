// The secret seed that every hash of the index is keyed with: 16 raw bytes in a file that the owner
// alone may read.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/identity/hash_keys.h"

namespace wonbon {

// `bytes` random bytes of the operating system's.
absl::StatusOr<std::string> RandomBytes(size_t bytes);

// NOT_FOUND where there is no such file; FAILED_PRECONDITION where group or others have any right
// to it or its size is not 16 bytes.
absl::StatusOr<Seed> ReadSeed(const std::string& path);
// Draws a seed and writes it with mode 0600.
absl::StatusOr<Seed> DrawSeed(const std::string& path);

// Tells seeds apart without giving one away: 32 bits of a hash say at most 32 of the seed's 128
// bits, whatever the hash.
uint32_t SeedFingerprint(const Seed& seed);

}  // namespace wonbon
