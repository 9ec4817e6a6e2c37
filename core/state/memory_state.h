// The published state in memory: the index, the entries and the clusters of every collection.
//
// Documents are staged first and published later: a staged one is in the index, where the decisions
// of the commit thread must find it at once and in the order of the commands, but it has no entry
// yet, so that nobody else sees it before it is durable.
//
// Not synchronised: Engine guards it with a reader-writer lock; the commit thread alone changes it.
#pragma once

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "core/index/memory_index.h"
#include "core/state/state.h"

namespace wonbon {

class MemoryState : public State {
 public:
  struct Collection {
    CollectionRecord record;
    MemoryIndex index;
    std::vector<DocumentNumber> number_of_slot;
    absl::btree_map<ClusterId, ClusterState> clusters;
    uint64_t documents = 0;
  };

  void FindHits(CollectionNumber collection, const Fingerprint& fingerprint,
                std::vector<DocumentHit>* hits) const override;
  const DocumentEntry* FindEntry(DocumentNumber number) const override;
  const Sketch* FindSketch(DocumentNumber number) const override;
  const ClusterState* FindCluster(ClusterId id) const override;
  const CollectionRecord* FindCollection(CollectionNumber number) const override;
  std::shared_ptr<const Article> PendingArticle(DocumentNumber) const override { return nullptr; }

  // FindHits without regard to whether a document is published.
  void FindAllHits(CollectionNumber collection, const Fingerprint& fingerprint,
                   std::vector<DocumentHit>* hits) const;
  const Sketch& SketchAt(CollectionNumber collection, Slot slot) const {
    return collections_.at(collection).index.sketch(slot);
  }
  Slot SlotOf(DocumentNumber number) const { return documents_.at(number).slot; }
  // Null where there is none.
  const Collection* FindCollectionByName(std::string_view name) const;
  const Collection* collection(CollectionNumber number) const;
  const absl::btree_map<std::string, CollectionNumber>& collection_names() const {
    return collection_names_;
  }
  // The cluster that `id` leads to after merges; kNone where there never was one or it is gone.
  ClusterId Resolve(ClusterId id) const;
  // Numbers of the documents published before their collection's retention, at most `limit`.
  std::vector<DocumentNumber> FindExpired(absl::Time now, size_t limit) const;

  uint64_t documents() const { return documents_.size(); }
  uint64_t clusters() const { return collection_of_cluster_.size(); }
  uint64_t MemoryBytes() const;
  uint64_t evicted_postings() const;

  // Rebuilding, in the order of Store::VisitAll. DATA_LOSS where a record names another one that is
  // not there.
  void LoadCollection(CollectionRecord record);
  absl::Status LoadCluster(const ClusterRecord& record);
  void LoadRedirect(const Redirect& redirect);
  absl::Status LoadDocument(const DocumentEntry& entry, const Fingerprint& fingerprint);
  absl::Status FinishLoading() const;  // every cluster has its canonical copy

  // Puts a document into the index, and takes a staged one out again.
  Slot Stage(const DocumentEntry& entry, const Fingerprint& fingerprint);
  void Unstage(CollectionNumber collection, Slot slot);
  // Containment postings, which hold canonical copies only.
  void AddSample(CollectionNumber collection, Slot slot, const std::vector<uint32_t>& sample);
  void RemoveSample(CollectionNumber collection, Slot slot, const std::vector<uint32_t>& sample);

  // Publishes a change that is durable. Its added documents were staged into `slots`, in order.
  void Apply(const Change& change, const std::vector<Slot>& slots);

 private:
  struct Document {
    DocumentEntry entry;
    Slot slot = 0;
  };
  Collection& Of(CollectionNumber number) { return collections_.at(number); }
  void Add(const DocumentEntry& entry, Slot slot);
  void Remove(DocumentNumber number);
  void Replace(const DocumentEntry& entry);
  void PutCluster(const ClusterRecord& record);
  void DropCluster(ClusterId id);

  absl::flat_hash_map<CollectionNumber, Collection> collections_;
  absl::btree_map<std::string, CollectionNumber> collection_names_;
  absl::flat_hash_map<DocumentNumber, Document> documents_;
  absl::flat_hash_map<ClusterId, CollectionNumber> collection_of_cluster_;
  absl::flat_hash_map<ClusterId, ClusterId> redirects_;
};

}  // namespace wonbon
