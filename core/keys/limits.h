// Every limit of a keys file, with its name. A file past one is refused, naming the line.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wonbon::keys {

inline constexpr size_t kMaxKeyFileBytes = 1 << 20;
// Entries of a file, those that were revoked included.
inline constexpr size_t kMaxKeys = 1'000;
// An entry: its name, the identity in a certificate, collections and the bytes of each, rates.
inline constexpr size_t kMaxKeyNameBytes = 64;
inline constexpr size_t kMaxCertificateIdentityBytes = 256;
inline constexpr size_t kMaxKeyCollections = 100;
inline constexpr size_t kMaxPatternBytes = 64;
inline constexpr int64_t kMaxRate = 1'000'000;

}  // namespace wonbon::keys
