// What an Engine is made of; shared by the files that implement it.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/cluster/decide.h"
#include "core/engine/commit_thread.h"
#include "core/engine.h"
#include "core/engine/rarity_keeper.h"
#include "core/engine/reads.h"
#include "core/state/article_cache.h"
#include "core/state/published.h"

namespace wonbon {

struct Engine::Parts {
  Parts(Options options_in, std::unique_ptr<Store> store_in);

  // --- Reading (reads.cc, prepare.cc, compare.cc) -----------------------------------------------
  // ---------------------------------------------------------- A document of `snapshot`, from the
  // cache or from there.
  absl::StatusOr<std::shared_ptr<const PreparedDocument>> FetchPrepared(
      const StoreSnapshot& snapshot, DocumentNumber number) const;
  struct Preparation {
    std::shared_ptr<PreparedDocument> prepared;  // without its number
    CanonicalText body;
    ShingleList shingles;
  };
  // `stored`: the identity of a document that was read from the store.
  Preparation PrepareDocument(Document document, const std::optional<Identity>& stored,
                              bool with_source) const;
  // Finds `current`, the documents of the group that are not written yet, and those of `snapshot`.
  DocumentFetcher FetcherOf(std::shared_ptr<const StoreSnapshot> snapshot, const CommitGroup* group,
                            std::shared_ptr<const PreparedDocument> current) const;
  struct ComparedSide {
    std::shared_ptr<const PreparedDocument> prepared;
    CanonicalText body;  // only with source offsets
  };
  absl::StatusOr<ComparedSide> ReadSide(const CollectionMoment& at, std::string_view name,
                                        Side side, bool with_source) const;

  // --- Writing (commit.cc, submit.cc, follow.cc, open.cc) ---------------------------------------
  absl::Status Rebuild();
  // The clock, which never runs behind the last change.
  int64_t Now(const View& view) const;
  DecisionContext Context(const View& view, const DocumentFetcher& fetch) const;
  // The number and the time of a change that is decided next.
  Change NextChange(const View& view) const;
  // Takes over a change that another engine decided (Engine::ApplyChanges).
  absl::Status Follow(CommitGroup& group, Change change);
  // Takes a change over into the group, whoever decided it.
  void Apply(CommitGroup& group, Change change, std::shared_ptr<const PreparedDocument> prepared);
  absl::Status WriteGroup(CommitGroup& group);
  void NotifyListeners();
  absl::StatusOr<Decision> DecideAndApply(CommitGroup& group, Submission& submission);

  const Options options;
  const std::unique_ptr<Store> store;
  const Identifier identifier;
  const ShingleHasher shingle_hasher;

  Published published;
  mutable ArticleCache cache;
  RarityKeeper rarity;
  mutable std::atomic<uint64_t> judged_pairs{0};
  std::atomic<uint64_t> commit_groups{0};
  bool write_failed = false;  // the last one; of the commit thread

  // With events that listeners have not heard of. Touched by the commit thread only.
  std::set<CollectionNumber> touched;
  absl::Mutex listeners_mutex;
  std::map<uint64_t, std::function<void(const Commit&)>> listeners ABSL_GUARDED_BY(listeners_mutex);
  uint64_t next_ticket ABSL_GUARDED_BY(listeners_mutex) = 1;

  std::unique_ptr<CommitThread> commit_thread;  // last: its thread uses all of the above
};

}  // namespace wonbon
