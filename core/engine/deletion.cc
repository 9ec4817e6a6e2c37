// Engine: deleting documents by id, and letting blocked ids in again.
#include <utility>

#include "core/cluster/decide.h"
#include "core/engine/parts.h"
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
  auto results = std::make_shared<std::vector<absl::StatusOr<Deletion>>>();
  Committer* const committer = &parts_->committer;
  const size_t documents = ids.size();
  return committer->thread().Enqueue(
      {.documents = documents,
       .single = options.waiting.single,
       .wanted = options.waiting.wanted,
       .run =
           [committer, results, number = at->collection, ids = std::move(ids),
            options = std::move(options)](CommitGroup& group) {
             const DocumentFetcher fetch = committer->FetcherOf(group);
             for (const std::string& id : ids) {
               if (absl::Status status = ValidateId("document_id", id); !status.ok()) {
                 results->push_back(std::move(status));
                 continue;
               }
               absl::StatusOr<Decided<DeletionResult>> decided = DecideDeletion(
                   committer->Context(group, fetch),
                   {.collection = number,
                    .id = id,
                    .reason = options.reason,
                    .block = options.block,
                    .expected_sequence = options.expected_sequence});
               if (!decided.ok()) {
                 results->push_back(decided.status());
                 continue;
               }
               if (decided->change.has_value()) {
                 committer->Apply(group, *std::move(decided->change));
               }
               results->push_back(
                   Deletion{std::move(decided->answer.tombstone), decided->answer.deleted});
             }
           },
       .answer =
           [results, documents, done = std::move(done)](const absl::Status& status) {
             if (!status.ok()) results->assign(documents, status);
             done(std::move(*results));
           }});
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
  const absl::Status written =
      committer.thread().Run({.documents = 1, .single = true, .run = unblock});
  if (!written.ok()) return written;
  return result;
}

}  // namespace wonbon
