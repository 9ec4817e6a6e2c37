#include "core/store/status.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/views.h"

namespace wonbon {
namespace {

using rocksdb::Status;

absl::StatusCode IoErrorCode(Status::SubCode subcode) {
  switch (subcode) {
    case Status::kNoSpace:
    case Status::kSpaceLimit: return absl::StatusCode::kResourceExhausted;
    case Status::kPathNotFound: return absl::StatusCode::kDataLoss;
    default: return absl::StatusCode::kUnavailable;
  }
}

absl::StatusCode Code(const Status& status) {
  switch (status.code()) {
    case Status::kOk: return absl::StatusCode::kOk;
    case Status::kNotFound: return absl::StatusCode::kNotFound;
    case Status::kCorruption: return absl::StatusCode::kDataLoss;
    case Status::kNotSupported: return absl::StatusCode::kUnimplemented;
    case Status::kInvalidArgument: return absl::StatusCode::kInternal;
    case Status::kIOError: return IoErrorCode(status.subcode());
    case Status::kMergeInProgress: return absl::StatusCode::kInternal;
    case Status::kIncomplete: return absl::StatusCode::kUnavailable;
    case Status::kShutdownInProgress: return absl::StatusCode::kUnavailable;
    case Status::kTimedOut: return absl::StatusCode::kDeadlineExceeded;
    case Status::kAborted:
      return status.subcode() == Status::kMemoryLimit ? absl::StatusCode::kResourceExhausted
                                                      : absl::StatusCode::kAborted;
    case Status::kBusy: return absl::StatusCode::kUnavailable;
    case Status::kExpired: return absl::StatusCode::kFailedPrecondition;
    case Status::kTryAgain: return absl::StatusCode::kUnavailable;
    case Status::kCompactionTooLarge: return absl::StatusCode::kResourceExhausted;
    case Status::kColumnFamilyDropped: return absl::StatusCode::kInternal;
    case Status::kMaxCode: break;
  }
  return absl::StatusCode::kUnknown;
}

ErrorReason Reason(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kResourceExhausted: return ErrorReason::kDiskFull;
    case absl::StatusCode::kUnavailable: return ErrorReason::kStoreUnavailable;
    default: return ErrorReason::kUnspecified;
  }
}

}  // namespace

absl::Status ToStatus(const Status& status, std::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  const absl::StatusCode code = Code(status);
  return MakeError(code, {.reason = Reason(code)},
                   absl::StrCat(Absl(doing), ": ", status.ToString()));
}

}  // namespace wonbon
