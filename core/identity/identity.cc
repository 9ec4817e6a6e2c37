#include "core/identity/identity.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "core/identity/article_url.h"
#include "core/text/fold.h"

namespace wonbon {
namespace {

// XXH3 reads UTF-16 as bytes. All we run on (x86-64, AArch64) is little-endian.
static_assert(std::endian::native == std::endian::little);

absl::uint128 FromHash(XXH128_hash_t hash) { return absl::MakeUint128(hash.high64, hash.low64); }

void AddField(XXH3_state_t* state, std::string_view text) {
  const uint64_t size = text.size();
  XXH3_128bits_update(state, &size, sizeof(size));
  XXH3_128bits_update(state, text.data(), text.size());
}

absl::uint128 ContentKey(const Document& document, const HashKeys& keys) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> owned(XXH3_createState(),
                                                                       &XXH3_freeState);
  XXH3_state_t* const state = owned.get();
  XXH3_128bits_reset_withSecret(state, keys.secret.data(), keys.secret.size());
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
  return FromHash(XXH3_128bits_digest(state));
}

}  // namespace

Identifier::Identifier(const Seed& seed) : keys_(DeriveHashKeys(seed)) {}

uint64_t Identifier::ShortKey(const void* bytes, size_t size) const {
  const uint64_t key =
      XXH3_64bits_withSecret(bytes, size, keys_.secret.data(), keys_.secret.size());
  return std::max<uint64_t>(key, 1);  // 0 says "none"
}

uint64_t Identifier::PublisherKey(std::string_view name) const {
  std::u16string folded = Fold(name, /*with_source=*/false).text;
  std::erase_if(folded, [](char16_t c) { return c == u' ' || c == u'\n'; });
  // "-" is what feeds write for none.
  if (std::none_of(folded.begin(), folded.end(), IsUnit)) return 0;
  return ShortKey(folded.data(), folded.size() * sizeof(char16_t));
}

uint64_t Identifier::ArticleUrlKey(std::string_view url) const {
  const std::string folded = FoldArticleUrl(url);
  return folded.empty() ? 0 : ShortKey(folded.data(), folded.size());
}

Identity Identifier::Identify(const Document& document, const CanonicalText& body,
                              const CanonicalText& title) const {
  const std::u16string& units = body.units;
  const std::u16string headline = WithoutTags(title).units;
  return {.text = FromHash(XXH3_128bits_withSecret(units.data(), units.size() * sizeof(char16_t),
                                                   keys_.secret.data(), keys_.secret.size())),
          .content = ContentKey(document, keys_),
          .headline = headline.empty()
                          ? 0
                          : ShortKey(headline.data(), headline.size() * sizeof(char16_t)),
          .publisher = PublisherKey(document.publisher),
          .article_url = ArticleUrlKey(document.url)};
}

}  // namespace wonbon
