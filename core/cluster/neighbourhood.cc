#include "core/cluster/neighbourhood.h"

#include <utility>

#include "core/check.h"
#include "core/limits.h"

namespace wonbon {

Neighbourhood::Neighbourhood(const Published& published, const Subject& subject) {
  const Published::Reader reader(published);
  const MemoryState& state = reader.state();
  moment_ = reader.moment();
  if (const CollectionRecord* record = state.FindCollection(subject.collection)) {
    collection_ = *record;
  }
  candidates_ = FindCandidates(state, subject.collection, *subject.fingerprint, subject.standing);
  // Where a version goes, its postings are given to others: to any member of its cluster.
  const DocumentEntry* standing = state.FindEntry(subject.standing);
  const bool updates = standing != nullptr;
  for (const CandidateCluster& candidate : candidates_.clusters) Copy(state, candidate.id, updates);
  if (updates) Copy(state, standing->cluster, /*all_sketches=*/true);
  for (const DocumentNumber number : subject.told) CopyEntry(state, number);
}

void Neighbourhood::Copy(const MemoryState& state, ClusterId id, bool all_sketches) {
  const ClusterState& cluster = CheckNotNull(state.FindCluster(id));
  const auto [it, is_new] = clusters_.try_emplace(id, cluster);
  if (!is_new) return;
  size_t behind = cluster.members.size();  // members from this one on
  for (const DocumentNumber number : cluster.members) {
    CopyEntry(state, number);
    if (all_sketches || behind <= kMaxScannedMembers) {
      sketches_.try_emplace(number, CheckNotNull(state.FindSketch(number)));
    }
    --behind;
  }
}

void Neighbourhood::CopyEntry(const MemoryState& state, DocumentNumber number) {
  const DocumentEntry* entry = state.FindEntry(number);
  if (entry == nullptr) return;
  entries_.try_emplace(number, *entry);
  text_keys_.try_emplace(number, *state.FindTextKey(number));
}

void Neighbourhood::FindHits(CollectionNumber, const Fingerprint&,
                             std::vector<DocumentHit>*) const {
  WONBON_CHECK(false);
}

const DocumentEntry* Neighbourhood::FindEntry(DocumentNumber number) const {
  const auto found = entries_.find(number);
  return found == entries_.end() ? nullptr : &found->second;
}

const Sketch* Neighbourhood::FindSketch(DocumentNumber number) const {
  const auto found = sketches_.find(number);
  return found == sketches_.end() ? nullptr : &found->second;
}

std::optional<absl::uint128> Neighbourhood::FindTextKey(DocumentNumber number) const {
  const auto found = text_keys_.find(number);
  return found == text_keys_.end() ? std::nullopt : std::optional(found->second);
}

const ClusterState* Neighbourhood::FindCluster(ClusterId id) const {
  const auto found = clusters_.find(id);
  return found == clusters_.end() ? nullptr : &found->second;
}

const CollectionRecord* Neighbourhood::FindCollection(CollectionNumber number) const {
  return collection_.has_value() && collection_->number == number ? &*collection_ : nullptr;
}

absl::StatusOr<StoreSnapshot::IdState> Neighbourhood::FindId(CollectionNumber collection,
                                                             std::string_view id) const {
  return moment_.store->FindId(collection, id);
}

absl::StatusOr<DocumentContent> Neighbourhood::ReadHead(DocumentNumber number) const {
  return moment_.store->ReadContent(number, /*with_body=*/false);
}

absl::StatusOr<std::vector<uint32_t>> Neighbourhood::ReadSample(DocumentNumber number) const {
  absl::StatusOr<Fingerprint> fingerprint = moment_.store->ReadFingerprint(number);
  if (!fingerprint.ok()) return fingerprint.status();
  return std::move(fingerprint->sample);
}

}  // namespace wonbon
