#include "server/access/caller.h"

#include "absl/strings/str_cat.h"
#include "core/engine.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/views.h"

namespace wonbon::server {
namespace {

// Whatever it is: no more of it than a name could have.
std::string Shortened(std::string_view collection) {
  const std::string_view shown = collection.substr(0, kMaxCollectionNameBytes);
  const bool plain = shown.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyz0123456789-_") == shown.npos;
  if (!plain) return "of that name";
  return absl::StrCat("\"", Absl(shown), shown.size() < collection.size() ? "..." : "", "\"");
}

absl::Status RateLimited(const keys::Key& key, const char* what, int64_t per_second,
                         absl::Duration wait) {
  return MakeError(
      absl::StatusCode::kResourceExhausted,
      {.reason = ErrorReason::kRateLimited, .subject = key.name, .retry_after = wait},
      absl::StrCat("key \"", key.name, "\" may have ", per_second, " ", what, " a second"));
}

}  // namespace

absl::Status KeyExpired(const keys::Key& key) {
  return MakeError(absl::StatusCode::kUnauthenticated,
                   {.reason = ErrorReason::kKeyExpired, .subject = key.name},
                   absl::StrCat("key \"", key.name, "\" expired ", keys::TimeText(*key.expires)));
}

std::string Caller::Client(const std::string& peer) const {
  if (name() == keys::kAnonymous) return peer;
  return "key " + name();
}

absl::Status Caller::TakeRequest(bool takes_documents) const {
  const MonotonicTime now = MonotonicNow();
  const keys::Key& key = grant_->key;
  absl::Duration wait = grant_->requests.Take(1, now);
  if (wait > absl::ZeroDuration()) {
    return RateLimited(key, "requests", key.requests_per_second, wait);
  }
  if (!takes_documents) return absl::OkStatus();
  // How many there are is not known yet; where none is left, no work is done to find out.
  wait = grant_->documents.Take(0, now);
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  return RateLimited(key, "documents", key.documents_per_second, wait);
}

absl::Status Caller::MayAsk(const Asked& asked) const {
  const keys::Key& key = grant_->key;
  if (asked.collection) {
    const std::string_view collection = CollectionOrDefault(*asked.collection);
    if (!Sees(collection)) {
      return MakeError(absl::StatusCode::kPermissionDenied,
                       {.reason = ErrorReason::kCollectionNotAllowed, .subject = key.name},
                       absl::StrCat("key \"", key.name, "\" is not for a collection ",
                                    Shortened(collection)));
    }
  }
  if (asked.documents == 0) return absl::OkStatus();
  const absl::Duration wait = grant_->documents.Take(asked.documents, MonotonicNow());
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  return RateLimited(key, "documents", key.documents_per_second, wait);
}

absl::Status Caller::Stands(absl::Time now) const {
  const keys::Key& key = grant_->key;
  if (key.expires && *key.expires <= now) return KeyExpired(key);
  if (!grant_->withdrawn) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      "what key \"", key.name, "\" may has changed: begin the stream anew"));
}

}  // namespace wonbon::server
