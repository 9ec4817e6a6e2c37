// Keeps the table of document frequencies as clusters are founded, and says which one to judge by.
//
// Judgement reads an immutable snapshot that is exchanged at fixed counts of founding documents, so
// that an answer depends on the commands before it and not on which thread judged when. A snapshot
// falls due within a group of changes as well, before the group is written; if that fails, all is
// as it was before the group. The table survives a restart: it is written now and then as a blob of
// the store, and the founders since are counted again at open.
//
// current() is thread-safe; all else belongs to the commit thread (or to Open, before it runs).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
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

  // Reads the blob; returns the number of the last founder that it counts, kNone without a blob.
  absl::StatusOr<DocumentNumber> Load(const StoreSnapshot& store);
  // The last founder that the blob in the store counts.
  DocumentNumber counted_through() const { return counted_through_; }
  // Whether Save has something to write.
  bool blob_due() const { return due_.has_value(); }
  // Writes a blob if one is due; after an error it still is. REQUIRES: everything counted so far is
  // published.
  absl::Status Save(Store& store);

 private:
  struct Progress {
    uint64_t founders = 0;
    uint64_t next_snapshot = 0;
    uint64_t saved_founders = 0;  // those in the last blob
    std::shared_ptr<const Rarity> snapshot;
  };
  void UseSnapshot(std::shared_ptr<const Rarity> snapshot);
  void SetCurrent(std::shared_ptr<const Rarity> snapshot);

  const RarityPace pace_;
  Rarity table_;  // of the published founders
  std::vector<std::vector<uint32_t>> pending_;  // founders of the group in the making
  Progress progress_;   // with pending_
  Progress published_;  // without
  std::optional<std::string> due_;  // the blob to write
  DocumentNumber due_through_ = DocumentNumber::kNone;  // the last founder that it counts
  std::atomic<DocumentNumber> counted_through_ = DocumentNumber::kNone;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Rarity> current_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace wonbon
