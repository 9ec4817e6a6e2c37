#include "core/state/commit_group.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace wonbon {

CommitGroup::CommitGroup(Published* published)
    : published_(published),
      base_(&published->latest()),
      store_(published->latest_moment().store),
      last_sequence_(published->latest_moment().sequence),
      last_time_us_(published->latest_moment().time_us) {}

void CommitGroup::FindHits(CollectionNumber collection, const Fingerprint& fingerprint,
                           std::vector<DocumentHit>* hits) const {
  base_->FindAllHits(collection, fingerprint, hits);
  std::erase_if(*hits, [this](const DocumentHit& hit) {
    return removed_.contains(hit.number) ||
           !(entries_.contains(hit.number) || base_->HasDocument(hit.number));
  });
}

std::optional<DocumentEntry> CommitGroup::FindEntry(DocumentNumber number) const {
  if (removed_.contains(number)) return std::nullopt;
  const auto found = entries_.find(number);
  return found != entries_.end() ? found->second : base_->FindEntry(number);
}

const ShortSketch* CommitGroup::FindSketch(DocumentNumber number) const {
  return base_->FindSketch(number);
}

std::optional<absl::uint128> CommitGroup::FindTextKey(DocumentNumber number) const {
  return base_->FindTextKey(number);
}

FoundCluster CommitGroup::FindCluster(ClusterId id) const {
  if (dropped_clusters_.contains(id)) return FoundCluster();
  const auto found = clusters_.find(id);
  return found != clusters_.end() ? FoundCluster(&found->second) : base_->FindCluster(id);
}

const FamilyRecord* CommitGroup::FindFamily(ClusterId cluster) const {
  const auto found = families_.find(cluster);
  return found != families_.end() ? found->second.get() : base_->FindFamily(cluster);
}

const CollectionRecord* CommitGroup::FindCollection(CollectionNumber number) const {
  const auto found = collections_.find(number);
  return found != collections_.end() ? &found->second : base_->FindCollection(number);
}

VersionAnswer CommitGroup::AskVersions(ClusterId cluster, const DocumentEntry& document,
                                       absl::uint128 text) const {
  VersionAnswer answer = base_->AskVersions(cluster, document, text);
  if (const auto found = version_keys_.find(cluster); found != version_keys_.end()) {
    answer.Add(found->second.Ask(document, text));
  }
  return answer;
}

std::shared_ptr<const PreparedDocument> CommitGroup::PendingDocument(DocumentNumber number) const {
  const auto found = prepared_.find(number);
  return found == prepared_.end() ? nullptr : found->second;
}

absl::StatusOr<StoreSnapshot::IdState> CommitGroup::FindId(CollectionNumber collection,
                                                           std::string_view id) const {
  if (!ids_.empty()) {
    const auto found = ids_.find(std::pair(collection, std::string(id)));
    if (found != ids_.end()) return found->second;
  }
  return store_->FindId(collection, id);
}

absl::StatusOr<DocumentContent> CommitGroup::ReadHead(DocumentNumber number) const {
  if (const auto prepared = PendingDocument(number)) return prepared->content;
  return store_->ReadContent(number, /*with_body=*/false);
}

ClusterId CommitGroup::Resolve(ClusterId id) const {
  const ClusterId before = base_->Resolve(id);
  if (before != ClusterId::kNone) id = before;
  for (const Change& change : changes_) {
    for (const Redirect& redirect : change.redirects) {
      if (redirect.from == id) id = redirect.to;
    }
  }
  return FindCluster(id) ? id : ClusterId::kNone;
}

BodyLocation CommitGroup::LocateBody(DocumentNumber number) const {
  if (prepared_.contains(number)) {
    for (const Change& change : changes_) {
      for (const NewDocument& added : change.added) {
        if (added.entry.number == number) return {.store = nullptr, .packed = added.packed_body};
      }
    }
  }
  return {.store = store_, .packed = ""};
}

absl::StatusOr<std::vector<uint32_t>> CommitGroup::ReadSample(DocumentNumber number) const {
  const auto found = samples_.find(number);
  if (found != samples_.end()) return found->second;
  absl::StatusOr<Fingerprint> fingerprint = store_->ReadFingerprint(number);
  if (!fingerprint.ok()) return fingerprint.status();
  return std::move(fingerprint->sample);
}

void CommitGroup::Apply(Change change, std::shared_ptr<const PreparedDocument> prepared) {
  WONBON_CHECK(change.previous == last_sequence_ && change.sequence > last_sequence_);
  WONBON_CHECK(change.time_us >= last_time_us_);
  for (const NewDocument& document : change.added) {
    samples_[document.entry.number] = document.fingerprint.sample;
  }
  if (prepared != nullptr) prepared_[prepared->number] = std::move(prepared);
  OverlayFamilies(change);
  Overlay(change);
  last_sequence_ = change.sequence;
  last_time_us_ = change.time_us;
  published_->Update([&change](MemoryState& state) { state.Stage(change); });
  changes_.push_back(std::move(change));
}

void CommitGroup::Overlay(const Change& change) {
  for (const CollectionRecord& record : change.collections) collections_[record.number] = record;
  for (const ClusterRecord& record : change.clusters) {
    dropped_clusters_.erase(record.id);
    Edit(record.id).record = record;
  }
  const auto leave = [this](const DocumentEntry& entry) {
    if (!FindCluster(entry.cluster)) return;
    auto& members = Edit(entry.cluster).members;
    members.erase(std::remove(members.begin(), members.end(), entry.number), members.end());
  };
  const auto join = [this](const DocumentEntry& entry, absl::uint128 text) {
    auto& members = Edit(entry.cluster).members;
    members.insert(std::lower_bound(members.begin(), members.end(), entry.number), entry.number);
    version_keys_[entry.cluster].Keep(entry, text);
  };
  for (const RemovedDocument& gone : change.removed) {
    leave(CheckNotNull(FindEntry(gone.number)));
    removed_.insert(gone.number);
    std::pair key(gone.collection, gone.id);
    if (gone.tombstone.has_value()) {
      ids_[std::move(key)] = *gone.tombstone;
    } else {
      ids_[std::move(key)] = std::monostate();
    }
  }
  for (const Tombstone& tombstone : change.tombstones) {
    ids_[std::pair(tombstone.collection, tombstone.id)] = tombstone;
  }
  for (const NewDocument& document : change.added) {
    entries_[document.entry.number] = document.entry;
    join(document.entry, document.fingerprint.exact_key);
    ids_[std::pair(document.entry.collection, document.content.document.id)] =
        document.entry.number;
  }
  for (const DocumentEntry& entry : change.changed) {
    const DocumentEntry before = CheckNotNull(FindEntry(entry.number));
    entries_[entry.number] = entry;
    if (before.cluster == entry.cluster) continue;
    leave(before);
    join(entry, FindTextKey(entry.number).value_or(0));
  }
  for (const Redirect& redirect : change.redirects) dropped_clusters_.insert(redirect.from);
  for (const ClusterId id : change.dropped) dropped_clusters_.insert(id);
}

void CommitGroup::OverlayFamilies(const Change& change) {
  const auto forget = [this](DocumentNumber number) {
    const std::optional<DocumentEntry> oldest = FindEntry(number);
    const FamilyRecord* family = oldest.has_value() ? FindFamily(oldest->cluster) : nullptr;
    if (family == nullptr || family->number() != number) return;
    const std::vector<FamilyText> texts = family->texts;
    for (const FamilyText& text : texts) families_[text.cluster] = nullptr;
  };
  for (const DocumentNumber number : change.dropped_families) forget(number);
  for (const FamilyRecord& family : change.families) forget(family.number());
  for (const FamilyRecord& family : change.families) {
    const auto shared = std::make_shared<const FamilyRecord>(family);
    for (const FamilyText& text : family.texts) families_[text.cluster] = shared;
  }
}

ClusterState& CommitGroup::Edit(ClusterId id) {
  const auto found = clusters_.find(id);
  if (found != clusters_.end()) return found->second;
  const FoundCluster published = base_->FindCluster(id);
  return clusters_[id] = published ? *published : ClusterState{};
}

void CommitGroup::Publish(Moment next) {
  published_->Publish(
      [this](MemoryState& state) {
        for (const Change& change : changes_) state.Publish(change);
      },
      std::move(next));
}

void CommitGroup::Abandon() {
  published_->Update([this](MemoryState& state) {
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
      state.Unstage(*change);
    }
  });
}

std::vector<std::shared_ptr<const PreparedDocument>> CommitGroup::prepared() const {
  std::vector<std::shared_ptr<const PreparedDocument>> standing;
  for (const auto& [number, prepared] : prepared_) {
    if (!removed_.contains(number)) standing.push_back(prepared);
  }
  return standing;
}

}  // namespace wonbon
