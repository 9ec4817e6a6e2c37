// Engine: comparing two documents.
#include <utility>

#include "core/engine/parts.h"
#include "core/error.h"
#include "core/engine/validate.h"

namespace wonbon {
namespace {

struct ComparedSide {
  std::shared_ptr<const PreparedDocument> prepared;
  CanonicalText body;  // only with source offsets
};

// One side made ready: by id from the store, or as it was sent.
absl::StatusOr<ComparedSide> ReadSide(const Preparer& preparer, size_t max_body_bytes,
                                      const CollectionMoment& at, std::string_view name,
                                      Engine::Side side, bool with_source) {
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
          preparer.Fetch(snapshot, *number);
      if (!prepared.ok()) return prepared.status();
      return ComparedSide{.prepared = *std::move(prepared), .body = {}};
    }
    absl::StatusOr<DocumentContent> content =
        Present(snapshot.ReadContent(*number, /*with_body=*/true));
    if (!content.ok()) return content.status();
    document = std::move(content->document);
  } else if (side.document.has_value()) {
    document = *std::move(side.document);
    if (absl::Status status = ValidateDocument(document, max_body_bytes, true);
        !status.ok()) {
      return InField(name, status);
    }
  } else {
    return InField(name, InvalidField("side", "a document_id or a document is required"));
  }
  Preparer::Preparation made =
      preparer.Prepare(std::move(document), std::nullopt, with_source);
  if (made.body.units.empty()) {
    return InField(name, InvalidField("document.body", "has no letter or digit"));
  }
  return ComparedSide{.prepared = std::move(made.prepared), .body = std::move(made.body)};
}

}  // namespace

absl::StatusOr<Engine::Comparison> Engine::Compare(std::string_view collection, Side a, Side b,
                                                   bool with_spans) const {
  const absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  const size_t max_bytes = parts_->options.max_body_bytes;
  auto first = ReadSide(parts_->preparer, max_bytes, *at, "a", std::move(a), with_spans);
  if (!first.ok()) return first.status();
  auto second = ReadSide(parts_->preparer, max_bytes, *at, "b", std::move(b), with_spans);
  if (!second.ok()) return second.status();
  Comparison comparison;
  comparison.judgement =
      Judge(first->prepared->profile, second->prepared->profile, *at->moment.rarity);
  if (with_spans) comparison.spans = FindSpans(first->body, second->body);
  return comparison;
}

}  // namespace wonbon
