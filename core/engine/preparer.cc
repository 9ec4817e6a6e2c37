#include "core/engine/preparer.h"

#include <string>
#include <utility>

#include "core/engine/reads.h"

namespace wonbon {

Preparer::Preparation Preparer::Prepare(Document document, const std::optional<Identity>& stored,
                                        bool with_source) const {
  Preparation made;
  made.body = Canonicalize(document.body,
                           {.content_type = document.content_type, .with_source = with_source});
  const CanonicalText title = CanonicalizeTitle(document.title);
  made.shingles = shingle_hasher_.Hash(made.body.units, made.body.sentence_ends);
  made.prepared = std::make_shared<PreparedDocument>();
  DocumentContent& content = made.prepared->content;
  content.identity =
      stored.has_value() ? *stored : identifier_.Identify(document, made.body, title);
  made.prepared->profile =
      MakeProfile(content.identity, document.published_at, made.body, title, made.shingles);
  std::string().swap(document.body);
  content.document = std::move(document);
  return made;
}

absl::StatusOr<std::shared_ptr<const PreparedDocument>> Preparer::Fetch(
    const StoreSnapshot& snapshot, DocumentNumber number) const {
  if (std::shared_ptr<const PreparedDocument> held = cache_.Find(number)) return held;
  absl::StatusOr<DocumentContent> content =
      Present(snapshot.ReadContent(number, /*with_body=*/true));
  // One damaged body must not stop what happens to its neighbours, nor its own deletion: it is
  // judged as if it were empty. Who asks for the body is told.
  const bool damaged = absl::IsDataLoss(content.status());
  if (damaged) content = Present(snapshot.ReadContent(number, /*with_body=*/false));
  if (!content.ok()) return content.status();
  std::shared_ptr<PreparedDocument> prepared =
      Prepare(std::move(content->document), content->identity, /*with_source=*/false).prepared;
  prepared->number = number;
  if (!damaged) Keep(prepared);
  return prepared;
}

DocumentFetcher Preparer::FetcherOf(std::shared_ptr<const StoreSnapshot> snapshot,
                                    const CommitGroup* group,
                                    std::shared_ptr<const PreparedDocument> current) const {
  return [this, snapshot = std::move(snapshot), group, current = std::move(current)](
             DocumentNumber number) -> absl::StatusOr<std::shared_ptr<const PreparedDocument>> {
    if (current != nullptr && current->number == number) return current;
    if (group != nullptr) {
      std::shared_ptr<const PreparedDocument> pending = group->PendingDocument(number);
      if (pending != nullptr) return pending;
    }
    return Fetch(*snapshot, number);
  };
}

}  // namespace wonbon
