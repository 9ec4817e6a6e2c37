// What an Engine is made of; shared by the files that implement it.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/cluster/commit.h"
#include "core/engine/commit_thread.h"
#include "core/engine.h"
#include "core/engine/rarity_keeper.h"
#include "core/state/article_cache.h"
#include "core/state/memory_state.h"
#include "core/state/publication.h"

namespace wonbon {

struct Engine::Parts {
  Parts(Options options_in, std::unique_ptr<Store> store_in);

  // --- Reading (reads.cc) ----------------------------------------------------------------
  // NOT_FOUND for an unknown collection.
  absl::StatusOr<CollectionNumber> FindCollection(std::string_view name) const;
  // The article of a live document, from the cache or the store.
  absl::StatusOr<std::shared_ptr<const Article>> FetchArticle(DocumentNumber number) const;
  // The article of a document, without its number, and the canonical text of its body.
  std::shared_ptr<Article> MakeArticle(Document document, bool with_source,
                                       CanonicalText* body) const;
  ArticleSource Source(const Group* group, std::shared_ptr<const Article> current) const;
  // The entry of a live id; NOT_FOUND, kDocumentDeleted for a tombstone.
  absl::StatusOr<DocumentEntry> FindLive(CollectionNumber collection, std::string_view id) const;
  // Calls `read` until what the published state names and what the store has are the same. `read`
  // answers ABORTED where a record that the state names is not there (ReadContent does); each call
  // but the first must read the state anew. In the end: what `read` gave, UNAVAILABLE where the
  // state changed before each look, or DATA_LOSS where the record is missing for good.
  template <typename Read>
  auto ReadPublished(Read read) const -> decltype(read());
  // The content of a document that the published state names; ABORTED where it is not there.
  absl::StatusOr<DocumentContent> ReadContent(DocumentNumber number, bool with_body) const;
  // These are for ReadPublished.
  absl::StatusOr<ClusterView> ViewOf(const ClusterState& cluster, bool with_body) const;
  absl::StatusOr<StoredDocument> ReadDocument(const DocumentEntry& entry, bool with_body) const;
  // Follows redirects; NOT_FOUND for a cluster of another collection too.
  absl::StatusOr<ClusterState> FindCluster(std::string_view collection, ClusterId id) const;
  struct ComparedSide {
    std::shared_ptr<const Article> article;
    CanonicalText body;  // only with source offsets
  };
  absl::StatusOr<ComparedSide> ReadSide(CollectionNumber collection, std::string_view name,
                                        Side side, bool with_source) const;
  absl::Status FillBody(Decision* decision) const;  // of the canonical copy

  // --- Writing (commit.cc, submit.cc) ----------------------------------------------------------------------
  absl::Status Rebuild();
  CommitContext Context(Group& group, const ArticleSource& source) const;
  absl::Status WriteGroup(Group& group);
  void NotifyListeners();
  absl::StatusOr<Decision> CommitOne(Group& group, Submission& submission);

  // Looks at a state that changes between reading it and the store, before giving up.
  static constexpr int kMaxLooks = 32;

  const Options options;
  const std::unique_ptr<Store> store;
  const Sketcher sketcher;
  const uint64_t profile_seed;

  mutable absl::Mutex mutex;
  MemoryState state;  // read under `mutex`, by the commit thread also without
  Publication publication;
  mutable ArticleCache cache;
  RarityKeeper rarity;
  mutable std::atomic<uint64_t> judged_pairs{0};
  std::atomic<uint64_t> commit_groups{0};
  bool write_failed = false;  // the last one; of the commit thread

  absl::Mutex listeners_mutex;
  std::map<uint64_t, std::function<void(Sequence)>> listeners ABSL_GUARDED_BY(listeners_mutex);
  uint64_t next_ticket ABSL_GUARDED_BY(listeners_mutex) = 1;

  std::unique_ptr<CommitThread> commits;  // last: its thread uses all of the above
};

template <typename Read>
auto Engine::Parts::ReadPublished(Read read) const -> decltype(read()) {
  for (int look = 0; look < kMaxLooks; ++look) {
    const uint64_t turn = publication.turn();
    auto result = read();
    if (!absl::IsAborted(result.status())) return result;
    // Nothing was written while state and store were read: they disagree for good.
    if (look > 0 && turn % 2 == 0 && publication.turn() == turn) {
      return absl::DataLossError(result.status().message());
    }
    if (!publication.Await()) break;
  }
  return absl::UnavailableError("what is asked for is being written; try again");
}

}  // namespace wonbon
