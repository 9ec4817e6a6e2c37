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
  Parts* const p = parts_.get();
  const size_t documents = ids.size();
  return p->commit_thread->Enqueue(
      {.documents = documents,
       .run =
           [p, results, number = at->collection, ids = std::move(ids),
            options = std::move(options)](CommitGroup& group) {
             const DocumentFetcher fetch =
                 p->FetcherOf(p->published.latest_moment().store, &group, nullptr);
             for (const std::string& id : ids) {
               if (absl::Status status = ValidateId("document_id", id); !status.ok()) {
                 results->push_back(std::move(status));
                 continue;
               }
               absl::StatusOr<Decided<DeletionResult>> decided = DecideDeletion(
                   p->Context(group, fetch), {.collection = number,
                                              .id = id,
                                              .reason = options.reason,
                                              .block = options.block,
                                              .expected_sequence = options.expected_sequence});
               if (!decided.ok()) {
                 results->push_back(decided.status());
                 continue;
               }
               if (decided->change.has_value()) {
                 p->Apply(group, *std::move(decided->change), nullptr);
               }
               results->push_back(
                   Deletion{std::move(decided->answer.tombstone), decided->answer.deleted});
             }
           },
       .answer =
           [results, done = std::move(done)](const absl::Status& status) {
             if (!status.ok()) {
               for (absl::StatusOr<Deletion>& result : *results) result = status;
             }
             done(std::move(*results));
           }});
}

absl::StatusOr<Engine::Unblocking> Engine::Unblock(std::string_view collection,
                                                   std::string_view id) {
  absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  if (absl::Status status = ValidateId("document_id", id); !status.ok()) return status;
  absl::StatusOr<Unblocking> result = absl::UnknownError("not run");
  const absl::Status written = parts_->commit_thread->Run(
      {.documents = 1, .run = [&](CommitGroup& group) {
         const DocumentFetcher fetch =
             parts_->FetcherOf(parts_->published.latest_moment().store, &group, nullptr);
         auto decided =
             DecideUnblocking(parts_->Context(group, fetch), at->collection, std::string(id));
         if (!decided.ok()) {
           result = decided.status();
           return;
         }
         if (decided->change.has_value()) {
           parts_->Apply(group, *std::move(decided->change), nullptr);
         }
         result = Unblocking{std::move(decided->answer.tombstone), decided->answer.unblocked};
       }});
  if (!written.ok()) return written;
  return result;
}

}  // namespace wonbon
