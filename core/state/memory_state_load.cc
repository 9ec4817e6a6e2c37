// MemoryState: filled from the store, and what it weighs.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/state/memory_state.h"

namespace wonbon {

void MemoryState::LoadCollection(CollectionRecord record) {
  const CollectionNumber number = record.number;
  Collection& collection = collections_[number];
  collection_names_.erase(collection.record.name);
  collection_names_[record.name] = number;
  collection.record = std::move(record);
}

absl::Status MemoryState::LoadCluster(const ClusterRecord& record) {
  // Of an image: nothing else is to be told of it.
  const std::optional<IndexSlot> at = numbers_.Find(static_cast<DocumentNumber>(record.id));
  if (at.has_value() && IsAlone(*at)) {
    ++alone_loaded_;
    return absl::OkStatus();
  }
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
  const FoundCluster cluster = FindCluster(entry.cluster);
  if (!cluster || cluster->record.collection != entry.collection) {
    return absl::DataLossError(absl::StrCat("document ", static_cast<uint64_t>(entry.number),
                                            " names a cluster that is not in the store"));
  }
  const bool is_canonical = cluster->record.canonical == entry.number;
  const IndexSlot at = Insert(entry, fingerprint);
  Add(entry, at.slot);
  Fold(entry.cluster);
  if (is_canonical) IndexOf(at).AddSample(at.slot, fingerprint.sample);
  return absl::OkStatus();
}

absl::Status MemoryState::LoadFamily(FamilyRecord family) {
  for (const FamilyText& text : family.texts) {
    const std::optional<DocumentEntry> entry = FindEntry(text.number);
    if (!entry.has_value() || entry->cluster != text.cluster) {
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
    // Those that are not kept are their canonical copies.
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

void MemoryState::WriteIndexes(ImageWriter& image) const {
  image.Value(uint64_t{collection_names_.size()});
  for (const auto& [name, number] : collection_names_) {
    image.Value(number);
    Of(number).index.Write(image);
  }
}

absl::Status MemoryState::ReadIndexes(ImageReader& image) {
  const absl::Status other = absl::DataLossError("the image of the index is one of another store");
  if (image.Value<uint64_t>() != collections_.size()) return other;
  for (size_t i = 0; i < collections_.size(); ++i) {
    const auto number = image.Value<CollectionNumber>();
    const auto found = collections_.find(number);
    if (found == collections_.end()) return other;
    Collection& collection = found->second;
    collection.index.Read(image);
    if (!image.ok()) return other;
    std::vector<uint64_t> ages;
    for (const Slot slot : collection.index.slots()) {
      const DocumentEntry entry = EntryAt({number, slot});
      if (numbers_.contains(entry.number)) return other;
      numbers_.Add(entry.number, {number, slot});
      collection.numbers.insert(collection.numbers.end(), entry.number);
      ages.push_back(AgeKey(entry, slot));
      if (collection.index.is_alone(slot)) ++collection.alone;
    }
    std::sort(ages.begin(), ages.end());
    for (const uint64_t age : ages) collection.by_age.insert(collection.by_age.end(), age);
  }
  return absl::OkStatus();
}

absl::Status MemoryState::JoinClusters() {
  uint64_t alone = 0;
  for (const auto& [name, number] : collection_names_) {
    alone += Of(number).alone;
    for (const Slot slot : Of(number).index.slots()) {
      if (Of(number).index.is_alone(slot)) continue;
      const DocumentEntry entry = EntryAt({number, slot});
      const auto kept = collection_of_cluster_.find(entry.cluster);
      if (kept == collection_of_cluster_.end() || kept->second != number) {
        return absl::DataLossError("the image of the index has documents of other clusters");
      }
      Join(entry);
    }
  }
  if (alone != alone_loaded_) {
    return absl::DataLossError("the image of the index has clusters that are not in the store");
  }
  return absl::OkStatus();
}

MemoryState::Memory MemoryState::memory() const {
  Memory memory{.entries = numbers_.MemoryBytes(),
                .clusters = (collection_of_cluster_.capacity() + redirects_.capacity()) *
                            (sizeof(std::pair<ClusterId, ClusterId>) + 1),
                .families = family_bytes_ + family_of_cluster_.capacity() *
                                                (sizeof(std::pair<ClusterId, DocumentNumber>) + 1),
                .versions = version_keys_kept_ * sizeof(uint64_t) * 2};
  for (const auto& [number, collection] : collections_) {
    const MemoryIndex::Memory index = collection.index.memory();
    // B-trees' leaves are nearly full where numbers ascend, and two thirds or more elsewhere.
    memory.entries += index.documents + collection.numbers.size() * sizeof(DocumentNumber) * 9 / 8 +
                      collection.by_age.size() * sizeof(uint64_t) * 3 / 2;
    memory.keys += index.keys;
    memory.samples += index.samples;
    memory.clusters +=
        (collection.clusters.size() * sizeof(std::pair<ClusterId, ClusterState>) +
         collection.by_size.size() * sizeof(SizedCluster)) * 3 / 2;
  }
  memory.clusters += listed_members_ * sizeof(DocumentNumber);
  return memory;
}

}  // namespace wonbon
