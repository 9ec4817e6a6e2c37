// Files that are read again and again: what was read is believed once two looks in a row saw the
// same, so that whoever writes in place, one file after the other, is not caught half-way.
//
// Not thread-safe.
#pragma once

#include <optional>
#include <utility>

#include "absl/status/statusor.h"

namespace wonbon::server {

// `Contents`: what stands in the files; compared with ==.
template <class Contents>
class Renewal {
 public:
  // What is served already.
  explicit Renewal(Contents served) : seen_(served), judged_(std::move(served)) {}

  // `found` now. What is to be judged anew: nothing where it was judged before, or not believed
  // yet. `at_once`: at the word of whoever wrote the files, who is believed.
  std::optional<absl::StatusOr<Contents>> Look(absl::StatusOr<Contents> found, bool at_once) {
    const bool believed = at_once || Same(found, seen_);
    seen_ = std::move(found);
    if (!believed || Same(seen_, judged_)) return std::nullopt;
    judged_ = seen_;
    return judged_;
  }

 private:
  static bool Same(const absl::StatusOr<Contents>& a, const absl::StatusOr<Contents>& b) {
    return a.ok() && b.ok() ? *a == *b : a.status() == b.status();
  }

  absl::StatusOr<Contents> seen_;
  absl::StatusOr<Contents> judged_;
};

}  // namespace wonbon::server
