// Keeps the table of document frequencies as clusters are founded, and says which one to judge by.
//
// Judgement reads an immutable snapshot that is exchanged at fixed counts of founding documents, so
// that an answer depends on the commands before it and not on which thread judged when. A snapshot
// falls due within a group of changes as well, before the group is written; if that fails, all is
// as it was before the group. The table survives a restart: it is written now and then as blobs of
// the store, and the founders since are counted again at open.
//
// A thread of its own counts what is published and writes blobs; the commit thread waits for it
// where a snapshot falls due, which copies the table (1 to 3 ms).
//
// current() and counted_through() are thread-safe; all else belongs to the commit thread (or to
// Open, before it runs).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/engine/errands.h"
#include "core/engine/rarity_pace.h"
#include "core/judge/rarity.h"
#include "core/store/store.h"

namespace wonbon {

class RarityKeeper {
 public:
  explicit RarityKeeper(RarityPace pace = {});

  std::shared_ptr<const Rarity> current() const;

  // Counts a document that founded a cluster, in the group in the making; `number` is its own,
  // `counted` what Rarity::Counted says of it.
  void Add(std::vector<uint32_t> counted, DocumentNumber number);
  // Ends the group: what was counted since the last one is durable, or has never been.
  void Publish();
  void Abandon();

  // Reads the blobs; returns the number of the last founder that they count, kNone without any.
  absl::StatusOr<DocumentNumber> Load(const StoreSnapshot& store);
  // An image of all of it, once everything counted so far is published and no blob is on its way;
  // becomes that of an image, or is as before, with a failure.
  void Write(ImageWriter& image);
  void Read(ImageReader& image);
  // The last founder that the blobs in the store count.
  DocumentNumber counted_through() const { return counted_through_; }
  // Whether Save has something to write, or is at it.
  bool blob_due() const { return due_ != nullptr; }
  // Has blobs written if they are due; after an error they still are. `store` outlives this.
  // REQUIRES: everything counted so far is published.
  void Save(Store& store);
  // Until what Save began has ended.
  void AwaitSaved();

 private:
  struct Progress {
    uint64_t founders = 0;
    uint64_t next_snapshot = 0;
    uint64_t saved_founders = 0;  // those in the last blob
    std::shared_ptr<const Rarity> snapshot;
  };
  // Memory for the next snapshot: that of one that nobody judges by any more.
  struct Spare {
    absl::Mutex mutex;
    std::unique_ptr<Rarity> rarity ABSL_GUARDED_BY(mutex);
  };
  // What is written as blobs.
  struct Due {
    std::shared_ptr<const Rarity> snapshot;
    uint64_t founders = 0;
    DocumentNumber through = DocumentNumber::kNone;  // the last founder that it counts
    enum class State : uint8_t { kWaiting, kBeingWritten, kWritten };
    std::atomic<State> state = State::kWaiting;
  };
  std::shared_ptr<Rarity> CopyTable();
  void UseSnapshot(std::shared_ptr<const Rarity> snapshot);
  void SetCurrent(std::shared_ptr<const Rarity> snapshot);
  absl::Status WriteBlobs(const Due& due, Store& store);

  const RarityPace pace_;
  Rarity table_;  // of the published founders; belongs to errands_ until it is awaited
  std::vector<std::vector<uint32_t>> pending_;  // founders of the group in the making
  Progress progress_;   // with pending_
  Progress published_;  // without
  const std::shared_ptr<Spare> spare_;
  std::shared_ptr<Due> due_;
  uint64_t piece_set_ = 0;  // of the blobs in the store; of errands_
  std::atomic<DocumentNumber> counted_through_ = DocumentNumber::kNone;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Rarity> current_ ABSL_GUARDED_BY(mutex_);
  Errands errands_;  // last: it uses all of the above
};

}  // namespace wonbon
