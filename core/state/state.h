// What a decision reads: documents, clusters and candidates as they stand. State is what is in
// memory: MemoryState (what is durable and published) and CommitGroup (that, with a group of
// changes on top which is not written yet). View adds what is read from the store. Nothing here can
// write.
//
// Not synchronised: whoever reads holds the state still. Pointers are valid until it changes.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "core/check.h"
#include "core/record.h"
#include "core/state/prepared_document.h"
#include "core/state/version_keys.h"
#include "core/store/snapshot.h"

namespace wonbon {

using Members = absl::InlinedVector<DocumentNumber, 2>;  // ascending: as they were committed

struct ClusterState {
  ClusterRecord record;
  Members members;
};

// A cluster of a state, or none. Most clusters are one document of which nothing else is to be
// told: those are not kept, but made when they are asked for.
class FoundCluster {
 public:
  FoundCluster() = default;
  // `kept` stands in the state.
  explicit FoundCluster(const ClusterState* kept) : kept_(kept) {}
  explicit FoundCluster(ClusterState made) : made_(std::move(made)) {}

  explicit operator bool() const { return kept_ != nullptr || made_.has_value(); }
  // REQUIRES: there is one.
  const ClusterState& operator*() const { return made_.has_value() ? *made_ : CheckNotNull(kept_); }
  const ClusterState* operator->() const { return &**this; }

 private:
  const ClusterState* kept_ = nullptr;
  std::optional<ClusterState> made_;
};

// A document that the index found for a fingerprint (see MemoryIndex::Hit).
struct DocumentHit {
  DocumentNumber number = DocumentNumber::kNone;
  bool exact = false;
  bool same_url = false;
  int bands = 0;
  int shared_sample = 0;
  friend bool operator==(const DocumentHit&, const DocumentHit&) = default;
};

class State {
 public:
  virtual ~State() = default;
  // Appends the hits in `collection`.
  virtual void FindHits(CollectionNumber collection, const Fingerprint& fingerprint,
                        std::vector<DocumentHit>* hits) const = 0;
  // Nothing where there is none, as all of these.
  virtual std::optional<DocumentEntry> FindEntry(DocumentNumber number) const = 0;
  virtual const ShortSketch* FindSketch(DocumentNumber number) const = 0;
  // Fingerprint::exact_key; nothing where there is no such document, or the key is not at hand.
  virtual std::optional<absl::uint128> FindTextKey(DocumentNumber number) const = 0;
  virtual FoundCluster FindCluster(ClusterId id) const = 0;
  // The family that the cluster is a block of; null for a cluster of one text without relatives.
  virtual const FamilyRecord* FindFamily(ClusterId cluster) const = 0;
  virtual const CollectionRecord* FindCollection(CollectionNumber number) const = 0;
  // What the cluster's members say; nothing where there are none.
  virtual VersionAnswer AskVersions(ClusterId cluster, const DocumentEntry& document,
                                    absl::uint128 text) const = 0;
  bool MayHaveVersions(ClusterId cluster, const DocumentEntry& document,
                       absl::uint128 text) const {
    return AskVersions(cluster, document, text).may_hold();
  }
  // A document that is not in the store yet; null for all others.
  virtual std::shared_ptr<const PreparedDocument> PendingDocument(DocumentNumber number) const = 0;
};

class View : public State {
 public:
  virtual absl::StatusOr<StoreSnapshot::IdState> FindId(CollectionNumber collection,
                                                std::string_view id) const = 0;
  // Both NOT_FOUND where the document is gone.
  virtual absl::StatusOr<DocumentContent> ReadHead(DocumentNumber number) const = 0;
  virtual absl::StatusOr<std::vector<uint32_t>> ReadSample(DocumentNumber number) const = 0;
  // Of the last change: numbers greater than it are free.
  virtual Sequence last_sequence() const = 0;
  virtual int64_t last_time_us() const = 0;
};

}  // namespace wonbon
