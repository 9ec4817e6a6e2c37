// Articles of our own for tests of the judge.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "core/document.h"
#include "core/judge/profile.h"
#include "core/text/canonical.h"
#include "tests/core/judge/article_texts.h"

namespace wonbon {

inline constexpr Seed kTestProfileSeed = {42};

struct ArticleOptions {
  std::string publisher = "가람일보";
  std::string url;
  std::optional<absl::Time> published_at = absl::FromUnixSeconds(1'700'000'000);
};

inline Profile Article(std::string_view title, std::string_view body,
                       const ArticleOptions& options = {}) {
  Document document;
  document.title = std::string(title);
  document.body = std::string(body);
  document.publisher = options.publisher;
  document.url = options.url;
  document.published_at = options.published_at;
  static const Identifier identifier(kTestProfileSeed);
  static const ShingleHasher hasher(kTestProfileSeed);
  const CanonicalText text = Canonicalize(body, {});
  const CanonicalText headline = CanonicalizeTitle(title);
  return MakeProfile(identifier.Identify(document, text, headline), document.published_at, text,
                     headline, hasher.Hash(text.units));
}

}  // namespace wonbon
