#include "core/state/group.h"

#include <algorithm>
#include <utility>

namespace wonbon {

Group::Group(Published* published)
    : published_(published),
      base_(&published->latest()),
      store_(published->latest_moment().store),
      last_sequence_(published->latest_moment().sequence) {}

void Group::FindHits(CollectionNumber collection, const Fingerprint& fingerprint,
                     std::vector<DocumentHit>* hits) const {
  base_->FindAllHits(collection, fingerprint, hits);
  std::erase_if(*hits, [this](const DocumentHit& hit) { return FindEntry(hit.number) == nullptr; });
}

const DocumentEntry* Group::FindEntry(DocumentNumber number) const {
  if (removed_.contains(number)) return nullptr;
  const auto found = entries_.find(number);
  return found != entries_.end() ? &found->second : base_->FindEntry(number);
}

const Sketch* Group::FindSketch(DocumentNumber number) const {
  const auto found = staged_.find(number);
  if (found == staged_.end()) return base_->FindSketch(number);
  return &base_->SketchAt(found->second.collection, found->second.slot);
}

const ClusterState* Group::FindCluster(ClusterId id) const {
  if (dropped_clusters_.contains(id)) return nullptr;
  const auto found = clusters_.find(id);
  return found != clusters_.end() ? &found->second : base_->FindCluster(id);
}

const CollectionRecord* Group::FindCollection(CollectionNumber number) const {
  const auto found = collections_.find(number);
  return found != collections_.end() ? &found->second : base_->FindCollection(number);
}

std::shared_ptr<const Article> Group::PendingArticle(DocumentNumber number) const {
  const auto found = articles_.find(number);
  return found == articles_.end() ? nullptr : found->second;
}

absl::StatusOr<StoreSnapshot::IdState> Group::FindId(CollectionNumber collection,
                                                     std::string_view id) const {
  if (!ids_.empty()) {
    const auto found = ids_.find(std::pair(collection, std::string(id)));
    if (found != ids_.end()) return found->second;
  }
  return store_->FindId(collection, id);
}

absl::StatusOr<DocumentContent> Group::ReadHead(DocumentNumber number) const {
  if (const auto article = PendingArticle(number)) return article->content;
  return store_->ReadContent(number, /*with_body=*/false);
}

BodyPlace Group::BodyPlaceOf(DocumentNumber number) const {
  if (articles_.contains(number)) {
    for (const Change& change : changes_) {
      for (const NewDocument& added : change.added) {
        if (added.entry.number == number) return {.store = nullptr, .packed = added.packed_body};
      }
    }
  }
  return {.store = store_, .packed = ""};
}

absl::Status Group::Apply(Change change, std::shared_ptr<const Article> article) {
  std::vector<Sample> removed;
  std::vector<std::pair<DocumentNumber, std::vector<uint32_t>>> added;
  if (absl::Status status = PlanSamples(change, &removed, &added); !status.ok()) return status;

  std::vector<Slot> slots;
  published_->Update([&](MemoryState& state) {
    for (const NewDocument& document : change.added) {
      const Slot slot = state.Stage(document.entry, document.fingerprint);
      slots.push_back(slot);
      staged_[document.entry.number] = {document.entry.collection, slot};
      staged_samples_[document.entry.number] = document.fingerprint.sample;
    }
    for (Sample& sample : removed) {
      state.RemoveSample(sample.place.collection, sample.place.slot, sample.sample);
      sample_edits_.push_back({.sample = std::move(sample), .added = false});
    }
    for (auto& [number, sample] : added) {
      const Staged place = PlaceOf(number);
      state.AddSample(place.collection, place.slot, sample);
      sample_edits_.push_back({.sample = {place, std::move(sample)}, .added = true});
    }
  });
  if (article != nullptr) articles_[article->number] = std::move(article);
  Overlay(change);
  changes_.push_back(std::move(change));
  slots_.push_back(std::move(slots));
  return absl::OkStatus();
}

absl::Status Group::PlanSamples(
    const Change& change, std::vector<Sample>* removed,
    std::vector<std::pair<DocumentNumber, std::vector<uint32_t>>>* added) {
  const auto remove_of = [&](const ClusterState* cluster) {
    absl::StatusOr<std::vector<uint32_t>> sample = SampleOf(change, cluster->record.canonical);
    if (!sample.ok()) return sample.status();
    removed->push_back({PlaceOf(cluster->record.canonical), *std::move(sample)});
    return absl::OkStatus();
  };
  for (const ClusterRecord& record : change.clusters) {
    const ClusterState* before = FindCluster(record.id);
    if (before != nullptr && before->record.canonical == record.canonical) continue;
    absl::StatusOr<std::vector<uint32_t>> sample = SampleOf(change, record.canonical);
    if (!sample.ok()) return sample.status();
    added->emplace_back(record.canonical, *std::move(sample));
    if (before == nullptr) continue;
    if (absl::Status status = remove_of(before); !status.ok()) return status;
  }
  const auto remove_gone = [&](ClusterId id) {
    const ClusterState* before = FindCluster(id);
    return before == nullptr ? absl::OkStatus() : remove_of(before);
  };
  for (const Redirect& redirect : change.redirects) {
    if (absl::Status status = remove_gone(redirect.from); !status.ok()) return status;
  }
  for (const ClusterId id : change.dropped) {
    if (absl::Status status = remove_gone(id); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint32_t>> Group::SampleOf(const Change& change,
                                                      DocumentNumber number) const {
  for (const NewDocument& document : change.added) {
    if (document.entry.number == number) return document.fingerprint.sample;
  }
  const auto found = staged_samples_.find(number);
  if (found != staged_samples_.end()) return found->second;
  absl::StatusOr<Fingerprint> fingerprint = store_->ReadFingerprint(number);
  if (!fingerprint.ok()) return fingerprint.status();
  return std::move(fingerprint->sample);
}

Group::Staged Group::PlaceOf(DocumentNumber number) const {
  const auto found = staged_.find(number);
  if (found != staged_.end()) return found->second;
  return {base_->FindEntry(number)->collection, base_->SlotOf(number)};
}

void Group::Overlay(const Change& change) {
  for (const CollectionRecord& record : change.collections) collections_[record.number] = record;
  for (const ClusterRecord& record : change.clusters) {
    dropped_clusters_.erase(record.id);
    Edit(record.id).record = record;
  }
  const auto leave = [this](const DocumentEntry& entry) {
    if (FindCluster(entry.cluster) == nullptr) return;
    auto& members = Edit(entry.cluster).members;
    members.erase(std::remove(members.begin(), members.end(), entry.number), members.end());
  };
  const auto join = [this](const DocumentEntry& entry) {
    auto& members = Edit(entry.cluster).members;
    members.insert(std::lower_bound(members.begin(), members.end(), entry.number), entry.number);
  };
  for (const RemovedDocument& gone : change.removed) {
    leave(*FindEntry(gone.number));
    removed_.insert(gone.number);
    std::pair key(gone.collection, gone.id);
    if (gone.tombstone.has_value()) {
      ids_[std::move(key)] = *gone.tombstone;
    } else {
      ids_[std::move(key)] = std::monostate();
    }
  }
  for (const NewDocument& document : change.added) {
    entries_[document.entry.number] = document.entry;
    join(document.entry);
    ids_[std::pair(document.entry.collection, document.content.document.id)] =
        document.entry.number;
  }
  for (const DocumentEntry& entry : change.changed) {
    const DocumentEntry before = *FindEntry(entry.number);
    entries_[entry.number] = entry;
    if (before.cluster == entry.cluster) continue;
    leave(before);
    join(entry);
  }
  for (const Redirect& redirect : change.redirects) dropped_clusters_.insert(redirect.from);
  for (const ClusterId id : change.dropped) dropped_clusters_.insert(id);
}

ClusterState& Group::Edit(ClusterId id) {
  const auto found = clusters_.find(id);
  if (found != clusters_.end()) return found->second;
  const ClusterState* published = base_->FindCluster(id);
  return clusters_[id] = published == nullptr ? ClusterState{} : *published;
}

void Group::Publish(Moment next) {
  const auto apply = [&](MemoryState& state) {
    for (size_t i = 0; i < changes_.size(); ++i) state.Apply(changes_[i], slots_[i]);
  };
  published_->Publish(apply, std::move(next));
}

void Group::Abandon() {
  published_->Update([&](MemoryState& state) {
    for (auto edit = sample_edits_.rbegin(); edit != sample_edits_.rend(); ++edit) {
      const auto& [place, sample] = edit->sample;
      if (edit->added) {
        state.RemoveSample(place.collection, place.slot, sample);
      } else {
        state.AddSample(place.collection, place.slot, sample);
      }
    }
    for (const auto& [number, place] : staged_) state.Unstage(place.collection, place.slot);
  });
}

std::vector<std::shared_ptr<const Article>> Group::articles() const {
  std::vector<std::shared_ptr<const Article>> articles;
  for (const auto& [number, article] : articles_) {
    if (!removed_.contains(number)) articles.push_back(article);
  }
  return articles;
}

}  // namespace wonbon
