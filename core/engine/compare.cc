// Engine: comparing two documents.
#include <utility>

#include "core/engine/parts.h"
#include "core/error.h"
#include "core/engine/validate.h"

namespace wonbon {
// One side made ready: by id from the store, or as it was sent.
absl::StatusOr<Engine::Parts::ComparedSide> Engine::Parts::ReadSide(const CollectionMoment& at,
                                                                    std::string_view name,
                                                                    Side side,
                                                                    bool with_source) const {
  Document document;
  if (side.id.has_value()) {
    if (absl::Status status = ValidateId("document_id", *side.id); !status.ok()) {
      return InField(name, status);
    }
    const StoreSnapshot& snapshot = *at.moment.store;
    const absl::StatusOr<DocumentNumber> number = FindLive(snapshot, at.collection, *side.id);
    if (!number.ok()) return number.status();
    if (!with_source) {
      absl::StatusOr<std::shared_ptr<const PreparedDocument>> prepared =
          FetchPrepared(snapshot, *number);
      if (!prepared.ok()) return prepared.status();
      return ComparedSide{.prepared = *std::move(prepared), .body = {}};
    }
    absl::StatusOr<DocumentContent> content =
        Present(snapshot.ReadContent(*number, /*with_body=*/true));
    if (!content.ok()) return content.status();
    document = std::move(content->document);
  } else if (side.document.has_value()) {
    document = *std::move(side.document);
    if (absl::Status status = ValidateDocument(document, options.max_body_bytes, true);
        !status.ok()) {
      return InField(name, status);
    }
  } else {
    return InField(name, InvalidField("side", "a document_id or a document is required"));
  }
  Preparation made = PrepareDocument(std::move(document), std::nullopt, with_source);
  if (made.body.units.empty()) {
    return InField(name, InvalidField("document.body", "has no letter or digit"));
  }
  return ComparedSide{.prepared = std::move(made.prepared), .body = std::move(made.body)};
}

absl::StatusOr<Engine::Comparison> Engine::Compare(std::string_view collection, Side a, Side b,
                                                   bool with_spans) const {
  const absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  auto first = parts_->ReadSide(*at, "a", std::move(a), with_spans);
  if (!first.ok()) return first.status();
  auto second = parts_->ReadSide(*at, "b", std::move(b), with_spans);
  if (!second.ok()) return second.status();
  Comparison comparison;
  comparison.judgement =
      Judge(first->prepared->profile, second->prepared->profile, *at->moment.rarity);
  if (with_spans) comparison.spans = FindSpans(first->body, second->body);
  return comparison;
}

}  // namespace wonbon
