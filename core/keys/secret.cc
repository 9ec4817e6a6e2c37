#include "core/keys/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "absl/strings/escaping.h"

namespace wonbon::keys {
namespace {

constexpr std::string_view kPrefix = "wonbon_";
constexpr size_t kRandomBytes = 32;
constexpr size_t kCharacters = 43;  // of kRandomBytes in base64url, without padding
constexpr std::string_view kHashPrefix = "sha256:";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

std::string NewKey() {
  std::string random(kRandomBytes, '\0');
  auto* const bytes = reinterpret_cast<unsigned char*>(random.data());
  // Without random numbers there is no key to give out, and nothing else to do here.
  if (RAND_bytes(bytes, static_cast<int>(random.size())) != 1) std::abort();
  std::string text;
  absl::WebSafeBase64Escape(random, &text);
  text.resize(kCharacters);
  OPENSSL_cleanse(random.data(), random.size());
  return std::string(kPrefix) + text;
}

bool IsKey(std::string_view text) {
  return text.size() == kPrefix.size() + kCharacters && text.starts_with(kPrefix) &&
         text.find_first_not_of(kBase64Url, kPrefix.size()) == text.npos;
}

Digest DigestOf(std::string_view key) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  return digest;
}

bool Equal(const Digest& a, const Digest& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string FormatHash(const Digest& digest) {
  const std::string bytes(digest.begin(), digest.end());
  return std::string(kHashPrefix) + absl::BytesToHexString(bytes);
}

std::optional<Digest> ParseHash(std::string_view text) {
  if (!text.starts_with(kHashPrefix)) return std::nullopt;
  const std::string hex(text.substr(kHashPrefix.size()));
  Digest digest;
  if (hex.size() != 2 * digest.size() ||
      hex.find_first_not_of("0123456789abcdef") != hex.npos) {
    return std::nullopt;
  }
  const std::string bytes = absl::HexStringToBytes(hex);
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace wonbon::keys
