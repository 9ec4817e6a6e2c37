// A document as Prepare makes it and as the judge and the replies need it: head and profile,
// without the body.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "core/judge/profile.h"
#include "core/record.h"

namespace wonbon {

// Constant from when it is shared between threads.
struct PreparedDocument {
  DocumentNumber number = DocumentNumber::kNone;
  DocumentContent content;  // without body
  Profile profile;
};

// Fetches a live document; NOT_FOUND where it is gone. Thread-safe.
using DocumentFetcher =
    std::function<absl::StatusOr<std::shared_ptr<const PreparedDocument>>(DocumentNumber number)>;

}  // namespace wonbon
