// The published state in memory: the index, the entries and the clusters of every collection.
//
// A change comes in two steps. Stage: its postings are in the index, where the decisions of the
// commit thread must find them at once and in the order of the commands, but a staged document has
// no entry yet, so that nobody else sees it before it is durable. Publish: everything else. Neither
// decides anything: which postings come and go is part of the change.
//
// Not synchronised: Engine guards it with a reader-writer lock; the commit thread alone changes it.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "core/check.h"
#include "core/index/memory_index.h"
#include "core/state/number_table.h"
#include "core/state/state.h"
#include "core/state/version_keys.h"

namespace wonbon {

// A cluster of more than one document, by its size.
struct SizedCluster {
  size_t size = 0;
  ClusterId id = ClusterId::kNone;
  static const SizedCluster kNone;
  friend auto operator<=>(const SizedCluster&, const SizedCluster&) = default;
};
inline constexpr SizedCluster SizedCluster::kNone{};

class MemoryState : public State {
 public:
  struct Collection {
    CollectionRecord record;
    MemoryIndex index;
    // All but those of one document of which nothing else is to be told (FoundCluster).
    absl::btree_map<ClusterId, ClusterState> clusters;
    absl::btree_set<SizedCluster> by_size;    // those of more than one document
    absl::btree_set<DocumentNumber> numbers;  // of all documents, in the order they were committed
    // Slots by the second that retention counts from, in the upper half: a sweep looks at what is
    // to go and at nothing else.
    absl::btree_set<uint64_t> by_age;
    uint64_t alone = 0;  // documents that are such a cluster

    uint64_t documents() const { return numbers.size(); }
    uint64_t cluster_count() const { return clusters.size() + alone; }
  };

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
  std::shared_ptr<const PreparedDocument> PendingDocument(DocumentNumber) const override {
    return nullptr;
  }

  // FindHits without regard to whether a document is published.
  void FindAllHits(CollectionNumber collection, const Fingerprint& fingerprint,
                   std::vector<DocumentHit>* hits) const;
  // A collection that was deleted since the state was loaded, and the change that did it.
  struct DeletedCollection {
    CollectionNumber number{};
    Sequence sequence = 0;
  };
  // The last one of this name, of the kMaxDeletedFeeds deleted last.
  const DeletedCollection* FindDeletedCollection(std::string_view name) const;
  // Null where there is none.
  const Collection* FindCollectionByName(std::string_view name) const;
  const Collection* collection(CollectionNumber number) const;
  const absl::btree_map<std::string, CollectionNumber>& collection_names() const {
    return collection_names_;
  }
  // The cluster that `id` leads to after merges; kNone where there never was one or it is gone.
  ClusterId Resolve(ClusterId id) const;
  // Numbers, ascending, of documents whose collection's retention is over: of all collections
  // together the `limit` to be met first, by name of the collection and then by age.
  std::vector<DocumentNumber> FindExpired(int64_t now_us, size_t limit) const;

  std::vector<Redirect> redirects() const;  // in no order
  const absl::btree_map<DocumentNumber, FamilyRecord>& families() const { return families_; }

  bool HasDocument(DocumentNumber number) const { return numbers_.contains(number); }

  // The collection's clusters and documents in the order of their numbers, from the first behind
  // `after` on (kNone: from the beginning), or, `newest_first`, from the last before it on. Calls
  // visit(id, cluster), without a cluster where the number is that of a document in another one,
  // until it answers false.
  template <typename Visit>
  void WalkClusters(const Collection& collection, ClusterId after, bool newest_first,
                    Visit visit) const;

  uint64_t documents() const { return numbers_.size(); }
  uint64_t clusters() const;
  // By what takes it; see MemoryIndex::Memory for the first three.
  struct Memory {
    uint64_t entries = 0;   // documents by slot, number and age
    uint64_t keys = 0;
    uint64_t samples = 0;
    uint64_t clusters = 0;  // with redirects
    uint64_t families = 0;
    uint64_t versions = 0;  // keys of large clusters
    uint64_t total() const { return entries + keys + samples + clusters + families + versions; }
  };
  Memory memory() const;
  uint64_t evicted_postings() const;

  // Rebuilding, in the order of Store::VisitAll. DATA_LOSS where a record names another one that is
  // not there.
  void LoadCollection(CollectionRecord record);
  absl::Status LoadCluster(const ClusterRecord& record);
  void LoadRedirect(const Redirect& redirect);
  absl::Status LoadDocument(const DocumentEntry& entry, const Fingerprint& fingerprint);
  absl::Status LoadFamily(FamilyRecord family);
  absl::Status FinishLoading() const;  // every cluster has its canonical copy

  // An image of the indexes, which are what takes long to rebuild. REQUIRES for WriteIndexes:
  // nothing is staged.
  void WriteIndexes(ImageWriter& image) const;
  // In the place of LoadDocument: indexes of an image, once all collections are loaded and before
  // clusters are, then, behind clusters and redirects, who is in which. DATA_LOSS where what is
  // loaded does not belong together.
  absl::Status ReadIndexes(ImageReader& image);
  absl::Status JoinClusters();

  // Makes the postings of a change in the index. REQUIRES: its documents and collections are there.
  void Stage(const Change& change);
  // Takes them back. REQUIRES: changes are taken back in the opposite order of staging.
  void Unstage(const Change& change);
  // Whether the index holds changes that are not published.
  bool has_staged() const {
    return !staged_.empty() || !withdrawn_.empty() || !samples_before_.empty();
  }
  // Publishes a change that is durable. REQUIRES: it was staged; in the order of staging.
  void Publish(const Change& change);

 private:
  static uint64_t AgeKey(const DocumentEntry& entry, Slot slot);  // for Collection::by_age
  Collection& Of(CollectionNumber number) { return CheckAt(collections_, number); }
  const Collection& Of(CollectionNumber number) const { return CheckAt(collections_, number); }
  // Of a document in the index, published or staged.
  std::optional<IndexSlot> FindSlot(DocumentNumber number) const;
  IndexSlot SlotOf(DocumentNumber number) const;
  MemoryIndex& IndexOf(const IndexSlot& at) { return Of(at.collection).index; }
  // Adds to `hits` what the group in the making has taken out of the index, and takes back what it
  // has posted: readers see nothing of it.
  void UndoStaged(CollectionNumber collection, const Fingerprint& fingerprint,
                  std::vector<DocumentHit>* hits) const;
  IndexSlot Insert(const DocumentEntry& entry, const Fingerprint& fingerprint);
  void PostSample(const SamplePosting& posting, bool posted);
  DocumentEntry EntryAt(const IndexSlot& at) const;
  // Whether a document is alone in the cluster of its number, and nothing else is to be told.
  bool IsAlone(const IndexSlot& at) const { return Of(at.collection).index.is_alone(at.slot); }
  ClusterState MakeCluster(const IndexSlot& at) const;
  // The cluster as it is kept, made from its only document where it was not; null where it is not
  // there.
  ClusterState* Keep(ClusterId id);
  // Keeps it no longer where its only document says all of it.
  void Fold(ClusterId id);
  void Join(const DocumentEntry& entry);
  void Leave(const DocumentEntry& entry);
  void Add(const DocumentEntry& entry, Slot slot);
  void Remove(DocumentNumber number);
  void Replace(const DocumentEntry& entry);
  void KeepVersionKeys(const DocumentEntry& entry, const Members& members);
  void DropVersionKeys(ClusterId cluster);
  void PutCluster(const ClusterRecord& record);
  void DropCluster(ClusterId id);
  void PutFamily(FamilyRecord family);
  void DropFamily(DocumentNumber number);
  void DropCollection(CollectionNumber number, Sequence sequence);

  absl::flat_hash_map<CollectionNumber, Collection> collections_;
  absl::btree_map<std::string, CollectionNumber> collection_names_;
  NumberTable numbers_;  // published documents
  // Of the group in the making: what it adds, and the bands of what it removes.
  absl::flat_hash_map<DocumentNumber, IndexSlot> staged_;
  absl::flat_hash_map<DocumentNumber, BandMask> withdrawn_;
  // Published documents whose containment postings it moves: what was posted before.
  absl::flat_hash_map<DocumentNumber, std::vector<uint32_t>> samples_before_;
  absl::flat_hash_map<ClusterId, CollectionNumber> collection_of_cluster_;  // of those kept
  uint64_t listed_members_ = 0;  // of those kept
  uint64_t alone_loaded_ = 0;    // cluster records of documents of an image that are alone
  absl::flat_hash_map<ClusterId, ClusterId> redirects_;
  // Of clusters of kMinKeyedCluster members and more; those of members that are gone stay.
  absl::flat_hash_map<ClusterId, VersionKeys> version_keys_;
  uint64_t version_keys_kept_ = 0;
  absl::btree_map<DocumentNumber, FamilyRecord> families_;  // by their oldest texts
  uint64_t family_bytes_ = 0;  // kept, not summed up: MemoryBytes is asked under the readers' lock
  absl::flat_hash_map<ClusterId, DocumentNumber> family_of_cluster_;
  absl::btree_map<std::string, DeletedCollection> deleted_collections_;
};

template <typename Visit>
void MemoryState::WalkClusters(const Collection& collection, ClusterId after, bool newest_first,
                               Visit visit) const {
  // Both in one direction, one step at a time; a number may be that of a kept cluster, too.
  const auto walk = [&](auto cluster, auto clusters_end, auto number, auto numbers_end,
                        auto before) {
    while (cluster != clusters_end || number != numbers_end) {
      const bool is_kept = number == numbers_end ||
                           (cluster != clusters_end &&
                            !before(static_cast<ClusterId>(*number), cluster->first));
      const ClusterId id = is_kept ? cluster->first : static_cast<ClusterId>(*number);
      FoundCluster found;
      if (is_kept) {
        found = FoundCluster(&cluster->second);
        ++cluster;
      } else if (const IndexSlot at = CheckNotNull(numbers_.Find(*number)); IsAlone(at)) {
        found = FoundCluster(MakeCluster(at));
      }
      if (number != numbers_end && static_cast<ClusterId>(*number) == id) ++number;
      if (!visit(id, found)) return;
    }
  };
  const auto& kept = collection.clusters;
  const auto& numbers = collection.numbers;
  const auto from = static_cast<DocumentNumber>(after);
  if (!newest_first) {
    walk(kept.upper_bound(after), kept.end(), numbers.upper_bound(from), numbers.end(),
         std::less<>());
  } else if (after == ClusterId::kNone) {
    walk(kept.rbegin(), kept.rend(), numbers.rbegin(), numbers.rend(), std::greater<>());
  } else {
    walk(std::make_reverse_iterator(kept.lower_bound(after)), kept.rend(),
         std::make_reverse_iterator(numbers.lower_bound(from)), numbers.rend(), std::greater<>());
  }
}

}  // namespace wonbon
