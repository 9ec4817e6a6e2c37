// The store as it was at one moment: every read of documents, clusters and events goes through one.
//
// What is written, removed, compacted or collected afterwards does not show, whole bodies included
// (tests/core/store/snapshot_test.cc): a reader that holds a snapshot is never told that what it
// read before is gone. While one is held, old versions stay on disk: hold it for one call.
//
// Thread-safe. Not outliving its store. Errors: DATA_LOSS naming file and place for damage (and the
// document's id for that of a body), NOT_FOUND where documented.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/record.h"

namespace rocksdb {
class Snapshot;
}

namespace wonbon {

class Tables;

class StoreSnapshot {
 public:
  // Taken by Store::Snapshot.
  explicit StoreSnapshot(std::shared_ptr<const Tables> tables);
  ~StoreSnapshot();
  StoreSnapshot(const StoreSnapshot&) = delete;
  StoreSnapshot& operator=(const StoreSnapshot&) = delete;

  // What an id leads to: nothing, a live document, or a tombstone.
  using IdState = std::variant<std::monostate, DocumentNumber, Tombstone>;
  absl::StatusOr<IdState> FindId(CollectionNumber collection, std::string_view id) const;
  // NOT_FOUND where there is no such document (these four).
  absl::StatusOr<DocumentEntry> ReadEntry(DocumentNumber number) const;
  // Without the body unless `with_body`.
  absl::StatusOr<DocumentContent> ReadContent(DocumentNumber number, bool with_body) const;
  absl::StatusOr<std::string> ReadBody(DocumentNumber number) const;
  absl::StatusOr<Fingerprint> ReadFingerprint(DocumentNumber number) const;
  // NOT_FOUND where there is none, or where it was merged into another one.
  absl::StatusOr<ClusterRecord> ReadCluster(ClusterId id) const;

  // Tombstones of a collection whose ids lie behind `after` ({}: all) in the order of their bytes,
  // until there are `most`, or `most_scanned` ids were looked at.
  struct TombstonePage {
    std::vector<Tombstone> tombstones;
    std::optional<std::string> next;  // pass as `after` for what follows; unset: there is nothing
  };
  absl::StatusOr<TombstonePage> ReadTombstones(CollectionNumber collection,
                                               std::string_view after, size_t most,
                                               size_t most_scanned) const;

  // Events of one collection with a sequence greater than `after`, in order: at least `max_events`
  // where there are as many, never part of a change. OUT_OF_RANGE where events after `after` were
  // dropped already (kMaxKeptEvents).
  absl::StatusOr<std::vector<ClusterEvent>> ReadEvents(CollectionNumber collection, Sequence after,
                                                       size_t max_events) const;

  // NOT_FOUND where there is no blob of this name (Store::WriteBlob).
  absl::StatusOr<std::string> ReadBlob(std::string_view name) const;

  // What Open() of the engine rebuilds its memory from, in this order: all collections, all
  // clusters, all redirects, all documents by ascending number, then all families. What has no
  // visitor is not read (of clusters and redirects: none of the two). A visitor's error ends it.
  struct Visitor {
    std::function<absl::Status(CollectionRecord)> collection = {};
    std::function<absl::Status(ClusterRecord)> cluster = {};
    std::function<absl::Status(Redirect)> redirect = {};
    std::function<absl::Status(const DocumentEntry&, Fingerprint)> document = {};
    std::function<absl::Status(FamilyRecord)> family = {};
    // Last: founders that were removed before a blob counted them (RemovedDocument).
    std::function<absl::Status(DocumentNumber, std::vector<uint32_t> counted)> removed_founder = {};
  };
  absl::Status VisitAll(const Visitor& visitor) const;

 private:
  const std::shared_ptr<const Tables> tables_;
  const rocksdb::Snapshot* const snapshot_;
};

}  // namespace wonbon
