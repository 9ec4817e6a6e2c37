// An API key and its hash.
//
// A key is "wonbon_" and 43 characters of base64url: 256 bits of the system's random numbers. One
// SHA-256 is all that its hash needs: scrypt and argon2 make guessing slow, for words that people
// choose; nobody guesses 2^256 numbers at any speed, and a slow hash at every call would be a way
// to exhaust the server. That no such word is taken for a key is seen to by its form, which is
// asked before anything is hashed.
//
// Pure functions, but for NewKey; thread-safe. The one file that includes OpenSSL is secret.cc.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wonbon::keys {

using Digest = std::array<uint8_t, 32>;

// A key that nobody has.
std::string NewKey();
// Whether it has the form of a key.
bool IsKey(std::string_view text);
// REQUIRES: IsKey(key).
Digest DigestOf(std::string_view key);
// In a time that does not depend on what they are.
bool Equal(const Digest& a, const Digest& b);

// "sha256:" and 64 hex digits: how a hash stands in a keys file.
std::string FormatHash(const Digest& digest);
// Nothing where it is no such text.
std::optional<Digest> ParseHash(std::string_view text);

}  // namespace wonbon::keys
