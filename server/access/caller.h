// Who makes a call, and what he may.
//
// A Caller is a small value; copies of it are the same caller. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/keys/key_file.h"
#include "server/access/meter.h"

namespace wonbon::server {

// A key as it is used: with what it has left of this second.
struct Grant {
  explicit Grant(keys::Key given)
      : key(std::move(given)),
        requests(key.requests_per_second),
        documents(key.documents_per_second) {}

  const keys::Key key;
  Meter requests;
  Meter documents;
  std::atomic<bool> withdrawn{false};  // the file has it no longer, or otherwise
};

// What a request is about, whatever its rpc.
struct Asked {
  std::optional<std::string_view> collection;  // as it stands there; of requests that name one
  size_t documents = 0;  // that it carries or names in a list
};

template <class Request>
Asked AskedOf(const Request& request) {
  Asked asked;
  if constexpr (requires { request.collection(); }) {
    asked.collection = request.collection();
  } else if constexpr (requires { request.name(); }) {
    asked.collection = request.name();
  }
  if constexpr (requires { request.documents_size(); }) {
    asked.documents = static_cast<size_t>(request.documents_size());
  } else if constexpr (requires { request.document_ids_size(); }) {
    asked.documents = static_cast<size_t>(request.document_ids_size());
  } else if constexpr (requires { request.document(); }) {
    asked.documents = 1;
  } else if constexpr (requires { request.a().has_document(); }) {
    asked.documents = static_cast<size_t>(request.a().has_document()) +
                      static_cast<size_t>(request.b().has_document());
  }
  return asked;
}

class Caller {
 public:
  Caller() = default;  // of a call that was not let in
  explicit Caller(std::shared_ptr<Grant> grant) : grant_(std::move(grant)) {}

  bool is_known() const { return grant_ != nullptr; }
  // Of the key, or "anonymous". REQUIRES, here and below: is_known().
  const std::string& name() const { return grant_->key.name; }
  // All who share what one client may hold: the calls of a key, or of a connection (`peer`).
  std::string Client(const std::string& peer) const;

  bool SeesAll() const { return keys::CoversAll(grant_->key); }
  bool Sees(std::string_view collection) const { return keys::Covers(grant_->key, collection); }

  // One more request, of an rpc that `takes_documents` or not. RESOURCE_EXHAUSTED (kRateLimited).
  absl::Status TakeRequest(bool takes_documents) const;
  // PERMISSION_DENIED (kCollectionNotAllowed), RESOURCE_EXHAUSTED (kRateLimited); to be asked
  // before anything else of a request is looked at.
  absl::Status MayAsk(const Asked& asked) const;
  // Of a stream that is open: UNAUTHENTICATED (kKeyExpired), or UNAVAILABLE where the key's entry
  // was changed, revoked or taken away since: whoever begins it anew is told what holds now.
  absl::Status Stands(absl::Time now) const;

 private:
  std::shared_ptr<Grant> grant_;
};

absl::Status KeyExpired(const keys::Key& key);

}  // namespace wonbon::server
