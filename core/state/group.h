// A group of changes that will be written with one fsync: the state as it stands with them on top.
//
// Belongs to the commit thread. What it adds to the index is staged in the MemoryState at once; all
// else waits in the group until Publish, after the store has it, or Abandon, where it has not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "core/decision.h"
#include "core/state/published.h"
#include "core/store/snapshot.h"

namespace wonbon {

class Group : public State {
 public:
  // On top of what was published last. `published` outlives the group.
  explicit Group(Published* published);

  void FindHits(CollectionNumber collection, const Fingerprint& fingerprint,
                std::vector<DocumentHit>* hits) const override;
  const DocumentEntry* FindEntry(DocumentNumber number) const override;
  const Sketch* FindSketch(DocumentNumber number) const override;
  const ClusterState* FindCluster(ClusterId id) const override;
  const CollectionRecord* FindCollection(CollectionNumber number) const override;
  std::shared_ptr<const Article> PendingArticle(DocumentNumber number) const override;

  absl::StatusOr<StoreSnapshot::IdState> FindId(CollectionNumber collection, std::string_view id) const;
  absl::StatusOr<DocumentContent> ReadHead(DocumentNumber number) const;
  // The next number for a document, a cluster or a change.
  Sequence Draw() { return ++last_sequence_; }
  Sequence last_sequence() const { return last_sequence_; }

  // Where the body of a document of the group, or of the moment below it, is read from.
  BodyPlace BodyPlaceOf(DocumentNumber number) const;

  // Takes over a change. `article`: of its added document, if there is one. An error (a failed read
  // of the store) leaves the group as it was.
  // A new collection takes documents from the next group on.
  absl::Status Apply(Change change, std::shared_ptr<const Article> article);

  absl::Span<const Change> changes() const { return changes_; }
  size_t documents() const { return articles_.size(); }

  // Ends the group: makes its changes visible to all, or takes back what was staged.
  void Publish(Moment next);
  void Abandon();
  // Of the documents that the group added and that it still has.
  std::vector<std::shared_ptr<const Article>> articles() const;

 private:
  struct Staged {
    CollectionNumber collection{};
    Slot slot = 0;
  };
  struct Sample {
    Staged place;
    std::vector<uint32_t> sample;
  };
  struct SampleEdit {
    Sample sample;
    bool added = false;  // else removed
  };
  // The postings that follow from other documents becoming canonical.
  absl::Status PlanSamples(const Change& change, std::vector<Sample>* removed,
                           std::vector<std::pair<DocumentNumber, std::vector<uint32_t>>>* added);
  absl::StatusOr<std::vector<uint32_t>> SampleOf(const Change& change,
                                                 DocumentNumber number) const;
  Staged PlaceOf(DocumentNumber number) const;
  void Overlay(const Change& change);
  ClusterState& Edit(ClusterId id);

  Published* const published_;
  const MemoryState* const base_;
  const std::shared_ptr<const StoreSnapshot> store_;
  Sequence last_sequence_;

  std::vector<Change> changes_;
  std::vector<std::vector<Slot>> slots_;  // of the documents that changes_[i] adds
  // In order: only undone backwards do they leave what was there, for one document's sample may
  // come and go more than once in a group.
  std::vector<SampleEdit> sample_edits_;
  absl::flat_hash_map<DocumentNumber, Staged> staged_;
  absl::flat_hash_map<DocumentNumber, std::vector<uint32_t>> staged_samples_;
  absl::flat_hash_map<DocumentNumber, std::shared_ptr<const Article>> articles_;
  absl::flat_hash_map<DocumentNumber, DocumentEntry> entries_;
  absl::flat_hash_set<DocumentNumber> removed_;
  absl::flat_hash_map<ClusterId, ClusterState> clusters_;
  absl::flat_hash_set<ClusterId> dropped_clusters_;
  absl::flat_hash_map<CollectionNumber, CollectionRecord> collections_;
  absl::flat_hash_map<std::pair<CollectionNumber, std::string>, StoreSnapshot::IdState> ids_;
};

}  // namespace wonbon
