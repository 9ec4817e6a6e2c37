// An indexed document as the judge and the replies need it: head and profile, without the body.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "core/judge/profile.h"
#include "core/record.h"

namespace wonbon {

// Constant after construction; shared between threads.
struct Article {
  DocumentNumber number = DocumentNumber::kNone;
  DocumentContent content;  // without body
  Profile profile;
};

// Fetches the article of a live document; NOT_FOUND where it is gone. Thread-safe.
using ArticleSource =
    std::function<absl::StatusOr<std::shared_ptr<const Article>>(DocumentNumber number)>;

}  // namespace wonbon
