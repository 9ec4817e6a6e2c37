// Who may call what: asked once for each call, before anything of its request is looked at.
//
//   shown (key, certificate, or nothing) -> whose it is -> may he call this rpc? -> Caller
//
// What a request is about (its collection, its documents) is asked of the Caller. The file of keys
// is looked at again and again (renewal.h): a bad one leaves the keys of before in place, and says
// so. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/access/caller.h"
#include "server/renewal.h"
#include "server/rpc/rpc_table.h"

namespace grpc {
class ServerContextBase;
}

namespace wonbon::server {

// A call over HTTP is one that the server makes to itself (http/calls.h): it says in these metadata
// what its client has shown. They are believed of no other call.
inline constexpr char kHttpPeer[] = "wonbon-peer-bin";
inline constexpr char kHttpAuthorization[] = "wonbon-authorization-bin";
inline constexpr char kHttpApiKey[] = "wonbon-api-key-bin";
inline constexpr char kHttpIdentity[] = "wonbon-identity-bin";

// Whether the server makes the call to itself: only such a one comes by no socket.
bool IsOverHttp(const grpc::ServerContextBase& context);
// Whether the other end of a connection is on this machine.
bool IsOfThisMachine(std::string_view peer);

// What a call shows of who makes it. The views are of the call's metadata.
struct Shown {
  std::string peer;                             // as gRPC names it: "ipv4:127.0.0.1:43210"
  std::vector<std::string_view> authorization;  // values of these metadata
  std::vector<std::string_view> api_key;
  std::vector<std::string> identities;  // names in the certificate that was verified
};
Shown ShownBy(const grpc::ServerContextBase& context);

class Access {
 public:
  struct Options {
    std::string keys_file;  // empty: there are no keys
    // Who shows nothing is taken for this. Unset: without keys_file for an admin where the call
    // comes from this machine; for nobody in any other case.
    std::optional<Role> anonymous;
    bool verifies_clients = false;  // certificates are asked for
  };

  // The file must be good now: FAILED_PRECONDITION, naming it.
  static absl::StatusOr<std::unique_ptr<Access>> Load(const Options& options);

  // UNAUTHENTICATED (kKeyMissing, kKeyUnknown, kKeyExpired, kKeyRevoked) or PERMISSION_DENIED
  // (kRoleTooLow). No error repeats what was shown.
  absl::StatusOr<Caller> Admit(const Rpc& rpc, const Shown& shown) const;

  // To be called every kFilePollInterval.
  void Poll() { Look(false); }
  // At the word of whoever wrote the file: believes it at once. False where it is what it was.
  bool Reload() { return Look(true); }

  bool has_keys() const { return !options_.keys_file.empty(); }
  uint64_t failures() const;  // files that were not used
  // Empty where all is well, or what is wrong with the file.
  std::string Trouble() const;

 private:
  // The keys of one file. Not changed once it is made.
  struct Table {
    // By the first bytes of the hash, which are as random as the key: a look-up tells a stranger
    // nothing, and the whole hashes are compared in constant time.
    absl::flat_hash_map<uint64_t, std::shared_ptr<Grant>> by_hash;
    absl::flat_hash_map<std::string, std::shared_ptr<Grant>> by_certificate;
  };

  Access(const Options& options, std::string text);
  static absl::StatusOr<std::string> ReadKeys(const std::string& file);
  // Grants of before stay where their keys are the same.
  std::shared_ptr<const Table> TableOf(std::vector<keys::Key> keys, const Table& before) const;
  bool Look(bool at_once);
  absl::Status Adopt(const absl::StatusOr<std::string>& text)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string SayTrouble() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::shared_ptr<const Table> table() const;
  absl::StatusOr<std::shared_ptr<Grant>> FindKey(std::string_view key) const;
  // Whose certificate, or anonymous, or UNAUTHENTICATED.
  absl::StatusOr<std::shared_ptr<Grant>> WithoutKey(const Shown& shown) const;

  const Options options_;
  const std::shared_ptr<Grant> anonymous_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Table> table_ ABSL_GUARDED_BY(mutex_);
  Renewal<std::string> renewal_ ABSL_GUARDED_BY(mutex_);
  absl::Status refusal_ ABSL_GUARDED_BY(mutex_);
  uint64_t failures_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace wonbon::server
