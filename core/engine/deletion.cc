// Engine: deleting documents by id.
#include <utility>

#include "core/engine/parts.h"
#include "core/engine/validate.h"

namespace wonbon {

absl::Status Engine::Delete(std::string_view collection, std::vector<std::string> ids,
                            std::string reason, DeleteCallback done) {
  const absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  if (absl::Status status = ValidateText("reason", reason, kMaxReasonBytes); !status.ok()) {
    return status;
  }
  auto results = std::make_shared<std::vector<absl::StatusOr<Deletion>>>();
  Parts* const p = parts_.get();
  const size_t documents = ids.size();
  return p->commits->Enqueue(
      {.documents = documents,
       .run =
           [p, results, number = at->collection, ids = std::move(ids),
            reason = std::move(reason)](Group& group) {
             const ArticleSource source =
                 p->SourceOf(p->published.latest_moment().store, &group, nullptr);
             for (const std::string& id : ids) {
               if (absl::Status status = ValidateId("document_id", id); !status.ok()) {
                 results->push_back(std::move(status));
                 continue;
               }
               absl::StatusOr<Decided<DeletionResult>> decided =
                   DecideDeletion(p->Context(group, source), number, id, reason);
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

}  // namespace wonbon
