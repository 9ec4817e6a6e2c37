#include "core/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/views.h"

namespace wonbon {
namespace {

// Payloads: type urls of our own, as absl asks for.
constexpr char kReason[] = "wonbon/reason";
constexpr char kSubject[] = "wonbon/subject";
constexpr char kField[] = "wonbon/field";
constexpr char kRetryAfter[] = "wonbon/retry-after";  // nanoseconds

std::string Payload(const absl::Status& status, const char* type) {
  const absl::optional<absl::Cord> payload = status.GetPayload(type);
  return payload.has_value() ? std::string(*payload) : std::string();
}

// "document \"a-1\" does not exist"
absl::Status NotFound(ErrorReason reason, std::string_view kind, std::string_view subject) {
  return MakeError(absl::StatusCode::kNotFound, {.reason = reason, .subject = std::string(subject)},
                   absl::StrCat(Absl(kind), " \"", Absl(subject), "\" does not exist"));
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, const ErrorDetail& detail, std::string_view message) {
  absl::Status status(code, Absl(message));
  status.SetPayload(kReason, absl::Cord(absl::StrCat(static_cast<int>(detail.reason))));
  if (!detail.subject.empty()) status.SetPayload(kSubject, absl::Cord(detail.subject));
  if (!detail.field.empty()) status.SetPayload(kField, absl::Cord(detail.field));
  if (const int64_t wait = absl::ToInt64Nanoseconds(detail.retry_after); wait > 0) {
    status.SetPayload(kRetryAfter, absl::Cord(absl::StrCat(wait)));
  }
  return status;
}

ErrorDetail DetailOf(const absl::Status& status) {
  ErrorDetail detail;
  int reason = 0;
  if (absl::SimpleAtoi(Payload(status, kReason), &reason)) {
    detail.reason = static_cast<ErrorReason>(reason);
    detail.subject = Payload(status, kSubject);
    detail.field = Payload(status, kField);
    int64_t wait = 0;
    if (absl::SimpleAtoi(Payload(status, kRetryAfter), &wait)) {
      detail.retry_after = absl::Nanoseconds(wait);
    }
  }
  return detail;
}

absl::Status InvalidField(std::string_view field, std::string_view description) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   {.reason = ErrorReason::kInvalidField, .field = std::string(field)},
                   absl::StrCat(Absl(field), ": ", Absl(description)));
}

std::optional<FieldViolation> Violation(const absl::Status& status) {
  ErrorDetail detail = DetailOf(status);
  if (detail.reason != ErrorReason::kInvalidField) return std::nullopt;
  const size_t described = detail.field.size() + 2;  // after "field: "
  return FieldViolation{std::move(detail.field), std::string(status.message().substr(described))};
}

absl::Status InField(std::string_view parent, const absl::Status& status) {
  const std::optional<FieldViolation> violation = Violation(status);
  if (!violation) return status;
  return InvalidField(absl::StrCat(Absl(parent), ".", violation->field), violation->description);
}

absl::Status CollectionNotFound(std::string_view name) {
  return NotFound(ErrorReason::kCollectionNotFound, "collection", name);
}

absl::Status DocumentNotFound(std::string_view id) {
  return NotFound(ErrorReason::kDocumentNotFound, "document", id);
}

absl::Status ClusterNotFound(std::string_view id) {
  return MakeError(absl::StatusCode::kNotFound,
                   {.reason = ErrorReason::kClusterNotFound, .subject = std::string(id)},
                   absl::StrCat("cluster ", Absl(id), " does not exist"));
}

std::string_view Name(ErrorReason reason) {
  switch (reason) {
    case ErrorReason::kUnspecified: return "";
    case ErrorReason::kInvalidField: return "INVALID_FIELD";
    case ErrorReason::kMalformedMessage: return "MALFORMED_MESSAGE";
    case ErrorReason::kCollectionNotFound: return "COLLECTION_NOT_FOUND";
    case ErrorReason::kCollectionExists: return "COLLECTION_EXISTS";
    case ErrorReason::kCollectionNotEmpty: return "COLLECTION_NOT_EMPTY";
    case ErrorReason::kCollectionPermanent: return "COLLECTION_PERMANENT";
    case ErrorReason::kTooManyCollections: return "TOO_MANY_COLLECTIONS";
    case ErrorReason::kDocumentNotFound: return "DOCUMENT_NOT_FOUND";
    case ErrorReason::kDocumentDeleted: return "DOCUMENT_DELETED";
    case ErrorReason::kDocumentBlocked: return "DOCUMENT_BLOCKED";
    case ErrorReason::kSequenceMismatch: return "SEQUENCE_MISMATCH";
    case ErrorReason::kClusterNotFound: return "CLUSTER_NOT_FOUND";
    case ErrorReason::kEventsDropped: return "EVENTS_DROPPED";
    case ErrorReason::kSequenceNotReached: return "SEQUENCE_NOT_REACHED";
    case ErrorReason::kQueueFull: return "QUEUE_FULL";
    case ErrorReason::kTooManyBytesInFlight: return "TOO_MANY_BYTES_IN_FLIGHT";
    case ErrorReason::kTooManyStreams: return "TOO_MANY_STREAMS";
    case ErrorReason::kResponseTooLarge: return "RESPONSE_TOO_LARGE";
    case ErrorReason::kDraining: return "DRAINING";
    case ErrorReason::kDiskFull: return "DISK_FULL";
    case ErrorReason::kStoreUnavailable: return "STORE_UNAVAILABLE";
    case ErrorReason::kDocumentExpired: return "DOCUMENT_EXPIRED";
    case ErrorReason::kMemoryLimit: return "MEMORY_LIMIT";
    case ErrorReason::kNotInCluster: return "NOT_IN_CLUSTER";
    case ErrorReason::kNothingStays: return "NOTHING_STAYS";
    case ErrorReason::kFamilyTooLarge: return "FAMILY_TOO_LARGE";
    case ErrorReason::kKeyMissing: return "KEY_MISSING";
    case ErrorReason::kKeyUnknown: return "KEY_UNKNOWN";
    case ErrorReason::kKeyExpired: return "KEY_EXPIRED";
    case ErrorReason::kKeyRevoked: return "KEY_REVOKED";
    case ErrorReason::kRoleTooLow: return "ROLE_TOO_LOW";
    case ErrorReason::kCollectionNotAllowed: return "COLLECTION_NOT_ALLOWED";
    case ErrorReason::kRateLimited: return "RATE_LIMITED";
    case ErrorReason::kBackupFolderUnusable: return "BACKUP_FOLDER_UNUSABLE";
    case ErrorReason::kBackupFolderFull: return "BACKUP_FOLDER_FULL";
    case ErrorReason::kBackupNotFound: return "BACKUP_NOT_FOUND";
    case ErrorReason::kBackupRunning: return "BACKUP_RUNNING";
    case ErrorReason::kReadOnly: return "READ_ONLY";
  }
  return "";
}

}  // namespace wonbon
