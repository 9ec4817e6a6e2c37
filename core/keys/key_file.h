// The file of API keys: TOML, a [[key]] for everybody who may call.
//
//   [[key]]
//   name = "newsroom"
//   hash = "sha256:9f86…"                 # of a key that `wonbon keys new` made; or instead of it
//   certificate = "crawler.example"       # who shows this name in a certificate (mTLS)
//   role = "writer"                       # reader, writer, editor or admin
//   collections = ["news-*", "default"]   # '*' is any run of characters, '?' is one
//   requests_per_second = 50              # these two may be missing: no limit
//   documents_per_second = 500
//   expires = 2027-06-30T15:00:00Z        # may be missing: never
//   revoked = 2026-12-01T09:30:00Z        # written by `wonbon keys revoke`
//
// Only hashes stand in it (secret.h). Pure functions, thread-safe. The one file that includes
// toml++ beside the server's configuration is key_file.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/keys/role.h"
#include "core/keys/secret.h"

namespace wonbon::keys {

// Who nobody in a file may be called: whoever calls without showing who they are.
inline constexpr std::string_view kAnonymous = "anonymous";

struct Key {
  std::string name;              // not two alike in a file
  std::optional<Digest> digest;  // either this
  std::string certificate;       // or this
  Role role = Role::kReader;
  std::vector<std::string> collections;  // patterns; at least one
  int64_t requests_per_second = 0;       // 0: no limit
  int64_t documents_per_second = 0;
  std::optional<absl::Time> expires;
  std::optional<absl::Time> revoked;

  bool operator==(const Key&) const = default;
};

// In the order of the file. INVALID_ARGUMENT that begins with the line ("12: key \"newsroom\": role
// …") for what is no TOML, no key, unknown or twice, and for a file without a key: one that was
// emptied by mistake would lock everybody out.
absl::StatusOr<std::vector<Key>> ParseKeyFile(std::string_view text);

// Whether one of the key's patterns is this collection's, whose name may be any bytes.
bool Covers(const Key& key, std::string_view collection);
// Whether it is every collection's.
bool CoversAll(const Key& key);

// `text` with `key` behind all others; what stands in it stays as it is. ALREADY_EXISTS where the
// name is taken, INVALID_ARGUMENT where the text or the key is none.
absl::StatusOr<std::string> AddKey(std::string_view text, const Key& key);
// `text` with that key revoked from `now` on. NOT_FOUND where there is none of that name,
// FAILED_PRECONDITION where it was revoked before.
absl::StatusOr<std::string> RevokeKey(std::string_view text, std::string_view name, absl::Time now);

// As a file has it: "2026-12-01T09:30:00Z".
std::string TimeText(absl::Time time);

}  // namespace wonbon::keys
