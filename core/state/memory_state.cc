#include "core/state/memory_state.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "core/decision.h"
#include "core/document_time.h"
#include "core/limits.h"

namespace wonbon {
namespace {

void Resize(MemoryState::Collection& collection, ClusterId id, size_t before, size_t after) {
  if (before > 1) collection.by_size.erase({.size = before, .id = id});
  if (after > 1) collection.by_size.insert({.size = after, .id = id});
}

// Seconds since 1970, up to the year 2106.
uint64_t AgeSecond(int64_t time_us) {
  return static_cast<uint64_t>(
      std::clamp<int64_t>(time_us / 1'000'000, 0, std::numeric_limits<uint32_t>::max()));
}

// How many of the numbers of two ascending lists are in both.
int CountShared(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  int shared = 0;
  for (size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    shared += a[i] == b[k] ? 1 : 0;
    const bool a_next = a[i] <= b[k];
    const bool b_next = b[k] <= a[i];
    i += a_next ? 1 : 0;
    k += b_next ? 1 : 0;
  }
  return shared;
}

uint64_t BytesOf(const FamilyRecord& family) {
  return sizeof(std::pair<DocumentNumber, FamilyRecord>) +
         family.texts.size() * (sizeof(FamilyText) + sizeof(std::pair<ClusterId, uint64_t>)) +
         family.scores.size() * (sizeof(int16_t) + sizeof(uint16_t));
}

}  // namespace

uint64_t MemoryState::AgeKey(const DocumentEntry& entry, Slot slot) {
  return AgeSecond(RetainedSince(entry)) << 32 | slot;
}

void MemoryState::FindAllHits(CollectionNumber collection, const Fingerprint& fingerprint,
                              std::vector<DocumentHit>* hits) const {
  const auto found = collections_.find(collection);
  if (found == collections_.end()) return;
  std::vector<MemoryIndex::Hit> slots;
  found->second.index.LookUp(fingerprint, &slots);
  for (const MemoryIndex::Hit& hit : slots) {
    hits->push_back({.number = found->second.index.number(hit.slot),
                     .exact = hit.exact,
                     .same_url = hit.same_url,
                     .bands = hit.bands,
                     .shared_sample = hit.shared_sample});
  }
}

void MemoryState::FindHits(CollectionNumber collection, const Fingerprint& fingerprint,
                           std::vector<DocumentHit>* hits) const {
  FindAllHits(collection, fingerprint, hits);
  std::erase_if(*hits, [this](const DocumentHit& hit) { return !HasDocument(hit.number); });
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
    const std::optional<IndexSlot> at = numbers_.Find(number);
    if (!at.has_value() || at->collection != collection) continue;
    const MemoryIndex::Hit hit = Of(collection).index.Compare(at->slot, fingerprint, bands);
    if (!hit.exact && !hit.same_url && hit.bands == 0) continue;
    DocumentHit& seen = hit_of(number);
    seen.exact = hit.exact;
    seen.same_url = hit.same_url;
    seen.bands = hit.bands;
  }
  for (const auto& [number, sample] : samples_before_) {
    if (CheckNotNull(numbers_.Find(number)).collection != collection) continue;
    const int count = fingerprint.is_short() ? 0 : CountShared(sample, fingerprint.asked);
    hit_of(number).shared_sample = count >= MinSharedSample(fingerprint) ? count : 0;
  }
  std::erase_if(*hits, [](const DocumentHit& hit) {
    return !hit.exact && !hit.same_url && hit.bands == 0 && hit.shared_sample == 0;
  });
}

DocumentEntry MemoryState::EntryAt(const IndexSlot& at) const {
  DocumentEntry entry = Of(at.collection).index.entry(at.slot);
  entry.collection = at.collection;
  return entry;
}

std::optional<DocumentEntry> MemoryState::FindEntry(DocumentNumber number) const {
  const std::optional<IndexSlot> at = numbers_.Find(number);
  if (!at.has_value()) return std::nullopt;
  return EntryAt(*at);
}

std::optional<IndexSlot> MemoryState::FindSlot(DocumentNumber number) const {
  if (const auto staged = staged_.find(number); staged != staged_.end()) return staged->second;
  return numbers_.Find(number);
}

const ShortSketch* MemoryState::FindSketch(DocumentNumber number) const {
  const std::optional<IndexSlot> at = FindSlot(number);
  return at.has_value() ? &Of(at->collection).index.sketch(at->slot) : nullptr;
}

std::optional<absl::uint128> MemoryState::FindTextKey(DocumentNumber number) const {
  const std::optional<IndexSlot> at = FindSlot(number);
  if (!at.has_value()) return std::nullopt;
  return Of(at->collection).index.exact_key(at->slot);
}

ClusterState MemoryState::MakeCluster(const IndexSlot& at) const {
  const DocumentEntry entry = EntryAt(at);
  return {.record = {.id = entry.cluster,
                     .collection = entry.collection,
                     .canonical = entry.number,
                     .reason = static_cast<uint8_t>(CanonicalReason::kOnlyDocument),
                     .sequence = entry.sequence},
          .members = {entry.number}};
}

FoundCluster MemoryState::FindCluster(ClusterId id) const {
  if (const auto kept = collection_of_cluster_.find(id); kept != collection_of_cluster_.end()) {
    return FoundCluster(&CheckAt(Of(kept->second).clusters, id));
  }
  const std::optional<IndexSlot> at = numbers_.Find(static_cast<DocumentNumber>(id));
  return at.has_value() && IsAlone(*at) ? FoundCluster(MakeCluster(*at)) : FoundCluster();
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
  const FoundCluster small = FindCluster(cluster);
  if (!small) return {};
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
  return FindCluster(id) ? id : ClusterId::kNone;
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
    for (const uint64_t key : collection.by_age) {
      if (expired.size() == limit || key >> 32 > AgeSecond(before_us)) break;
      const DocumentEntry entry = EntryAt({number, static_cast<Slot>(key)});
      if (IsExpired(entry, collection.record.settings, now_us)) expired.push_back(entry.number);
    }
  }
  // They go in the order in which they came.
  std::sort(expired.begin(), expired.end());
  return expired;
}

uint64_t MemoryState::clusters() const {
  uint64_t clusters = 0;
  for (const auto& [number, collection] : collections_) clusters += collection.cluster_count();
  return clusters;
}

uint64_t MemoryState::evicted_postings() const {
  uint64_t evicted = 0;
  for (const auto& [number, collection] : collections_) {
    evicted += collection.index.evicted_postings();
  }
  return evicted;
}

IndexSlot MemoryState::SlotOf(DocumentNumber number) const {
  return CheckNotNull(FindSlot(number));
}

IndexSlot MemoryState::Insert(const DocumentEntry& entry, const Fingerprint& fingerprint) {
  return {entry.collection, Of(entry.collection).index.Insert(entry, fingerprint)};
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
    if (!HasDocument(posting.number)) continue;
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
  std::vector<ClusterId> touched;
  const auto touch = [&](DocumentNumber number) {
    touched.push_back(CheckNotNull(FindEntry(number)).cluster);
  };
  for (const CollectionRecord& record : change.collections) LoadCollection(record);
  for (const ClusterRecord& record : change.clusters) {
    PutCluster(record);
    touched.push_back(record.id);
  }
  for (const RemovedDocument& removed : change.removed) {
    touch(removed.number);
    Remove(removed.number);
  }
  for (const NewDocument& document : change.added) {
    const DocumentNumber number = document.entry.number;
    Add(document.entry, CheckAt(staged_, number).slot);
    staged_.erase(number);
    touch(number);
  }
  for (const DocumentEntry& entry : change.changed) {
    touch(entry.number);
    Replace(entry);
    touch(entry.number);
  }
  for (const Redirect& redirect : change.redirects) {
    DropCluster(redirect.from);
    redirects_[redirect.from] = redirect.to;
  }
  for (const ClusterId id : change.dropped) DropCluster(id);
  for (const DocumentNumber number : change.dropped_families) DropFamily(number);
  for (const FamilyRecord& family : change.families) DropFamily(family.number());
  for (const FamilyRecord& family : change.families) PutFamily(family);
  for (const ClusterId id : touched) Fold(id);
  for (const CollectionNumber number : change.dropped_collections) {
    DropCollection(number, change.sequence);
  }
}

ClusterState* MemoryState::Keep(ClusterId id) {
  if (const auto kept = collection_of_cluster_.find(id); kept != collection_of_cluster_.end()) {
    return &CheckAt(Of(kept->second).clusters, id);
  }
  const std::optional<IndexSlot> at = numbers_.Find(static_cast<DocumentNumber>(id));
  if (!at.has_value() || !IsAlone(*at)) return nullptr;
  Collection& collection = Of(at->collection);
  ClusterState& kept = collection.clusters[id] = MakeCluster(*at);
  collection_of_cluster_[id] = at->collection;
  collection.index.SetAlone(at->slot, false);
  --collection.alone;
  ++listed_members_;
  return &kept;
}

void MemoryState::Fold(ClusterId id) {
  const auto kept = collection_of_cluster_.find(id);
  if (kept == collection_of_cluster_.end()) return;
  Collection& collection = Of(kept->second);
  const auto cluster = collection.clusters.find(id);
  const ClusterRecord& record = cluster->second.record;
  const Members& members = cluster->second.members;
  if (members.size() != 1 || static_cast<ClusterId>(members.front()) != id) return;
  const IndexSlot at = CheckNotNull(numbers_.Find(members.front()));
  const ClusterRecord made = MakeCluster(at).record;
  if (record.canonical != made.canonical || record.pinned != made.pinned ||
      record.reason != made.reason || record.sequence != made.sequence || !record.words.empty()) {
    return;
  }
  collection.clusters.erase(cluster);
  collection_of_cluster_.erase(kept);
  collection.index.SetAlone(at.slot, true);
  ++collection.alone;
  --listed_members_;
}

void MemoryState::Join(const DocumentEntry& entry) {
  Members& members = CheckNotNull(Keep(entry.cluster)).members;
  members.insert(std::lower_bound(members.begin(), members.end(), entry.number), entry.number);
  Resize(Of(entry.collection), entry.cluster, members.size() - 1, members.size());
  ++listed_members_;
  KeepVersionKeys(entry, members);
}

void MemoryState::Leave(const DocumentEntry& entry) {
  ClusterState* const cluster = Keep(entry.cluster);
  if (cluster == nullptr) return;
  Members& members = cluster->members;
  const auto member = std::lower_bound(members.begin(), members.end(), entry.number);
  WONBON_CHECK(member != members.end() && *member == entry.number);
  members.erase(member);
  Resize(Of(entry.collection), entry.cluster, members.size() + 1, members.size());
  --listed_members_;
  if (members.size() < kMinKeyedCluster) DropVersionKeys(entry.cluster);
}

void MemoryState::Add(const DocumentEntry& entry, Slot slot) {
  Collection& collection = Of(entry.collection);
  numbers_.Add(entry.number, {entry.collection, slot});
  Join(entry);
  collection.numbers.insert(entry.number);
  collection.by_age.insert(AgeKey(entry, slot));
}

void MemoryState::Remove(DocumentNumber number) {
  const IndexSlot at = CheckNotNull(numbers_.Find(number));
  const DocumentEntry entry = EntryAt(at);
  Collection& collection = Of(at.collection);
  WONBON_CHECK(withdrawn_.erase(number) == 1);
  Leave(entry);
  collection.index.Free(at.slot);
  collection.numbers.erase(number);
  collection.by_age.erase(AgeKey(entry, at.slot));
  numbers_.Remove(number);
}

void MemoryState::Replace(const DocumentEntry& entry) {
  const IndexSlot at = CheckNotNull(numbers_.Find(entry.number));
  const DocumentEntry before = EntryAt(at);
  if (before.cluster != entry.cluster) {
    Leave(before);
  } else {
    Keep(entry.cluster);  // as it was before the document's sequence changed
  }
  Of(at.collection).index.Replace(at.slot, entry);
  if (before.cluster != entry.cluster) Join(entry);
}

// `entry` is among the members.
void MemoryState::KeepVersionKeys(const DocumentEntry& entry,
                                  const Members& members) {
  if (members.size() < kMinKeyedCluster) return;
  const auto [it, is_new] = version_keys_.try_emplace(entry.cluster);
  VersionKeys& keys = it->second;
  const size_t before = keys.size();
  const auto keep = [this, &keys](const DocumentEntry& member) {
    keys.Keep(member, FindTextKey(member.number).value_or(0));
  };
  if (is_new) {
    for (const DocumentNumber member : members) keep(CheckNotNull(FindEntry(member)));
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
  Keep(record.id);
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
  const size_t size = CheckAt(collection.clusters, id).members.size();
  Resize(collection, id, size, 0);
  listed_members_ -= size;
  collection.clusters.erase(id);
  collection_of_cluster_.erase(found);
  DropVersionKeys(id);
}

}  // namespace wonbon
