// Engine: documents whose time is over, or whose collection goes.
#include <utility>

#include "core/engine/parts.h"
#include "core/limits.h"

namespace wonbon {

absl::StatusOr<uint64_t> Engine::ExpireDocuments() {
  Parts* const p = parts_.get();
  uint64_t total = 0;
  for (;;) {
    std::vector<DocumentNumber> expired;
    {
      const Published::Reader reader(p->published);
      const int64_t now_us = absl::ToUnixMicros(p->options.now());
      expired = reader.state().FindExpired(now_us, kMaxBatchDocuments);
    }
    if (expired.empty()) return total;
    absl::StatusOr<uint64_t> removed =
        RemoveWithoutTombstone(std::move(expired), Departure::kExpiry);
    if (!removed.ok()) return removed.status();
    if (*removed == 0) return total;
    total += *removed;
  }
}

absl::StatusOr<uint64_t> Engine::RemoveWithoutTombstone(std::vector<DocumentNumber> numbers,
                                                       Departure why) {
  Committer& committer = parts_->committer;
  uint64_t removed = 0;
  absl::Status failed;
  const auto remove = [&](CommitGroup& group) {
    const DocumentFetcher fetch = committer.FetcherOf(group);
    for (const DocumentNumber number : numbers) {
      absl::StatusOr<std::optional<Change>> change =
          DecideRemoval(committer.Context(group, fetch), number, why);
      if (!change.ok()) {
        failed = change.status();
        return;
      }
      if (!change->has_value()) continue;
      committer.Apply(group, **std::move(change));
      ++removed;
    }
  };
  const absl::Status status =
      committer.thread().Run({.documents = numbers.size(), .run = remove});
  if (!status.ok()) return status;
  if (!failed.ok()) return failed;
  return removed;
}

}  // namespace wonbon
