#include "core/state/article_cache.h"

#include <utility>

namespace wonbon {
namespace {

// What a document holds besides its profile is small: heads are counted at a flat rate, with their
// places in the cache.
constexpr size_t kHeadBytes = 768;

// The allocator rounds each array of a profile up to the next of its sizes: by a sixteenth, on
// average.
size_t BytesOf(const PreparedDocument& prepared) {
  const size_t profile = prepared.profile.MemoryBytes();
  return profile + profile / 16 + kHeadBytes;
}

}  // namespace

ArticleCache::ArticleCache(size_t capacity_bytes) : shard_capacity_(capacity_bytes / kShards) {}

std::shared_ptr<const PreparedDocument> ArticleCache::Find(DocumentNumber number) {
  Shard& shard = ShardOf(number);
  absl::MutexLock lock(&shard.mutex);
  const auto found = shard.positions.find(number);
  if (found == shard.positions.end()) return nullptr;
  shard.recent.splice(shard.recent.begin(), shard.recent, found->second);
  return *found->second;
}

void ArticleCache::Insert(std::shared_ptr<const PreparedDocument> prepared) {
  Shard& shard = ShardOf(prepared->number);
  absl::MutexLock lock(&shard.mutex);
  if (shard.positions.contains(prepared->number)) return;
  shard.bytes += BytesOf(*prepared);
  shard.recent.push_front(std::move(prepared));
  shard.positions[shard.recent.front()->number] = shard.recent.begin();
  while (shard.bytes > shard_capacity_ && !shard.recent.empty()) {
    shard.bytes -= BytesOf(*shard.recent.back());
    shard.positions.erase(shard.recent.back()->number);
    shard.recent.pop_back();
  }
}

size_t ArticleCache::bytes() const {
  size_t total = 0;
  for (const Shard& shard : shards_) {
    absl::MutexLock lock(&shard.mutex);
    total += shard.bytes;
  }
  return total;
}

}  // namespace wonbon
