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
  Preparer::Preparation made =
      parts_->preparer.Prepare(std::move(document), std::nullopt, /*with_source=*/false);
  if (made.body.units.empty()) {
    return InvalidField("document.body", "has no letter or digit");
  }
  // What a notice or a photo caption is judged by is its headline: under each it is another text.
  const Profile& profile = made.prepared->profile;
  submission->fingerprint =
      MakeFingerprint(made.shingles, made.prepared->content.identity,
                      /*with_headline=*/profile.is_notice || profile.is_caption);
  submission->prepared = std::move(made.prepared);
  return submission;
}

}  // namespace wonbon
