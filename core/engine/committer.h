// The side of an engine that writes: one thread decides on a group in the making, writes the group
// with one fsync, publishes it, and tells those who listen.
//
// What a verb does runs as a command of thread(): it asks Context for what deciding needs, and
// hands what was decided to Apply. Those two, FetcherOf, NextChange, Resume and the blob's belong
// to the commit thread, inside a command; all else is thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/cluster/decide.h"
#include "core/engine.h"
#include "core/engine/commit_thread.h"
#include "core/engine/preparer.h"
#include "core/engine/rarity_keeper.h"
#include "core/state/published.h"

namespace wonbon {

class Committer {
 public:
  // All of them outlive it.
  Committer(const Engine::Options& options, Store& store, const Preparer& preparer,
            Published& published)
      : options_(options),
        store_(store),
        preparer_(preparer),
        published_(published),
        rarity_(options.rarity_pace) {}

  // Publishes what the store holds (rebuild.cc), then takes commands. Called once, first.
  absl::Status Start();
  // OK where the state was read from the image of the last stop, or why it was rebuilt.
  const absl::Status& not_from_image() const { return not_from_image_; }
  // Leaves an image for the next start. REQUIRES: thread() is closed, all of it is in the store.
  absl::Status WriteImage();
  CommitThread& thread() const { return *thread_; }

  // The clock, which never runs behind the last change.
  int64_t Now(const View& view) const;
  // Documents of the group in the making, `current` among them, and of the moment below it.
  DocumentFetcher FetcherOf(const CommitGroup& group,
                            std::shared_ptr<const PreparedDocument> current = nullptr) const {
    return preparer_.FetcherOf(published_.latest_moment().store, &group, std::move(current));
  }
  DecisionContext Context(const CommitGroup& group, const DocumentFetcher& fetch) const;
  Change NextChange(const CommitGroup& group) const {
    return wonbon::NextChange(group, Now(group));
  }
  // Takes a change over into the group, whoever decided it.
  void Apply(CommitGroup& group, Change change,
             std::shared_ptr<const PreparedDocument> prepared = nullptr);
  // Asks the store to take writes again. REQUIRES: a group of its own.
  void Resume(CommitGroup& group);
  // Whether the group is to end here: a blob of frequencies is written behind it.
  bool blob_due() const { return rarity_.blob_due(); }
  // Until a blob that is due is written.
  void AwaitBlob() { rarity_.AwaitSaved(); }

  // What the commit thread judges by, published or not.
  std::shared_ptr<const Rarity> newest_rarity() const { return rarity_.current(); }
  // Engine::AddCommitListener.
  uint64_t AddListener(std::function<void(const Engine::Commit&)> listener);
  void RemoveListener(uint64_t ticket);
  uint64_t groups() const { return groups_.load(std::memory_order_relaxed); }

 private:
  absl::Status ReadImage(const StoreSnapshot& snapshot, MemoryState* state);
  absl::Status Rebuild(const StoreSnapshot& snapshot, MemoryState* state);
  std::unique_ptr<CommitGroup> NewGroup();
  absl::Status Write(CommitGroup& group);
  void Tell();

  const Engine::Options& options_;
  Store& store_;
  const Preparer& preparer_;
  Published& published_;
  absl::Status not_from_image_;
  bool image_stands_ = false;  // until the first change

  // Of the commit thread.
  RarityKeeper rarity_;
  std::chrono::steady_clock::time_point group_began_;
  std::set<CollectionNumber> touched_;  // with events that listeners have not heard of

  std::atomic<uint64_t> groups_{0};
  absl::Mutex mutex_;
  std::map<uint64_t, std::function<void(const Engine::Commit&)>> listeners_
      ABSL_GUARDED_BY(mutex_);
  uint64_t next_ticket_ ABSL_GUARDED_BY(mutex_) = 1;

  std::unique_ptr<CommitThread> thread_;  // last: it uses all of the above
};

}  // namespace wonbon
