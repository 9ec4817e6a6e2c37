// A group of changes that will be written with one fsync: the state as it stands with them on top.
//
// Belongs to the commit thread. The postings of its changes are staged in the MemoryState at once;
// all else waits in the group until Publish, after the store has it, or Abandon, where it has not.
// Whoever decided the changes: those of another engine are applied in the same way.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "core/decision.h"
#include "core/state/published.h"
#include "core/state/version_keys.h"
#include "core/store/snapshot.h"

namespace wonbon {

class CommitGroup : public View {
 public:
  // On top of what was published last. `published` outlives the group.
  explicit CommitGroup(Published* published);

  void FindHits(CollectionNumber collection, const Fingerprint& fingerprint,
                std::vector<DocumentHit>* hits) const override;
  std::optional<DocumentEntry> FindEntry(DocumentNumber number) const override;
  const ShortSketch* FindSketch(DocumentNumber number) const override;
  std::optional<absl::uint128> FindTextKey(DocumentNumber number) const override;
  FoundCluster FindCluster(ClusterId id) const override;
  const FamilyRecord* FindFamily(ClusterId cluster) const override;
  const CollectionRecord* FindCollection(CollectionNumber number) const override;
  VersionAnswer AskVersions(ClusterId cluster, const DocumentEntry& document,
                            absl::uint128 text) const override;
  std::shared_ptr<const PreparedDocument> PendingDocument(DocumentNumber number) const override;

  absl::StatusOr<StoreSnapshot::IdState> FindId(CollectionNumber collection,
                                                std::string_view id) const override;
  absl::StatusOr<DocumentContent> ReadHead(DocumentNumber number) const override;
  absl::StatusOr<std::vector<uint32_t>> ReadSample(DocumentNumber number) const override;
  Sequence last_sequence() const override { return last_sequence_; }
  int64_t last_time_us() const override { return last_time_us_; }

  // The cluster that an id leads to after merges; kNone: it is gone, or never was.
  ClusterId Resolve(ClusterId id) const;
  // Where the body of a document of the group, or of the moment below it, is read from.
  BodyLocation LocateBody(DocumentNumber number) const;

  // Takes over a change. `prepared`: its added document, if there is one and it may be judged
  // before the group is written. A new collection takes documents from the next group on.
  // REQUIRES: change.previous == last_sequence(), and its time is not before last_time_us().
  void Apply(Change change, std::shared_ptr<const PreparedDocument> prepared);

  absl::Span<const Change> changes() const { return changes_; }

  // Ends the group: makes its changes visible to all, or takes back what was staged.
  void Publish(Moment next);
  void Abandon();
  // Of the documents that the group added and that it still has.
  std::vector<std::shared_ptr<const PreparedDocument>> prepared() const;

 private:
  void Overlay(const Change& change);
  void OverlayFamilies(const Change& change);
  ClusterState& Edit(ClusterId id);

  Published* const published_;
  const MemoryState* const base_;
  const std::shared_ptr<const StoreSnapshot> store_;
  Sequence last_sequence_;
  int64_t last_time_us_;

  std::vector<Change> changes_;
  absl::flat_hash_map<DocumentNumber, std::vector<uint32_t>> samples_;  // of added documents
  absl::flat_hash_map<DocumentNumber, std::shared_ptr<const PreparedDocument>> prepared_;
  absl::flat_hash_map<DocumentNumber, DocumentEntry> entries_;
  absl::flat_hash_set<DocumentNumber> removed_;
  absl::flat_hash_map<ClusterId, ClusterState> clusters_;
  absl::flat_hash_set<ClusterId> dropped_clusters_;
  // Of documents that came into a cluster by the group.
  absl::flat_hash_map<ClusterId, VersionKeys> version_keys_;
  // By each of its clusters; null: it is in none any more.
  absl::flat_hash_map<ClusterId, std::shared_ptr<const FamilyRecord>> families_;
  absl::flat_hash_map<CollectionNumber, CollectionRecord> collections_;
  absl::flat_hash_map<std::pair<CollectionNumber, std::string>, StoreSnapshot::IdState> ids_;
};

}  // namespace wonbon
