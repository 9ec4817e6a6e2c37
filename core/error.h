// What an error says besides its code and its words: why, what about, and which field. It travels
// as payload of the absl::Status from where it arises to the edge; nobody reads it out of a
// message.
//
// Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace wonbon {

// Stable between versions: clients act upon them. The values equal those of wonbon.v1.ErrorReason.
enum class ErrorReason : uint8_t {
  kUnspecified = 0,         // the code says all there is to say
  kInvalidField = 1,        // a field of the request is wrong; ErrorDetail::field names it
  kMalformedMessage = 2,    // the bytes are not a message of the rpc's type
  kCollectionNotFound = 3,
  kCollectionExists = 4,
  kCollectionNotEmpty = 5,  // it has documents, and was to be deleted without force
  kCollectionPermanent = 6, // "default" cannot be deleted
  kTooManyCollections = 7,  // kMaxCollections: delete one first
  kDocumentNotFound = 8,
  kDocumentDeleted = 9,     // it was there once
  kDocumentBlocked = 10,    // deleted for good: not taken again until it is unblocked
  kSequenceMismatch = 11,   // the standing version is not the one that was expected
  kClusterNotFound = 12,
  kEventsDropped = 13,      // events after the given sequence are no longer kept
  kSequenceNotReached = 14, // the given sequence lies in the future of this store
  kQueueFull = 15,
  kTooManyBytesInFlight = 16,
  kTooManyStreams = 17,
  kResponseTooLarge = 18,
  kDraining = 19,           // the server is stopping
  kDiskFull = 20,
  kStoreUnavailable = 21,   // the disk refused a read or a write
  kDocumentExpired = 22,    // its time is past the collection's retention already
  kMemoryLimit = 23,        // the server takes as much memory as it may
  kNotInCluster = 24,       // the document is in another cluster than the one that was named
  kNothingStays = 25,       // a split of all that there is
  kFamilyTooLarge = 26,     // kMaxFamilyTexts: it is left as it stands
  kKeyMissing = 27,         // the call does not show who makes it
  kKeyUnknown = 28,
  kKeyExpired = 29,
  kKeyRevoked = 30,
  kRoleTooLow = 31,         // the rpc is not for the caller's role
  kCollectionNotAllowed = 32,  // not one of the caller's, be there such a one or not
  kRateLimited = 33,        // the caller's share of this second is used up
  kBackupFolderUnusable = 34,  // there is none, or it is missing, not writable, or not ours
  kBackupFolderFull = 35,
  kBackupNotFound = 36,
  kBackupRunning = 37,      // one at a time
  kReadOnly = 38,           // an operator said so
};

struct ErrorDetail {
  ErrorReason reason = ErrorReason::kUnspecified;
  std::string subject = {};  // what it is about: an id, a collection's name; may be empty
  std::string field = {};    // of kInvalidField: path of the field, "document.title"
  absl::Duration retry_after = {};  // of kRateLimited: when it passes; zero: as the reason says
};

// REQUIRES: code is not kOk.
absl::Status MakeError(absl::StatusCode code, const ErrorDetail& detail, std::string_view message);
// What MakeError was given; empty for any other status.
ErrorDetail DetailOf(const absl::Status& status);
inline ErrorReason ReasonOf(const absl::Status& status) { return DetailOf(status).reason; }

// INVALID_ARGUMENT about one field: the message is "field: description".
absl::Status InvalidField(std::string_view field, std::string_view description);
struct FieldViolation {
  std::string field;
  std::string description;
};
// Of an error that InvalidField made; nothing for any other.
std::optional<FieldViolation> Violation(const absl::Status& status);
// The same violation of a field below `parent`: "document.title" -> "a.document.title". Any other
// status is returned as it is.
absl::Status InField(std::string_view parent, const absl::Status& status);

absl::Status CollectionNotFound(std::string_view name);
absl::Status DocumentNotFound(std::string_view id);
absl::Status ClusterNotFound(std::string_view id);

// "DOCUMENT_NOT_FOUND": the word of the contract; "" for kUnspecified.
std::string_view Name(ErrorReason reason);

}  // namespace wonbon
