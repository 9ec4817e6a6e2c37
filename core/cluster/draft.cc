#include "core/cluster/draft.h"

#include <algorithm>
#include <utility>

#include "core/cluster/election.h"
#include "core/cluster/placement.h"
#include "core/index/memory_index.h"

namespace wonbon {
Draft::Draft(Group* group, const ArticleSource* source, const Rarity* rarity, int64_t now_us)
    : group_(group),
      source_(source),
      rarity_(rarity),
      now_us_(now_us),
      number_(group->Draw()) {}

Draft::Cluster& Draft::Touch(ClusterId id, CollectionNumber collection) {
  const auto [place, is_new] = clusters_.try_emplace(id);
  Cluster& cluster = place->second;
  if (!is_new) return cluster;
  const ClusterState* state = group_->FindCluster(id);
  if (state == nullptr) {
    cluster.record = {.id = id, .collection = collection};
    cluster.is_new = true;
    return cluster;
  }
  cluster.record = state->record;
  for (const DocumentNumber number : state->members) {
    cluster.members.push_back(*group_->FindEntry(number));
  }
  return cluster;
}

void Draft::Remove(const DocumentEntry& entry, std::string id, Removal why,
                   std::optional<Tombstone> tombstone) {
  Cluster& cluster = Touch(entry.cluster, entry.collection);
  std::erase_if(cluster.members,
                [&](const DocumentEntry& member) { return member.number == entry.number; });
  cluster.shaken |= cluster.record.canonical == entry.number ||
                    std::any_of(cluster.members.begin(), cluster.members.end(),
                                [&](const DocumentEntry& member) {
                                  return member.joined_to == entry.number;
                                });
  cluster.lost.push_back(entry);
  if (why == Removal::kDeleted) Note(EventType::kDeleted, cluster.record, id);
  if (why == Removal::kExpired) Note(EventType::kExpired, cluster.record, id);
  if (why == Removal::kReplaced) replaced_in_ = entry.cluster;
  change_.removed.push_back({.number = entry.number,
                             .collection = entry.collection,
                             .id = std::move(id),
                             .tombstone = std::move(tombstone)});
}

void Draft::Add(NewDocument document) {
  DocumentEntry& entry = document.entry;
  Cluster& cluster = Touch(entry.cluster, entry.collection);
  const std::string& id = document.content.document.id;
  if (replaced_in_ != ClusterId::kNone && replaced_in_ != entry.cluster) {
    Note(EventType::kLeft, clusters_.at(replaced_in_).record, id);
  }
  Note(cluster.is_new ? EventType::kCreated : EventType::kJoined, cluster.record, id);
  // A key that the cluster holds already is not posted again: it would find the same cluster.
  entry.bands = document.fingerprint.is_short() ? 0 : kAllBands;
  size_t scanned = 0;
  for (auto member = cluster.members.rbegin();
       member != cluster.members.rend() && entry.bands != 0 && scanned < kMaxScannedMembers;
       ++member, ++scanned) {
    if (member->bands == 0) continue;
    entry.bands &= ~(member->bands & SharedBands(document.fingerprint.sketch,
                                                 *group_->FindSketch(member->number)));
  }
  added_entry_ = entry;
  cluster.members.push_back(entry);
  change_.added.push_back(std::move(document));
}

void Draft::Merge(ClusterId from, ClusterId to) {
  Cluster& source = Touch(from, {});
  Cluster& target = Touch(to, source.record.collection);
  for (DocumentEntry& member : source.members) {
    member.cluster = to;
    SetChanged(member);
    target.members.push_back(member);
  }
  std::sort(
      target.members.begin(), target.members.end(),
      [](const DocumentEntry& a, const DocumentEntry& b) { return a.number < b.number; });
  // What the source lost is the target's to make good.
  target.shaken |= source.shaken;
  target.lost.insert(target.lost.end(), source.lost.begin(), source.lost.end());
  if (replaced_in_ == from) replaced_in_ = to;
  Note(EventType::kMerged, target.record, "", from);
  change_.redirects.push_back({.from = from, .to = to});
  clusters_.erase(from);
}

absl::Status Draft::Settle() {
  std::vector<ClusterId> touched;
  for (const auto& [id, cluster] : clusters_) touched.push_back(id);
  for (const ClusterId id : touched) {
    Cluster& cluster = clusters_.at(id);
    if (cluster.members.empty()) {
      change_.dropped.push_back(id);
      continue;
    }
    PostKeysOfLost(cluster);
    if (!cluster.shaken) {
      ElectCanonical(cluster);
    } else if (absl::Status status = Repair(id); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

// Keeps the members that agree with the newly elected canonical copy; the others form a cluster of
// their own, which is repaired in turn.
absl::Status Draft::Repair(ClusterId id) {
  for (ClusterId next = id; next != ClusterId::kNone;) {
    Cluster& cluster = clusters_.at(next);
    const Election election =
        Elect(cluster.members, cluster.record.pinned,
              group_->FindCollection(cluster.record.collection)->settings,
              [this](DocumentNumber number) { return IdOf(number); });
    std::vector<DocumentEntry> staying;
    std::vector<DocumentEntry> leaving;
    for (size_t i = 0; i < cluster.members.size(); ++i) {
      DocumentEntry& member = cluster.members[i];
      if (i < kMaxRepairMembers && member.number != election.canonical) {
        const absl::StatusOr<Judgement> judgement =
            JudgeStored(member.number, election.canonical, *rarity_, *source_);
        if (!judgement.ok()) return judgement.status();
        if (!Agrees(*judgement)) {
          leaving.push_back(member);
          continue;
        }
        // What a gone document held together is held by the canonical copy from now on.
        const bool orphan = std::none_of(
            cluster.members.begin(), cluster.members.end(),
            [&](const DocumentEntry& other) { return other.number == member.joined_to; });
        if (orphan) {
          member.joined_to = election.canonical;
          SetChanged(member);
        }
      }
      staying.push_back(member);
    }
    cluster.members = std::move(staying);
    ElectCanonical(cluster);
    if (leaving.empty()) break;
    const auto split_id = static_cast<ClusterId>(group_->Draw());
    Note(EventType::kSplit, cluster.record, "", split_id);
    Cluster& split = Touch(split_id, cluster.record.collection);
    for (DocumentEntry& member : leaving) {
      member.cluster = split_id;
      if (member.shingles >= kMinShingles) member.bands = kAllBands;
      SetChanged(member);
      Note(EventType::kLeft, cluster.record, IdOf(member.number));
      Note(EventType::kJoined, split.record, IdOf(member.number));
      if (member.number == added_entry_.number) added_entry_ = member;
      split.members.push_back(member);
    }
    next = split_id;
  }
  return absl::OkStatus();
}

// A band key that only a lost document had posted is posted by the first member that shares it.
void Draft::PostKeysOfLost(Cluster& cluster) {
  for (const DocumentEntry& lost : cluster.lost) {
    const Sketch* sketch = group_->FindSketch(lost.number);
    if (sketch == nullptr) continue;
    BandMask open = lost.bands;
    for (DocumentEntry& member : cluster.members) {
      if (open == 0) break;
      if (member.shingles < kMinShingles || member.number == added_entry_.number) continue;
      const BandMask shared = open & SharedBands(*sketch, *group_->FindSketch(member.number));
      if ((shared & ~member.bands) != 0) {
        member.bands |= shared;
        SetChanged(member);
      }
      open &= ~shared;
    }
  }
}

void Draft::ElectCanonical(Cluster& cluster) {
  const Election election = Elect(cluster.members, cluster.record.pinned,
                                  group_->FindCollection(cluster.record.collection)->settings,
                                  [this](DocumentNumber number) { return IdOf(number); });
  if (cluster.record.canonical != election.canonical && !cluster.is_new) {
    Note(EventType::kCanonicalChanged, cluster.record, IdOf(election.canonical));
  }
  cluster.record.canonical = election.canonical;
  cluster.record.reason = static_cast<uint8_t>(election.reason);
}

std::string Draft::IdOf(DocumentNumber number) const {
  for (const NewDocument& document : change_.added) {
    if (document.entry.number == number) return document.content.document.id;
  }
  const absl::StatusOr<DocumentContent> head = group_->ReadHead(number);
  return head.ok() ? head->document.id : "";
}

void Draft::Note(EventType type, const ClusterRecord& cluster, std::string document_id,
                 ClusterId other) {
  change_.events.push_back({.type = type,
                            .collection = cluster.collection,
                            .cluster = cluster.id,
                            .document_id = std::move(document_id),
                            .other_cluster = other,
                            .committed_us = now_us_});
}

Change Draft::Take() {
  const Sequence sequence = group_->last_sequence();
  change_.sequence = sequence;
  for (ClusterEvent& event : change_.events) event.sequence = sequence;
  for (auto& [id, cluster] : clusters_) {
    if (cluster.members.empty()) continue;
    cluster.record.sequence = sequence;
    change_.clusters.push_back(cluster.record);
    for (DocumentEntry& member : cluster.members) {
      if (member.number == added_entry_.number) {
        member.sequence = sequence;
        change_.added.front().entry = member;
        added_entry_ = member;
      } else if (changed_.contains(member.number)) {
        member.sequence = sequence;
        change_.changed.push_back(member);
      }
    }
  }
  return std::move(change_);
}

}  // namespace wonbon
