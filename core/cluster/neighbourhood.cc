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
  for (const CandidateCluster& candidate : candidates_.clusters) CopyFamily(state, candidate.id);
  const std::optional<DocumentEntry> standing = state.FindEntry(subject.standing);
  if (standing.has_value()) CopyFamily(state, standing->cluster);
  for (const DocumentNumber number : subject.told) CopyEntry(state, number);
}

void Neighbourhood::CopyFamily(const MemoryState& state, ClusterId id) {
  Copy(state, id);
  const FamilyRecord* family = state.FindFamily(id);
  if (family == nullptr || families_.contains(id)) return;
  for (const FamilyText& text : family->texts) {
    if (families_.try_emplace(text.cluster, *family).second) Copy(state, text.cluster);
  }
}

void Neighbourhood::Copy(const MemoryState& state, ClusterId id) {
  const FoundCluster cluster = state.FindCluster(id);
  const auto [it, is_new] = clusters_.try_emplace(id, *cluster);
  if (!is_new) return;
  for (const DocumentNumber number : cluster->members) CopyEntry(state, number);
}

void Neighbourhood::CopyEntry(const MemoryState& state, DocumentNumber number) {
  const std::optional<DocumentEntry> entry = state.FindEntry(number);
  if (!entry.has_value()) return;
  entries_.try_emplace(number, *entry);
  text_keys_.try_emplace(number, *state.FindTextKey(number));
}

void Neighbourhood::FindHits(CollectionNumber, const Fingerprint&,
                             std::vector<DocumentHit>*) const {
  WONBON_CHECK(false);
}

std::optional<DocumentEntry> Neighbourhood::FindEntry(DocumentNumber number) const {
  const auto found = entries_.find(number);
  return found == entries_.end() ? std::nullopt : std::optional(found->second);
}

const ShortSketch* Neighbourhood::FindSketch(DocumentNumber) const {
  WONBON_CHECK(false);
  return nullptr;
}

std::optional<absl::uint128> Neighbourhood::FindTextKey(DocumentNumber number) const {
  const auto found = text_keys_.find(number);
  return found == text_keys_.end() ? std::nullopt : std::optional(found->second);
}

FoundCluster Neighbourhood::FindCluster(ClusterId id) const {
  const auto found = clusters_.find(id);
  return found == clusters_.end() ? FoundCluster() : FoundCluster(&found->second);
}

const FamilyRecord* Neighbourhood::FindFamily(ClusterId cluster) const {
  const auto found = families_.find(cluster);
  return found == families_.end() ? nullptr : &found->second;
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
