#include "server/access/access.h"

#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/keys/limits.h"
#include "core/keys/private_file.h"
#include "core/views.h"
#include "grpcpp/server_context.h"
#include "server/log.h"

namespace wonbon::server {
namespace {

constexpr std::string_view kBearer = "bearer ";

absl::Status Unauthenticated(ErrorReason reason, std::string_view message,
                             const std::string& key = "") {
  return MakeError(absl::StatusCode::kUnauthenticated, {.reason = reason, .subject = key}, message);
}

std::shared_ptr<Grant> Anonymous(Role role) {
  return std::make_shared<Grant>(keys::Key{
      .name = std::string(keys::kAnonymous), .role = role, .collections = {"*"}});
}

uint64_t Beginning(const keys::Digest& digest) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, digest.data(), sizeof bytes);
  return bytes;
}

// The key that a call shows; empty where it shows none. Once, however often it is shown alike.
absl::StatusOr<std::string_view> KeyIn(const Shown& shown) {
  std::vector<std::string_view> found = shown.api_key;
  for (std::string_view value : shown.authorization) {
    if (!absl::StartsWithIgnoreCase(Absl(value), Absl(kBearer))) {
      return Unauthenticated(ErrorReason::kKeyUnknown,
                             "the metadata authorization must be \"Bearer KEY\"");
    }
    found.push_back(value.substr(kBearer.size()));
  }
  if (found.empty()) return std::string_view();
  for (const std::string_view key : found) {
    if (key != found.front()) {
      return Unauthenticated(ErrorReason::kKeyUnknown, "the call shows different keys");
    }
  }
  // Its form first: what is long or was chosen by somebody is not hashed.
  if (!keys::IsKey(found.front())) {
    return Unauthenticated(ErrorReason::kKeyUnknown, "what the call shows is no key");
  }
  return found.front();
}

}  // namespace

bool IsOverHttp(const grpc::ServerContextBase& context) { return context.peer() == "unknown"; }

bool IsOfThisMachine(std::string_view peer) {
  for (const std::string_view mine : {"unix:", "ipv4:127.", "ipv6:[::1]:", "ipv6:%5B::1%5D:",
                                      "ipv6:[::ffff:127.", "ipv6:%5B::ffff:127."}) {
    if (peer.starts_with(mine)) return true;
  }
  return false;
}

Shown ShownBy(const grpc::ServerContextBase& context) {
  Shown shown{.peer = context.peer()};
  const auto& metadata = context.client_metadata();
  const auto values = [&metadata](const char* name) {
    std::vector<std::string_view> found;
    const auto [begin, end] = metadata.equal_range(name);
    for (auto it = begin; it != end; ++it) found.emplace_back(it->second.data(), it->second.size());
    return found;
  };
  if (IsOverHttp(context)) {
    for (const std::string_view peer : values(kHttpPeer)) shown.peer = std::string(peer);
    shown.authorization = values(kHttpAuthorization);
    shown.api_key = values(kHttpApiKey);
    for (const std::string_view name : values(kHttpIdentity)) shown.identities.emplace_back(name);
    return shown;
  }
  shown.authorization = values("authorization");
  shown.api_key = values("x-api-key");
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) return shown;
  for (const grpc::string_ref& name : peer->GetPeerIdentity()) {
    shown.identities.emplace_back(name.data(), name.size());
  }
  return shown;
}

Access::Access(const Options& options, std::string text)
    : options_(options),
      anonymous_(Anonymous(options.anonymous.value_or(Role::kAdmin))),
      table_(std::make_shared<Table>()),
      renewal_(std::move(text)) {}

absl::StatusOr<std::unique_ptr<Access>> Access::Load(const Options& options) {
  absl::StatusOr<std::string> text = std::string();
  if (!options.keys_file.empty()) text = ReadKeys(options.keys_file);
  if (!text.ok()) return text.status();
  std::unique_ptr<Access> access(new Access(options, *text));
  if (!access->has_keys()) return access;
  absl::MutexLock lock(&access->mutex_);
  const absl::Status adopted = access->Adopt(text);
  if (!adopted.ok()) return adopted;
  return access;
}

absl::StatusOr<std::string> Access::ReadKeys(const std::string& file) {
  absl::StatusOr<std::string> text =
      keys::ReadSmallFile(file, keys::kMaxKeyFileBytes, keys::Secrecy::kPrivate);
  if (text.ok()) return text;
  return absl::FailedPreconditionError(absl::StrCat("api_keys_file: ", text.status().message()));
}

std::shared_ptr<const Access::Table> Access::TableOf(std::vector<keys::Key> keys,
                                                     const Table& before) const {
  auto made = std::make_shared<Table>();
  absl::flat_hash_map<std::string, std::shared_ptr<Grant>> old;
  for (const auto& [hash, grant] : before.by_hash) old.emplace(grant->key.name, grant);
  for (const auto& [name, grant] : before.by_certificate) old.emplace(grant->key.name, grant);
  for (keys::Key& key : keys) {
    if (!key.certificate.empty() && !options_.verifies_clients) {
      LogWarning(absl::StrCat("API keys: key \"", key.name, "\" names a certificate, and without "
                              "--tls-client-ca none is asked for"));
    }
    std::shared_ptr<Grant> grant;
    if (const auto found = old.find(key.name); found != old.end() && found->second->key == key) {
      grant = std::move(found->second);
      old.erase(found);
    } else {
      grant = std::make_shared<Grant>(std::move(key));
    }
    if (grant->key.digest) {
      made->by_hash.emplace(Beginning(*grant->key.digest), grant);
    } else {
      made->by_certificate.emplace(grant->key.certificate, grant);
    }
  }
  for (const auto& [name, grant] : old) grant->withdrawn = true;
  return made;
}

bool Access::Look(bool at_once) {
  absl::StatusOr<std::string> found = ReadKeys(options_.keys_file);
  absl::MutexLock lock(&mutex_);
  const std::optional<absl::StatusOr<std::string>> news =
      renewal_.Look(std::move(found), at_once);
  if (!news) return false;
  refusal_ = Adopt(*news);
  if (!refusal_.ok()) {
    ++failures_;
    LogError(SayTrouble());
  }
  return true;
}

absl::Status Access::Adopt(const absl::StatusOr<std::string>& text) {
  if (!text.ok()) return text.status();
  absl::StatusOr<std::vector<keys::Key>> keys = keys::ParseKeyFile(*text);
  if (!keys.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("api_keys_file: ", options_.keys_file, ":", keys.status().message()));
  }
  LogInfo("API keys read", {{"file", options_.keys_file}, {"keys", keys->size()}});
  table_ = TableOf(*std::move(keys), *table_);
  return absl::OkStatus();
}

std::shared_ptr<const Access::Table> Access::table() const {
  absl::ReaderMutexLock lock(&mutex_);
  return table_;
}

absl::StatusOr<std::shared_ptr<Grant>> Access::FindKey(std::string_view key) const {
  const keys::Digest digest = keys::DigestOf(key);
  const std::shared_ptr<const Table> keys = table();
  const auto found = keys->by_hash.find(Beginning(digest));
  if (found == keys->by_hash.end() || !keys::Equal(*found->second->key.digest, digest)) {
    return Unauthenticated(ErrorReason::kKeyUnknown, "the server does not know this key");
  }
  return found->second;
}

absl::StatusOr<std::shared_ptr<Grant>> Access::WithoutKey(const Shown& shown) const {
  const std::shared_ptr<const Table> keys = table();
  for (const std::string& identity : shown.identities) {
    const auto found = keys->by_certificate.find(identity);
    if (found != keys->by_certificate.end()) return found->second;
  }
  if (options_.anonymous || (!has_keys() && IsOfThisMachine(shown.peer))) return anonymous_;
  if (!has_keys()) {
    return Unauthenticated(ErrorReason::kKeyMissing,
                           "the server has no API keys, and takes calls of its own machine only: "
                           "it is to be started with --api-keys-file, or --anonymous=ROLE");
  }
  return Unauthenticated(
      ErrorReason::kKeyMissing,
      shown.identities.empty()
          ? "show an API key, as metadata \"authorization: Bearer KEY\" or \"x-api-key: KEY\""
          : "the server does not know the name in the certificate; show an API key, or have the "
            "name put into the server's keys file");
}

absl::StatusOr<Caller> Access::Admit(const Rpc& rpc, const Shown& shown) const {
  // Without a file nobody can have a key: what is shown may be for a proxy on the way.
  const absl::StatusOr<std::string_view> shown_key =
      has_keys() ? KeyIn(shown) : std::string_view();
  if (!shown_key.ok()) return shown_key.status();
  absl::StatusOr<std::shared_ptr<Grant>> grant =
      shown_key->empty() ? WithoutKey(shown) : FindKey(*shown_key);
  if (!grant.ok()) return grant.status();
  const keys::Key& key = (*grant)->key;
  if (key.revoked) {
    return Unauthenticated(ErrorReason::kKeyRevoked,
                           absl::StrCat("key \"", key.name, "\" was revoked"), key.name);
  }
  if (key.expires && *key.expires <= absl::Now()) return KeyExpired(key);
  if (key.role < rpc.role) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     {.reason = ErrorReason::kRoleTooLow, .subject = key.name},
                     absl::StrCat(Absl(rpc.method), " is for the role ", Absl(Name(rpc.role)),
                                  ", and \"", key.name, "\" is a ", Absl(Name(key.role))));
  }
  if (rpc.of_all_collections && !keys::CoversAll(key)) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     {.reason = ErrorReason::kCollectionNotAllowed, .subject = key.name},
                     absl::StrCat(Absl(rpc.method), " is about all collections, and \"", key.name,
                                  "\" is for some"));
  }
  return Caller(*std::move(grant));
}

uint64_t Access::failures() const {
  absl::ReaderMutexLock lock(&mutex_);
  return failures_;
}

std::string Access::Trouble() const {
  absl::ReaderMutexLock lock(&mutex_);
  return refusal_.ok() ? "" : SayTrouble();
}

std::string Access::SayTrouble() const {
  return absl::StrCat("API keys: the changed file is not used: ", refusal_.message(),
                      "; the keys of before stay");
}

}  // namespace wonbon::server
