// The engine: text -> sketch -> index -> judgement -> cluster, over a durable store.
//
// Thread-safe. The expensive, independent part of a submission (Prepare, Prejudge) runs in the
// caller's threads; one commit thread settles the order, decides, writes a group of changes with
// one fsync, publishes them to the memory state, then answers. Store first, memory second: a crash
// loses nothing that was answered.
//
// Errors carry why, what about and which field (core/error.h): INVALID_ARGUMENT, NOT_FOUND,
// ALREADY_EXISTS, FAILED_PRECONDITION, RESOURCE_EXHAUSTED (a full queue, a full disk: try again),
// UNAVAILABLE (shutting down, a failing disk), OUT_OF_RANGE (events dropped), DATA_LOSS.
//
// Each call that reads answers of one published moment (core/state/published.h): it never waits for
// a write, and all that it says fits together.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "core/cluster/submission.h"
#include "core/decision.h"
#include "core/engine/rarity_pace.h"
#include "core/judge/judge.h"
#include "core/judge/spans.h"
#include "core/limits.h"
#include "core/store/store.h"

namespace wonbon {

enum class Departure;  // core/cluster/decide.h
struct WordResult;     // core/cluster/decide_word.h
class CommitGroup;
template <typename Answer>
struct Decided;
struct DecisionContext;

// What a group of changes took the commit thread.
struct GroupTimes {
  size_t changes = 0;
  absl::Duration deciding;    // and applying to the group
  absl::Duration writing;     // the store's part: one batch and its fsync
  absl::Duration syncing;     // of `writing`: the fsync alone
  absl::Duration publishing;  // to the memory state
};

// Memory of one component, in bytes.
struct MemoryPart {
  std::string_view component;
  uint64_t bytes = 0;
};

// How a call waits for the commit thread.
struct Waiting {
  bool single = false;  // a call for one document: goes before batches
  // Asked once, if given, when its turn has come: an error is its answer, and nothing was done.
  std::function<absl::Status()> wanted = {};
};

struct SubmitOptions {
  bool canonical_body = false;  // CanonicalCopy::body is wanted: see FillBody
  Waiting waiting = {};
  // Documents of others may come between those of a long batch. A caller who queues batches that
  // build on each other without waiting for answers takes them whole: each before the next.
  bool whole = false;
};

// What a list shows of what there is: of clusters by their canonical copy.
struct ListFilter {
  std::string publisher = {};                           // empty: of any
  std::optional<absl::Time> published_from = {};        // this time or later
  std::optional<absl::Time> published_before = {};
  bool newest_first = false;
};

// As wonbon.v1.ClusterOrder.
enum class ClusterOrder { kOldest, kNewest, kLargest, kNewestDocument };

// Which clusters a list has, and in what order.
struct ClusterQuery {
  ClusterOrder order = ClusterOrder::kOldest;
  ListFilter canonical = {};           // of canonical copies; the order counts, not newest_first
  uint32_t min_size = 0;
  std::string title_words = {};        // that the canonical copy's headline has; empty: any
  std::string member_publisher = {};   // that one of the documents is of; empty: any
  bool with_members = false;
};

// Where a list of clusters goes on, in its order.
struct ClusterPosition {
  uint64_t size = 0;    // kLargest alone
  uint64_t number = 0;  // of a cluster; kNewestDocument: of its newest document
  friend bool operator==(const ClusterPosition&, const ClusterPosition&) = default;
};

class Engine {
 public:
  struct Options {
    Store::Options store;
    size_t max_body_bytes = kDefaultMaxBodyBytes;
    // Texts of indexed documents kept ready for judgement.
    size_t article_cache_bytes = 256 << 20;
    // No image is left where the disk would have less room than this afterwards.
    uint64_t image_keep_free = 0;
    // Called from Open as the index is rebuilt.
    std::function<void(uint64_t documents_done, uint64_t documents_expected)> on_progress;
    // For tests: called from the commit thread when a group is in the store but not published yet.
    std::function<void()> before_publish;
    // Called from the commit thread with the changes of a group, in order, once they are durable
    // and published, before they are answered: what another engine's ApplyChanges needs to follow.
    std::function<void(absl::Span<const Change> changes)> on_changes;
    // Called from the commit thread after a group was published, before its answers; to be quick.
    std::function<void(const GroupTimes& times)> on_commit;
    // For tests, which meet with few documents what takes many.
    RarityPace rarity_pace = {};
    // The clock of arrivals and expiry.
    std::function<absl::Time()> now = [] { return absl::Now(); };
  };

  // Opens or makes the data folder and reads the memory state from the image that Drain left, or
  // rebuilds it. Writes no change. A folder on a full disk is opened for reading (CheckWritable).
  static absl::StatusOr<std::unique_ptr<Engine>> Open(Options options);
  // OK where there was such an image, or why the state was rebuilt.
  absl::Status not_from_image() const;
  // The first command of the first start: makes the collection "default" where there is none.
  absl::Status EnsureDefaultCollection();
  // Finishes what is queued, then closes. Nothing may be running in other threads.
  ~Engine();

  // --- Submitting -------------------------------------------------------------------------------
  enum class Purpose {
    kSubmit,
    kCheck,  // the id may be missing, and the body is not compressed
  };
  // Validates, canonicalises and sketches. Violations name the field as "document.<field>".
  absl::StatusOr<std::unique_ptr<Submission>> Prepare(std::string_view collection,
                                                      Document document,
                                                      Purpose purpose = Purpose::kSubmit) const;
  // The first look-up and judgement, so that the commit thread need not; optional.
  void Prejudge(Submission& submission) const;

  using SubmitOptions = wonbon::SubmitOptions;
  using SubmitCallback = std::function<void(std::vector<absl::StatusOr<Decision>>)>;
  // Queues documents; they are decided in this order, and other calls may come between. `done` is
  // called exactly once, from the commit thread, when all are durable (do little there); it is not
  // called when an error is returned: RESOURCE_EXHAUSTED (a full queue), UNAVAILABLE (closing).
  absl::Status Enqueue(std::vector<std::unique_ptr<Submission>> batch, SubmitOptions options,
                       SubmitCallback done);
  // Reads the canonical copy's body, where `options` asked for it: a decision comes from the commit
  // thread without. For any other thread; before the engine is closed.
  absl::Status FillBody(Decision* decision) const;
  // Prepare, Prejudge, Enqueue and FillBody in one blocking call.
  absl::StatusOr<Decision> Submit(std::string_view collection, Document document,
                                  SubmitOptions options = {});
  // The decision Submit would give now; writes nothing.
  absl::StatusOr<Decision> Check(Submission& submission, SubmitOptions options) const;

  // --- Comparing --------------------------------------------------------------------------------
  struct Comparison {
    Judgement judgement;  // of a to b
    Spans spans;          // byte offsets into both bodies; empty unless asked for
  };
  // A side is the id of an indexed document or a document.
  struct Side {
    std::optional<std::string> id;
    std::optional<Document> document;
  };
  // Violations name "a" or "b".
  absl::StatusOr<Comparison> Compare(std::string_view collection, Side a, Side b,
                                     bool with_spans) const;

  // --- Documents --------------------------------------------------------------------------------
  // NOT_FOUND: kDocumentNotFound or kDocumentDeleted.
  absl::StatusOr<StoredDocument> GetDocument(std::string_view collection, std::string_view id,
                                             bool with_body) const;
  struct Deletion {
    Tombstone tombstone;
    bool deleted = false;  // false: no document stood
  };
  struct DeleteOptions {
    std::string reason = {};
    bool block = false;                              // keep the ids out from now on
    std::optional<Sequence> expected_sequence = {};  // FAILED_PRECONDITION where another one stands
    Waiting waiting = {};
  };
  using DeleteCallback = std::function<void(std::vector<absl::StatusOr<Deletion>>)>;
  // Queues deletions; `done` as for Enqueue. An error is returned for the whole call only
  // (unknown collection, reason too long, queue full).
  absl::Status Delete(std::string_view collection, std::vector<std::string> ids,
                      DeleteOptions options, DeleteCallback done);
  // Lets a blocked id in again; blocks until durable.
  struct Unblocking {
    std::optional<Tombstone> tombstone;  // unset where a document stands
    bool unblocked = false;
  };
  absl::StatusOr<Unblocking> Unblock(std::string_view collection, std::string_view id);

  // Tombstones of a collection with ids behind `after`, in the order of their bytes; {}: all.
  using TombstonePage = StoreSnapshot::TombstonePage;
  absl::StatusOr<TombstonePage> ListTombstones(std::string_view collection, std::string_view after,
                                               size_t page_size, size_t max_scanned) const;

  // --- Clusters ---------------------------------------------------------------------------------
  // A merged id answers with the surviving cluster.
  absl::StatusOr<ClusterView> GetCluster(std::string_view collection, ClusterId id,
                                         bool with_body) const;
  struct ClusterPage {
    std::vector<ClusterView> clusters;
    std::vector<ClusterPosition> positions;  // of each
    std::optional<ClusterPosition> next;     // pass as `after` for the next page; unset: the last
    size_t scanned = 0;  // clusters and documents looked at; a page ends at kMaxScannedPerRead
    size_t read = 0;     // clusters of which the headline was read, at most the page's size
  };
  // Clusters behind `after`; {}: from the beginning. INVALID_ARGUMENT on "title_words": longer than
  // kMaxTitleWordsBytes, or without a letter or digit.
  absl::StatusOr<ClusterPage> ListClusters(std::string_view collection, ClusterPosition after,
                                           int page_size, const ClusterQuery& query) const;
  struct DocumentPage {
    std::vector<StoredDocument> documents;
    DocumentNumber next = DocumentNumber::kNone;
    size_t scanned = 0;
  };
  // Documents of a cluster with a number greater than `after`, ascending. A page ends before the
  // document that would make it larger than `max_bytes`, as counted on the wire; at least one is
  // there.
  absl::StatusOr<DocumentPage> ListClusterDocuments(std::string_view collection, ClusterId id,
                                                    DocumentNumber after, int page_size,
                                                    bool with_body,
                                                    size_t max_bytes = kMaxPageBytes) const;
  // Documents of a collection in the order they were committed; pages as those of a cluster.
  absl::StatusOr<DocumentPage> ListDocuments(std::string_view collection, DocumentNumber after,
                                             int page_size, bool with_body, size_t max_bytes,
                                             const ListFilter& filter = {}) const;

  // --- An editor's word (core/cluster/decide_word.h); these block until durable -----------------
  struct Edited {
    ClusterView cluster;
    std::optional<ClusterView> split_off = {};
    std::vector<ClusterId> merged = {};
  };
  // Violations name "document_id", "cluster_ids", "document_ids", "actor" or "note".
  absl::StatusOr<Edited> PinCanonical(std::string_view collection, ClusterId id,
                                      std::string_view document_id, Editor editor);
  absl::StatusOr<Edited> MergeClusters(std::string_view collection, std::vector<ClusterId> ids,
                                       Editor editor);
  absl::StatusOr<Edited> SplitCluster(std::string_view collection, ClusterId id,
                                      std::vector<std::string> document_ids, Editor editor);

  // --- Events -----------------------------------------------------------------------------------
  struct EventPage {
    std::vector<ClusterEvent> events;
    Sequence sequence = 0;  // resume from here: everything up to it was looked at
  };
  // Events whose changes the other calls show already. OUT_OF_RANGE: kSequenceNotReached for a
  // position ahead of the store, kEventsDropped for one behind what is kept, or before the
  // collection was made (under a name that an earlier one had). Of a deleted collection those who
  // were behind its end read the rest, then NOT_FOUND.
  absl::StatusOr<EventPage> ReadEvents(std::string_view collection, Sequence after,
                                       size_t max_events) const;
  struct Commit {
    Sequence sequence = 0;                      // of the newest change that reads show
    std::vector<CollectionNumber> collections;  // that have new events
  };
  // Calls `listener` from the commit thread after each group of changes; it must be quick. Returns
  // a ticket for RemoveCommitListener, after which it is not called again.
  uint64_t AddCommitListener(std::function<void(const Commit&)> listener);
  void RemoveCommitListener(uint64_t ticket);

  // --- Collections ------------------------------------------------------------------------------
  struct CollectionView {
    CollectionRecord record;
    uint64_t documents = 0;
    uint64_t clusters = 0;
  };
  // These block until durable.
  absl::StatusOr<CollectionView> CreateCollection(std::string_view name,
                                                  CollectionSettings settings);
  absl::StatusOr<CollectionView> GetCollection(std::string_view name) const;
  std::vector<CollectionView> ListCollections() const;  // by name
  absl::StatusOr<CollectionView> UpdateCollection(std::string_view name, SettingsUpdate update);
  absl::StatusOr<uint64_t> DeleteCollection(std::string_view name, bool force);

  // --- Following --------------------------------------------------------------------------------
  // Applies what another engine with the same seed decided, in its order; blocks until durable.
  // Changes that were applied before are passed over. FAILED_PRECONDITION where changes in between
  // are missing, DATA_LOSS where one does not fit the state; what came before it is applied. An
  // engine that follows must not decide anything meanwhile.
  absl::Status ApplyChanges(std::vector<Change> changes);

  // --- Running ----------------------------------------------------------------------------------
  // Removes documents past their collection's retention; returns how many. Called on a timer.
  absl::StatusOr<uint64_t> ExpireDocuments();
  // OK, or why whatever writes is refused: RESOURCE_EXHAUSTED (kDiskFull) or UNAVAILABLE
  // (kStoreUnavailable). Reads go on, and so does what changes nothing.
  absl::Status CheckWritable() const;
  // What writes is refused with `why` from now on, whatever the disk takes; OK: no longer.
  void ForbidWrites(absl::Status why);
  // Copies everything as it is now (core/store/backup.h). Writes go on; one at a time.
  absl::StatusOr<Backup> MakeBackup(const BackupOptions& options) const;
  // Called on a timer while writes are refused: asks the commit thread to take them again if the
  // disk does, which may need what is in memory to be written out. `done` is called as for Enqueue,
  // when CheckWritable says what came of it.
  absl::Status ResumeWrites(std::function<void()> done);
  // Stops taking submissions, finishes those queued, flushes. Later calls that write answer
  // UNAVAILABLE.
  absl::Status Drain();

  struct Stats {
    std::string store_id;
    Durability durability = Durability::kSync;
    Sequence sequence = 0;  // all changes up to it show
    uint64_t collections = 0;
    uint64_t documents = 0;
    uint64_t clusters = 0;
    uint64_t index_bytes = 0;
    std::vector<MemoryPart> index_memory;  // index_bytes by what takes it
    uint64_t store_bytes = 0;
    uint64_t evicted_postings = 0;
    uint64_t queued_commits = 0;
    uint64_t commit_groups = 0;    // fsyncs so far
    uint64_t judged_pairs = 0;     // judgements so far
    uint64_t article_cache_bytes = 0;
    uint64_t rarity_bytes = 0;       // document frequencies: the table and what is judged by
    Store::Memory store_memory;
    std::string state_digest;  // StateDigest (core/state/digest.h); only where asked for
  };
  // The digest looks at every document while the state is held still: not for a timer.
  Stats GetStats(bool with_state_digest = false) const;

 private:
  struct Parts;
  explicit Engine(std::unique_ptr<Parts> parts);
  // Returns how many were still there.
  absl::StatusOr<uint64_t> RemoveWithoutTombstone(std::vector<DocumentNumber> numbers,
                                                  Departure why);
  using Decide = std::function<absl::StatusOr<Decided<WordResult>>(const DecisionContext& context,
                                                                   const CommitGroup& group)>;
  absl::StatusOr<Edited> Edit(std::string_view collection, const Editor& editor,
                              const Decide& decide);
  std::unique_ptr<Parts> parts_;
};

inline constexpr std::string_view kDefaultCollection = "default";
// The collection that a request means: an empty name is the default one.
inline std::string_view CollectionOrDefault(std::string_view name) {
  return name.empty() ? kDefaultCollection : name;
}

// "c" and the number in decimal: how a cluster id is written in the contract.
std::string FormatClusterId(ClusterId id);
std::optional<ClusterId> ParseClusterId(std::string_view text);

}  // namespace wonbon
