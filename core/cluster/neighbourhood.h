// What a decision about one document can ask of one published moment, copied: its candidates with
// their clusters, and the standing version of its id with what that was answered. A decision on it
// needs no lock, and whatever is published meanwhile, all that it reads is of that moment.
//
// Constant after construction, and thread-safe. Bounded by kMaxJudgedClusters clusters and the
// one of the standing version, and those of their families; of a cluster it holds every entry (the
// canonical copy is elected among all of them).
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "core/cluster/candidates.h"
#include "core/state/published.h"
#include "core/state/state.h"

namespace wonbon {

class Neighbourhood : public View {
 public:
  // What is known of the document before the state is looked at.
  struct Subject {
    CollectionNumber collection{};
    const Fingerprint* fingerprint = nullptr;
    DocumentNumber standing = DocumentNumber::kNone;  // the version of its id
    std::vector<DocumentNumber> told;                 // what that one was answered with
  };
  // Looks the candidates up and copies, under one short lock.
  Neighbourhood(const Published& published, const Subject& subject);

  // As FindCandidates gave them, without the standing version.
  const Candidates& candidates() const { return candidates_; }
  const Moment& moment() const { return moment_; }

  // Not to be asked, nor sketches: there is no index here, the candidates are found.
  void FindHits(CollectionNumber collection, const Fingerprint& fingerprint,
                std::vector<DocumentHit>* hits) const override;
  std::optional<DocumentEntry> FindEntry(DocumentNumber number) const override;
  const ShortSketch* FindSketch(DocumentNumber number) const override;
  std::optional<absl::uint128> FindTextKey(DocumentNumber number) const override;
  FoundCluster FindCluster(ClusterId id) const override;
  const FamilyRecord* FindFamily(ClusterId cluster) const override;
  const CollectionRecord* FindCollection(CollectionNumber number) const override;
  // Its members are all here: they are looked at.
  VersionAnswer AskVersions(ClusterId, const DocumentEntry&, absl::uint128) const override {
    return {.related = true, .only_copies = false, .series_us = kNoSeries};
  }
  std::shared_ptr<const PreparedDocument> PendingDocument(DocumentNumber) const override {
    return nullptr;
  }

  absl::StatusOr<StoreSnapshot::IdState> FindId(CollectionNumber collection,
                                                std::string_view id) const override;
  absl::StatusOr<DocumentContent> ReadHead(DocumentNumber number) const override;
  absl::StatusOr<std::vector<uint32_t>> ReadSample(DocumentNumber number) const override;
  Sequence last_sequence() const override { return moment_.sequence; }
  int64_t last_time_us() const override { return moment_.time_us; }

 private:
  void CopyFamily(const MemoryState& state, ClusterId id);
  void Copy(const MemoryState& state, ClusterId id);
  void CopyEntry(const MemoryState& state, DocumentNumber number);

  Moment moment_;
  Candidates candidates_;
  std::optional<CollectionRecord> collection_;
  absl::flat_hash_map<ClusterId, ClusterState> clusters_;
  absl::flat_hash_map<ClusterId, FamilyRecord> families_;  // of each of their clusters
  absl::flat_hash_map<DocumentNumber, DocumentEntry> entries_;
  absl::flat_hash_map<DocumentNumber, absl::uint128> text_keys_;
};

}  // namespace wonbon
