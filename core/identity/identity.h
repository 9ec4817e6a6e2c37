// What makes two documents "the same": one key for each sense of the word, made once a document and
// stored with it. Index, judge and election read these keys and make none of their own.
//
// Keys are keyed with the deployment's secret seed: those of two deployments do not compare, and
// nobody who lacks the seed can make two texts with one key (README.md says how far that goes).
// Thread-safe: an Identifier is constant after construction.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/numeric/int128.h"
#include "core/document.h"
#include "core/identity/hash_keys.h"
#include "core/text/canonical.h"

namespace wonbon {

struct Identity {
  absl::uint128 text{};      // the letters and digits of the body, all of them
  absl::uint128 content{};   // every submitted field: the same submission
  uint64_t headline = 0;     // the letters and digits of the headline; 0 where it has none
  uint64_t publisher = 0;    // the name, whatever its width, case and spaces; 0 where there is none
  uint64_t article_url = 0;  // the article's address (article_url.h); 0 where the url names none

  bool operator==(const Identity&) const = default;
};

class Identifier {
 public:
  explicit Identifier(const Seed& seed);

  // `body` and `title`: the canonical texts of the document's body and headline.
  Identity Identify(const Document& document, const CanonicalText& body,
                    const CanonicalText& title) const;

  // Identity::publisher of a name.
  uint64_t PublisherKey(std::string_view name) const;
  // Identity::article_url of a url.
  uint64_t ArticleUrlKey(std::string_view url) const;

 private:
  uint64_t ShortKey(const void* bytes, size_t size) const;

  const HashKeys keys_;
};

}  // namespace wonbon
