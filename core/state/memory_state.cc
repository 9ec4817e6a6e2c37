#include "core/state/memory_state.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document_time.h"
#include "core/limits.h"

namespace wonbon {
namespace {

void Resize(MemoryState::Collection& collection, ClusterId id, size_t before, size_t after) {
  if (before == after) return;
  if (before > 1) collection.by_size.erase({.size = before, .id = id});
  if (after > 1) collection.by_size.insert({.size = after, .id = id});
}

void InsertMember(MemoryState::Collection& collection, ClusterId id, DocumentNumber number) {
  std::vector<DocumentNumber>& members = CheckAt(collection.clusters, id).members;
  const auto it = std::lower_bound(members.begin(), members.end(), number);
  if (it != members.end() && *it == number) return;
  members.insert(it, number);
  Resize(collection, id, members.size() - 1, members.size());
}

void EraseMember(MemoryState::Collection& collection, ClusterId id, DocumentNumber number) {
  std::vector<DocumentNumber>& members = CheckAt(collection.clusters, id).members;
  const auto it = std::lower_bound(members.begin(), members.end(), number);
  if (it == members.end() || *it != number) return;
  members.erase(it);
  Resize(collection, id, members.size() + 1, members.size());
}

uint64_t BytesOf(const FamilyRecord& family) {
  return sizeof(std::pair<DocumentNumber, FamilyRecord>) +
         family.texts.size() * (sizeof(FamilyText) + sizeof(std::pair<ClusterId, uint64_t>)) +
         family.scores.size() * (sizeof(int16_t) + sizeof(uint16_t));
}

}  // namespace

void MemoryState::FindAllHits(CollectionNumber collection, const Fingerprint& fingerprint,
                              std::vector<DocumentHit>* hits) const {
  const auto found = collections_.find(collection);
  if (found == collections_.end()) return;
  std::vector<MemoryIndex::Hit> slots;
  found->second.index.LookUp(fingerprint, &slots);
  // Which slot a document was given depends on which were free, and so on restarts and on writes
  // that failed: answers go by the order of the documents.
  const auto& numbers = found->second.number_of_slot;
  std::sort(slots.begin(), slots.end(),
            [&](const MemoryIndex::Hit& a, const MemoryIndex::Hit& b) {
              return numbers[a.slot] < numbers[b.slot];
            });
  for (const MemoryIndex::Hit& hit : slots) {
    hits->push_back({.number = numbers[hit.slot],
                     .exact = hit.exact,
                     .same_url = hit.same_url,
                     .bands = hit.bands,
                     .shared_sample = hit.shared_sample});
  }
}

void MemoryState::FindHits(CollectionNumber collection, const Fingerprint& fingerprint,
                           std::vector<DocumentHit>* hits) const {
  FindAllHits(collection, fingerprint, hits);
  std::erase_if(*hits, [this](const DocumentHit& hit) { return !documents_.contains(hit.number); });
  if (!withdrawn_.empty() || !samples_before_.empty()) UndoStaged(collection, fingerprint, hits);
}

void MemoryState::UndoStaged(CollectionNumber collection, const Fingerprint& fingerprint,
                             std::vector<DocumentHit>* hits) const {
  const auto hit_of = [&](DocumentNumber number) -> DocumentHit& {
    const auto it = std::lower_bound(
        hits->begin(), hits->end(), number,
        [](const DocumentHit& hit, DocumentNumber other) { return hit.number < other; });
    if (it != hits->end() && it->number == number) return *it;
    return *hits->insert(it, DocumentHit{.number = number});
  };
  for (const auto& [number, bands] : withdrawn_) {
    const auto found = documents_.find(number);
    if (found == documents_.end() || found->second.entry.collection != collection) continue;
    const MemoryIndex::Hit hit =
        Of(collection).index.Compare(found->second.slot, fingerprint, bands);
    if (!hit.exact && !hit.same_url && hit.bands == 0) continue;
    DocumentHit& seen = hit_of(number);
    seen.exact = hit.exact;
    seen.same_url = hit.same_url;
    seen.bands = hit.bands;
  }
  for (const auto& [number, sample] : samples_before_) {
    if (CheckAt(documents_, number).entry.collection != collection) continue;
    std::vector<uint32_t> shared;
    if (!fingerprint.is_short()) {
      std::set_intersection(sample.begin(), sample.end(), fingerprint.asked.begin(),
                            fingerprint.asked.end(), std::back_inserter(shared));
    }
    const auto count = static_cast<int>(shared.size());
    hit_of(number).shared_sample = count >= MinSharedSample(fingerprint) ? count : 0;
  }
  std::erase_if(*hits, [](const DocumentHit& hit) {
    return !hit.exact && !hit.same_url && hit.bands == 0 && hit.shared_sample == 0;
  });
}

const DocumentEntry* MemoryState::FindEntry(DocumentNumber number) const {
  const auto found = documents_.find(number);
  return found == documents_.end() ? nullptr : &found->second.entry;
}

const Sketch* MemoryState::FindSketch(DocumentNumber number) const {
  const auto staged = staged_.find(number);
  const auto found = documents_.find(number);
  if (staged == staged_.end() && found == documents_.end()) return nullptr;
  const IndexSlot at = SlotOf(number);
  return &Of(at.collection).index.sketch(at.slot);
}

std::optional<absl::uint128> MemoryState::FindTextKey(DocumentNumber number) const {
  if (!staged_.contains(number) && !documents_.contains(number)) return std::nullopt;
  const IndexSlot at = SlotOf(number);
  return Of(at.collection).index.exact_key(at.slot);
}

const ClusterState* MemoryState::FindCluster(ClusterId id) const {
  const auto found = collection_of_cluster_.find(id);
  if (found == collection_of_cluster_.end()) return nullptr;
  const auto& clusters = Of(found->second).clusters;
  const auto cluster = clusters.find(id);
  return cluster == clusters.end() ? nullptr : &cluster->second;
}

const FamilyRecord* MemoryState::FindFamily(ClusterId cluster) const {
  const auto found = family_of_cluster_.find(cluster);
  return found == family_of_cluster_.end() ? nullptr : &families_.at(found->second);
}

const CollectionRecord* MemoryState::FindCollection(CollectionNumber number) const {
  const Collection* found = collection(number);
  return found == nullptr ? nullptr : &found->record;
}

VersionAnswer MemoryState::AskVersions(ClusterId cluster, const DocumentEntry& document,
                                       absl::uint128 text) const {
  if (const auto found = version_keys_.find(cluster); found != version_keys_.end()) {
    return found->second.Ask(document, text);
  }
  const ClusterState* small = FindCluster(cluster);
  if (small == nullptr) return {};
  VersionKeys keys;
  for (const DocumentNumber member : small->members) {
    keys.Keep(CheckNotNull(FindEntry(member)), FindTextKey(member).value_or(0));
  }
  return keys.Ask(document, text);
}

const MemoryState::Collection* MemoryState::FindCollectionByName(std::string_view name) const {
  const auto found = collection_names_.find(absl::string_view(name.data(), name.size()));
  return found == collection_names_.end() ? nullptr : collection(found->second);
}

const MemoryState::DeletedCollection* MemoryState::FindDeletedCollection(
    std::string_view name) const {
  const auto found = deleted_collections_.find(absl::string_view(name.data(), name.size()));
  return found == deleted_collections_.end() ? nullptr : &found->second;
}

const MemoryState::Collection* MemoryState::collection(CollectionNumber number) const {
  const auto found = collections_.find(number);
  return found == collections_.end() ? nullptr : &found->second;
}

ClusterId MemoryState::Resolve(ClusterId id) const {
  for (auto next = redirects_.find(id); next != redirects_.end(); next = redirects_.find(id)) {
    id = next->second;
  }
  return collection_of_cluster_.contains(id) ? id : ClusterId::kNone;
}

std::vector<Redirect> MemoryState::redirects() const {
  std::vector<Redirect> redirects;
  for (const auto& [from, to] : redirects_) redirects.push_back({.from = from, .to = to});
  return redirects;
}

std::vector<DocumentNumber> MemoryState::FindExpired(int64_t now_us, size_t limit) const {
  std::vector<DocumentNumber> expired;
  for (const auto& [name, number] : collection_names_) {
    const Collection& collection = Of(number);
    if (!HasRetention(collection.record.settings)) continue;
    const int64_t before_us = ExpiryLimit(collection.record.settings, now_us);
    for (auto oldest = collection.by_age.begin();
         oldest != collection.by_age.end() && oldest->first < before_us; ++oldest) {
      if (expired.size() == limit) break;
      expired.push_back(oldest->second);
    }
  }
  // They go in the order in which they came.
  std::sort(expired.begin(), expired.end());
  return expired;
}

uint64_t MemoryState::MemoryBytes() const {
  uint64_t bytes = documents_.capacity() * (sizeof(Document) + sizeof(DocumentNumber) + 1) +
                   family_bytes_ + version_keys_kept_ * sizeof(uint64_t) * 2;
  for (const auto& [number, collection] : collections_) {
    bytes += collection.index.MemoryBytes() +
             collection.number_of_slot.capacity() * sizeof(DocumentNumber) +
             collection.clusters.size() * sizeof(std::pair<ClusterId, ClusterState>) +
             collection.by_size.size() * sizeof(SizedCluster) * 3 / 2 +
             2 * collection.documents * sizeof(DocumentNumber) +
             collection.documents * sizeof(std::pair<int64_t, DocumentNumber>) * 3 / 2;
  }
  return bytes;
}

uint64_t MemoryState::evicted_postings() const {
  uint64_t evicted = 0;
  for (const auto& [number, collection] : collections_) {
    evicted += collection.index.evicted_postings();
  }
  return evicted;
}

void MemoryState::LoadCollection(CollectionRecord record) {
  const CollectionNumber number = record.number;
  Collection& collection = collections_[number];
  collection_names_.erase(collection.record.name);
  collection_names_[record.name] = number;
  collection.record = std::move(record);
}

absl::Status MemoryState::LoadCluster(const ClusterRecord& record) {
  if (!collections_.contains(record.collection)) {
    return absl::DataLossError(absl::StrCat("cluster ", static_cast<uint64_t>(record.id),
                                            " names a collection that is not in the store"));
  }
  PutCluster(record);
  return absl::OkStatus();
}

void MemoryState::LoadRedirect(const Redirect& redirect) {
  redirects_[redirect.from] = redirect.to;
}

absl::Status MemoryState::LoadDocument(const DocumentEntry& entry, const Fingerprint& fingerprint) {
  const ClusterState* cluster = FindCluster(entry.cluster);
  if (cluster == nullptr || cluster->record.collection != entry.collection) {
    return absl::DataLossError(absl::StrCat("document ", static_cast<uint64_t>(entry.number),
                                            " names a cluster that is not in the store"));
  }
  const IndexSlot at = Insert(entry, fingerprint);
  Add(entry, at.slot);
  if (cluster->record.canonical == entry.number) {
    IndexOf(at).AddSample(at.slot, fingerprint.sample);
  }
  return absl::OkStatus();
}

absl::Status MemoryState::LoadFamily(FamilyRecord family) {
  for (const FamilyText& text : family.texts) {
    const DocumentEntry* entry = FindEntry(text.number);
    if (entry == nullptr || entry->cluster != text.cluster) {
      return absl::DataLossError(absl::StrCat("the family of document ",
                                              static_cast<uint64_t>(family.number()),
                                              " names a document that is not in the store: ",
                                              static_cast<uint64_t>(text.number)));
    }
    if (family_of_cluster_.contains(text.cluster)) {
      return absl::DataLossError(absl::StrCat("cluster ", static_cast<uint64_t>(text.cluster),
                                              " is in two families"));
    }
  }
  PutFamily(std::move(family));
  return absl::OkStatus();
}

absl::Status MemoryState::FinishLoading() const {
  for (const auto& [number, collection] : collections_) {
    for (const auto& [id, cluster] : collection.clusters) {
      if (!std::binary_search(cluster.members.begin(), cluster.members.end(),
                              cluster.record.canonical)) {
        return absl::DataLossError(absl::StrCat("cluster ", static_cast<uint64_t>(id),
                                                " has lost its canonical copy, document ",
                                                static_cast<uint64_t>(cluster.record.canonical)));
      }
    }
  }
  return absl::OkStatus();
}

MemoryState::IndexSlot MemoryState::SlotOf(DocumentNumber number) const {
  const auto staged = staged_.find(number);
  if (staged != staged_.end()) return staged->second;
  const Document& document = CheckAt(documents_, number);
  return {document.entry.collection, document.slot};
}

MemoryState::IndexSlot MemoryState::Insert(const DocumentEntry& entry,
                                           const Fingerprint& fingerprint) {
  Collection& collection = Of(entry.collection);
  const Slot slot = collection.index.Insert(fingerprint, entry.bands);
  if (slot >= collection.number_of_slot.size()) collection.number_of_slot.resize(slot + 1);
  collection.number_of_slot[slot] = entry.number;
  return {entry.collection, slot};
}

void MemoryState::PostSample(const SamplePosting& posting, bool posted) {
  const IndexSlot at = SlotOf(posting.number);
  if (posted) {
    IndexOf(at).AddSample(at.slot, posting.sample);
  } else {
    IndexOf(at).RemoveSample(at.slot, posting.sample);
  }
}

void MemoryState::Stage(const Change& change) {
  for (const NewDocument& document : change.added) {
    staged_[document.entry.number] = Insert(document.entry, document.fingerprint);
  }
  for (const RemovedDocument& removed : change.removed) {
    const IndexSlot at = SlotOf(removed.number);
    withdrawn_[removed.number] = IndexOf(at).Withdraw(at.slot);
  }
  for (const BandPosting& posting : change.band_postings) {
    const IndexSlot at = SlotOf(posting.number);
    IndexOf(at).AddBands(at.slot, posting.bands);
  }
  for (const SamplePosting& posting : change.sample_postings) {
    PostSample(posting, posting.posted);
    if (!documents_.contains(posting.number)) continue;
    samples_before_.try_emplace(posting.number,
                                posting.posted ? std::vector<uint32_t>() : posting.sample);
  }
}

void MemoryState::Unstage(const Change& change) {
  for (auto posting = change.sample_postings.rbegin(); posting != change.sample_postings.rend();
       ++posting) {
    PostSample(*posting, !posting->posted);
    samples_before_.erase(posting->number);
  }
  for (const BandPosting& posting : change.band_postings) {
    const IndexSlot at = SlotOf(posting.number);
    IndexOf(at).RemoveBands(at.slot, posting.bands);
  }
  for (const RemovedDocument& removed : change.removed) {
    const IndexSlot at = SlotOf(removed.number);
    IndexOf(at).Restore(at.slot, CheckAt(withdrawn_, removed.number));
    withdrawn_.erase(removed.number);
  }
  for (const NewDocument& document : change.added) {
    const IndexSlot at = SlotOf(document.entry.number);
    IndexOf(at).Remove(at.slot);
    staged_.erase(document.entry.number);
  }
}

void MemoryState::Publish(const Change& change) {
  for (const SamplePosting& posting : change.sample_postings) {
    samples_before_.erase(posting.number);
  }
  for (const CollectionRecord& record : change.collections) LoadCollection(record);
  for (const ClusterRecord& record : change.clusters) PutCluster(record);
  for (const RemovedDocument& removed : change.removed) Remove(removed.number);
  for (const NewDocument& document : change.added) {
    const DocumentNumber number = document.entry.number;
    Add(document.entry, CheckAt(staged_, number).slot);
    staged_.erase(number);
  }
  for (const DocumentEntry& entry : change.changed) Replace(entry);
  for (const Redirect& redirect : change.redirects) {
    DropCluster(redirect.from);
    redirects_[redirect.from] = redirect.to;
  }
  for (const ClusterId id : change.dropped) DropCluster(id);
  for (const DocumentNumber number : change.dropped_families) DropFamily(number);
  for (const FamilyRecord& family : change.families) DropFamily(family.number());
  for (const FamilyRecord& family : change.families) PutFamily(family);
  for (const CollectionNumber number : change.dropped_collections) {
    DropCollection(number, change.sequence);
  }
}

void MemoryState::Add(const DocumentEntry& entry, Slot slot) {
  Collection& collection = Of(entry.collection);
  documents_[entry.number] = {.entry = entry, .slot = slot};
  InsertMember(collection, entry.cluster, entry.number);
  KeepVersionKeys(entry, CheckAt(collection.clusters, entry.cluster).members);
  collection.numbers.insert(entry.number);
  collection.by_age.emplace(RetainedSince(entry), entry.number);
  ++collection.documents;
}

void MemoryState::Remove(DocumentNumber number) {
  const auto found = documents_.find(number);
  WONBON_CHECK(found != documents_.end());
  const DocumentEntry& entry = found->second.entry;
  Collection& collection = Of(entry.collection);
  WONBON_CHECK(withdrawn_.erase(number) == 1);
  collection.index.Free(found->second.slot);
  const auto cluster = collection.clusters.find(entry.cluster);
  if (cluster != collection.clusters.end()) {
    EraseMember(collection, entry.cluster, number);
    if (cluster->second.members.size() < kMinKeyedCluster) DropVersionKeys(entry.cluster);
  }
  collection.numbers.erase(number);
  collection.by_age.erase({RetainedSince(entry), number});
  --collection.documents;
  documents_.erase(found);
}

void MemoryState::Replace(const DocumentEntry& entry) {
  Document& document = CheckAt(documents_, entry.number);
  Collection& collection = Of(entry.collection);
  if (document.entry.cluster != entry.cluster) {
    const auto old_cluster = collection.clusters.find(document.entry.cluster);
    if (old_cluster != collection.clusters.end()) {
      EraseMember(collection, document.entry.cluster, entry.number);
      if (old_cluster->second.members.size() < kMinKeyedCluster) {
        DropVersionKeys(document.entry.cluster);
      }
    }
    InsertMember(collection, entry.cluster, entry.number);
    document.entry = entry;
    KeepVersionKeys(entry, CheckAt(collection.clusters, entry.cluster).members);
  }
  document.entry = entry;
}

// `entry` is among the members.
void MemoryState::KeepVersionKeys(const DocumentEntry& entry,
                                  const std::vector<DocumentNumber>& members) {
  if (members.size() < kMinKeyedCluster) return;
  const auto [it, is_new] = version_keys_.try_emplace(entry.cluster);
  VersionKeys& keys = it->second;
  const size_t before = keys.size();
  const auto keep = [this, &keys](const DocumentEntry& member) {
    keys.Keep(member, FindTextKey(member.number).value_or(0));
  };
  if (is_new) {
    for (const DocumentNumber member : members) keep(CheckAt(documents_, member).entry);
  } else {
    keep(entry);
  }
  version_keys_kept_ += keys.size() - before;
}

void MemoryState::DropVersionKeys(ClusterId cluster) {
  const auto found = version_keys_.find(cluster);
  if (found == version_keys_.end()) return;
  version_keys_kept_ -= found->second.size();
  version_keys_.erase(found);
}

void MemoryState::PutCluster(const ClusterRecord& record) {
  Of(record.collection).clusters[record.id].record = record;
  collection_of_cluster_[record.id] = record.collection;
}

void MemoryState::PutFamily(FamilyRecord family) {
  for (const FamilyText& text : family.texts) family_of_cluster_[text.cluster] = family.number();
  const DocumentNumber number = family.number();
  family_bytes_ += BytesOf(family);
  families_[number] = std::move(family);
}

void MemoryState::DropFamily(DocumentNumber number) {
  const auto found = families_.find(number);
  if (found == families_.end()) return;
  for (const FamilyText& text : found->second.texts) family_of_cluster_.erase(text.cluster);
  family_bytes_ -= BytesOf(found->second);
  families_.erase(found);
}

void MemoryState::DropCollection(CollectionNumber number, Sequence sequence) {
  const std::string& name = Of(number).record.name;
  if (deleted_collections_.size() >= kMaxDeletedFeeds) {
    deleted_collections_.erase(std::min_element(
        deleted_collections_.begin(), deleted_collections_.end(),
        [](const auto& a, const auto& b) { return a.second.sequence < b.second.sequence; }));
  }
  deleted_collections_[name] = {.number = number, .sequence = sequence};
  collection_names_.erase(name);
  collections_.erase(number);
}

void MemoryState::DropCluster(ClusterId id) {
  const auto found = collection_of_cluster_.find(id);
  if (found == collection_of_cluster_.end()) return;
  Collection& collection = Of(found->second);
  Resize(collection, id, CheckAt(collection.clusters, id).members.size(), 0);
  collection.clusters.erase(id);
  collection_of_cluster_.erase(found);
  DropVersionKeys(id);
}

}  // namespace wonbon
