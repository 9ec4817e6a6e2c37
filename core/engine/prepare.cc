// Engine: what can be made of a document without knowing its neighbours.
//
// validate -> canonical text -> fingerprint -> profile -> packed body. In the caller's threads.
#include <memory>
#include <utility>

#include "core/engine/parts.h"
#include "core/error.h"
#include "core/engine/validate.h"
#include "xxhash.h"

namespace wonbon {
namespace {

void AddField(XXH3_state_t* state, std::string_view text) {
  const uint64_t size = text.size();
  XXH3_128bits_update(state, &size, sizeof(size));
  XXH3_128bits_update(state, text.data(), text.size());
}

// Of every submitted field: two documents with the same key are the same submission.
absl::uint128 ContentKey(const Document& document) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> owned(XXH3_createState(),
                                                                       &XXH3_freeState);
  XXH3_state_t* const state = owned.get();
  XXH3_128bits_reset(state);
  for (const std::string* field :
       {&document.id, &document.title, &document.body, &document.publisher, &document.url,
        &document.byline, &document.section}) {
    AddField(state, *field);
  }
  const int64_t numbers[] = {
      static_cast<int64_t>(document.content_type), document.published_at.has_value() ? 1 : 0,
      document.published_at.has_value() ? absl::ToUnixNanos(*document.published_at) : 0};
  XXH3_128bits_update(state, numbers, sizeof(numbers));
  for (const auto& [key, value] : document.labels) {
    AddField(state, key);
    AddField(state, value);
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(state);
  return absl::MakeUint128(hash.high64, hash.low64);
}

}  // namespace

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
  const absl::uint128 content_key = ContentKey(document);
  submission->packed_body = checks ? PlainBody(document.body) : PackBody(document.body);
  CanonicalText body;
  submission->article = parts_->MakeArticle(std::move(document), /*with_source=*/false, &body);
  if (body.units.empty()) {
    return InvalidField("document.body", "has no letter or digit");
  }
  submission->article->content.content_key = content_key;
  const Document& head = submission->article->content.document;
  submission->fingerprint = parts_->sketcher.Make(
      body.units, submission->article->profile.title_units, head.publisher, head.url);
  return submission;
}

std::shared_ptr<Article> Engine::Parts::MakeArticle(Document document, bool with_source,
                                                    CanonicalText* body) const {
  auto article = std::make_shared<Article>();
  *body = Canonicalize(document.body,
                       {.content_type = document.content_type, .with_source = with_source});
  const CanonicalText title = CanonicalizeTitle(document.title);
  article->profile = MakeProfile(document, *body, title, profile_seed);
  std::string().swap(document.body);
  article->content.document = std::move(document);
  return article;
}

}  // namespace wonbon
