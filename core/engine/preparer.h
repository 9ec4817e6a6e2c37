// Makes of a document what a judgement needs of it, and keeps at hand what was made of those in the
// index.
//
// Thread-safe.
#pragma once

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "core/document.h"
#include "core/identity/identity.h"
#include "core/sketch/shingle_hash.h"
#include "core/sketch/shingle_list.h"
#include "core/state/article_cache.h"
#include "core/state/commit_group.h"
#include "core/state/prepared_document.h"
#include "core/store/snapshot.h"
#include "core/text/canonical.h"

namespace wonbon {

class Preparer {
 public:
  Preparer(const Seed& seed, size_t cache_bytes)
      : identifier_(seed), shingle_hasher_(seed), cache_(cache_bytes) {}

  struct Preparation {
    std::shared_ptr<PreparedDocument> prepared;  // without its number
    CanonicalText body;
    ShingleList shingles;
  };
  // `stored`: the identity of a document that was read from the store.
  Preparation Prepare(Document document, const std::optional<Identity>& stored,
                      bool with_source) const;
  // A document of `snapshot`, at hand or from there; without its body where that is damaged.
  absl::StatusOr<std::shared_ptr<const PreparedDocument>> Fetch(const StoreSnapshot& snapshot,
                                                                DocumentNumber number) const;
  // Fetches `current`, the documents of the group that are not written yet, and those of
  // `snapshot`.
  DocumentFetcher FetcherOf(std::shared_ptr<const StoreSnapshot> snapshot, const CommitGroup* group,
                            std::shared_ptr<const PreparedDocument> current) const;
  // REQUIRES: its number will not be drawn again.
  void Keep(std::shared_ptr<const PreparedDocument> prepared) const {
    cache_.Insert(std::move(prepared));
  }

  const Identifier& identifier() const { return identifier_; }
  size_t cache_bytes() const { return cache_.bytes(); }

 private:
  const Identifier identifier_;
  const ShingleHasher shingle_hasher_;
  mutable ArticleCache cache_;
};

}  // namespace wonbon
