// Engine: documents whose time is over, or whose collection goes.
#include <utility>

#include "core/engine/parts.h"
#include "core/engine/pieces.h"
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
  Committer* const committer = &parts_->committer;
  uint64_t removed = 0;  // and written
  uint64_t deciding = 0;
  absl::Status failed;
  Pieces::Work work{.documents = numbers.size()};
  work.decide = [&](CommitGroup& group, size_t i) {
    if (!failed.ok()) return;
    const DocumentFetcher fetch = committer->FetcherOf(group);
    const DecisionContext context = committer->Context(group, fetch);
    absl::StatusOr<std::optional<Change>> change = DecideRemoval(context, numbers[i], why);
    if (!change.ok()) {
      failed = change.status();
    } else if (change->has_value()) {
      committer->Apply(group, **std::move(change));
      ++deciding;
    }
  };
  work.written = [&](size_t, size_t, const absl::Status& status) {
    if (status.ok()) {
      removed += std::exchange(deciding, 0);
    } else if (failed.ok()) {
      failed = status;
    }
  };
  const absl::Status status = Pieces::Run(committer, std::move(work));
  if (!status.ok()) return status;
  if (!failed.ok()) return failed;
  return removed;
}

}  // namespace wonbon
