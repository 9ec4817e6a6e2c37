// Engine: deleting documents by id, and letting blocked ids in again.
#include <utility>

#include "core/cluster/decide.h"
#include "core/engine/parts.h"
#include "core/engine/pieces.h"
#include "core/engine/validate.h"
#include "core/limits.h"

namespace wonbon {

absl::Status Engine::Delete(std::string_view collection, std::vector<std::string> ids,
                            DeleteOptions options, DeleteCallback done) {
  const absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  if (absl::Status status = ValidateText("reason", options.reason, kMaxReasonBytes); !status.ok()) {
    return status;
  }
  using Results = std::vector<absl::StatusOr<Deletion>>;
  auto results = std::make_shared<Results>();
  Committer* const committer = &parts_->committer;
  Pieces::Work work{.documents = ids.size(),
                    .waiting = options.waiting};
  work.decide = [committer, results, number = at->collection, ids = std::move(ids),
                 options = std::move(options)](CommitGroup& group, size_t i) {
    if (absl::Status status = ValidateId("document_id", ids[i]); !status.ok()) {
      results->push_back(std::move(status));
      return;
    }
    const DocumentFetcher fetch = committer->FetcherOf(group);
    const DecisionContext context = committer->Context(group, fetch);
    absl::StatusOr<Decided<DeletionResult>> decided =
        DecideDeletion(context, {.collection = number,
                                 .id = ids[i],
                                 .reason = options.reason,
                                 .block = options.block,
                                 .expected_sequence = options.expected_sequence});
    if (!decided.ok()) {
      results->push_back(decided.status());
      return;
    }
    if (decided->change.has_value()) committer->Apply(group, *std::move(decided->change));
    results->push_back(Deletion{std::move(decided->answer.tombstone), decided->answer.deleted});
  };
  work.written = [results](size_t begin, size_t end, const absl::Status& status) {
    if (status.ok()) return;
    results->resize(begin, absl::StatusOr<Deletion>(status));
    results->resize(end, absl::StatusOr<Deletion>(status));
  };
  work.done = [results, done = std::move(done)] { done(std::move(*results)); };
  return Pieces::Enqueue(committer, std::move(work));
}

absl::StatusOr<Engine::Unblocking> Engine::Unblock(std::string_view collection,
                                                   std::string_view id) {
  absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  if (absl::Status status = ValidateId("document_id", id); !status.ok()) return status;
  Committer& committer = parts_->committer;
  absl::StatusOr<Unblocking> result = absl::UnknownError("not run");
  const auto unblock = [&](CommitGroup& group) {
    const DocumentFetcher fetch = committer.FetcherOf(group);
    auto decided =
        DecideUnblocking(committer.Context(group, fetch), at->collection, std::string(id));
    if (!decided.ok()) {
      result = decided.status();
      return;
    }
    if (decided->change.has_value()) committer.Apply(group, *std::move(decided->change));
    result = Unblocking{std::move(decided->answer.tombstone), decided->answer.unblocked};
  };
  const absl::Status written = committer.thread().Run({.documents = 1, .run = unblock});
  if (!written.ok()) return written;
  return result;
}

}  // namespace wonbon
