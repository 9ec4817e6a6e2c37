// Engine: what can be made of a document without knowing its neighbours.
//
// validate -> canonical text -> identity -> shingles -> profile, fingerprint; packed body. In the
// caller's threads.
#include <memory>
#include <optional>
#include <utility>

#include "core/engine/parts.h"
#include "core/error.h"
#include "core/engine/validate.h"

namespace wonbon {

absl::StatusOr<std::unique_ptr<Submission>> Engine::Prepare(std::string_view collection,
                                                            Document document,
                                                            Purpose purpose) const {
  const absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  const bool checks = purpose == Purpose::kCheck;
  absl::Status valid = ValidateDocument(document, parts_->options.max_body_bytes, checks);
  if (!valid.ok()) return valid;
  auto submission = std::make_unique<Submission>();
  submission->collection = at->collection;
  submission->packed_body = checks ? PlainBody(document.body) : PackBody(document.body);
  Parts::Preparation made =
      parts_->PrepareDocument(std::move(document), std::nullopt, /*with_source=*/false);
  if (made.body.units.empty()) {
    return InvalidField("document.body", "has no letter or digit");
  }
  submission->fingerprint = MakeFingerprint(made.shingles, made.prepared->content.identity);
  submission->prepared = std::move(made.prepared);
  return submission;
}

Engine::Parts::Preparation Engine::Parts::PrepareDocument(Document document,
                                                          const std::optional<Identity>& stored,
                                                          bool with_source) const {
  Preparation made;
  made.body = Canonicalize(document.body,
                           {.content_type = document.content_type, .with_source = with_source});
  const CanonicalText title = CanonicalizeTitle(document.title);
  made.shingles = shingle_hasher.Hash(made.body.units);
  made.prepared = std::make_shared<PreparedDocument>();
  DocumentContent& content = made.prepared->content;
  content.identity =
      stored.has_value() ? *stored : identifier.Identify(document, made.body, title);
  made.prepared->profile =
      MakeProfile(content.identity, document.published_at, made.body, title, made.shingles);
  std::string().swap(document.body);
  content.document = std::move(document);
  return made;
}

}  // namespace wonbon
