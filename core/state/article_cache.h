// The article cache: documents read lately, ready for judgement; bounded in bytes: what was used
// least lately goes first.
//
// Thread-safe. The number of a published document names one version for ever, so entries never go
// stale; one that was deleted is pushed out by use.
#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "core/state/prepared_document.h"

namespace wonbon {

class ArticleCache {
 public:
  explicit ArticleCache(size_t capacity_bytes);

  // Null where the document is not held.
  std::shared_ptr<const PreparedDocument> Find(DocumentNumber number);
  // REQUIRES: the document is in the store. Until then its number may yet be given to another one.
  void Insert(std::shared_ptr<const PreparedDocument> prepared);
  size_t bytes() const;

 private:
  static constexpr size_t kShards = 16;
  struct Shard {
    mutable absl::Mutex mutex;
    std::list<std::shared_ptr<const PreparedDocument>> recent
        ABSL_GUARDED_BY(mutex);  // newest first
    absl::flat_hash_map<DocumentNumber,
                        std::list<std::shared_ptr<const PreparedDocument>>::iterator>
        positions ABSL_GUARDED_BY(mutex);
    size_t bytes ABSL_GUARDED_BY(mutex) = 0;
  };
  Shard& ShardOf(DocumentNumber number) {
    return shards_[static_cast<uint64_t>(number) % kShards];
  }

  const size_t shard_capacity_;
  std::array<Shard, kShards> shards_;
};

}  // namespace wonbon
