#include "core/cluster/draft.h"

#include <algorithm>
#include <utility>

#include "core/index/memory_index.h"
#include "core/limits.h"

namespace wonbon {

Draft::Draft(const View* view, const DocumentFetcher* fetch, std::shared_ptr<const Rarity> rarity,
             int64_t now_us, RepairJudgements* repairs)
    : view_(view),
      fetch_(fetch),
      repairs_(repairs != nullptr ? repairs : &own_repairs_),
      now_us_(now_us),
      last_drawn_(view->last_sequence()),
      number_(Draw()) {
  repairs_->UseRarity(std::move(rarity));
  change_.previous = view->last_sequence();
  change_.time_us = now_us;
}

Draft::Cluster& Draft::Touch(ClusterId id, CollectionNumber collection) {
  const auto [it, is_new] = clusters_.try_emplace(id);
  Cluster& cluster = it->second;
  if (!is_new) return cluster;
  const ClusterState* state = view_->FindCluster(id);
  if (state == nullptr) {
    cluster.record = {.id = id, .collection = collection};
    cluster.is_new = true;
    return cluster;
  }
  cluster.record = state->record;
  for (const DocumentNumber number : state->members) {
    cluster.members.push_back(CheckNotNull(view_->FindEntry(number)));
  }
  return cluster;
}

void Draft::Remove(const DocumentEntry& entry, Removal why, RemovedDocument removed) {
  Cluster& cluster = Touch(entry.cluster, entry.collection);
  std::erase_if(cluster.members,
                [&](const DocumentEntry& member) { return member.number == entry.number; });
  cluster.shaken |= cluster.record.canonical == entry.number ||
                    std::any_of(cluster.members.begin(), cluster.members.end(),
                                [&](const DocumentEntry& member) {
                                  return member.joined_to == entry.number;
                                });
  cluster.lost.push_back(entry);
  if (why == Removal::kDeleted) Note(EventType::kDeleted, cluster.record, removed.id);
  if (why == Removal::kExpired) Note(EventType::kExpired, cluster.record, removed.id);
  if (why == Removal::kReplaced) replaced_in_ = entry.cluster;
  change_.removed.push_back(std::move(removed));
}

void Draft::Add(NewDocument document) {
  DocumentEntry& entry = document.entry;
  Cluster& cluster = Touch(entry.cluster, entry.collection);
  const std::string& id = document.content.document.id;
  if (replaced_in_ != ClusterId::kNone && replaced_in_ != entry.cluster) {
    Note(EventType::kLeft, CheckAt(clusters_, replaced_in_).record, id);
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
                                                 CheckNotNull(view_->FindSketch(member->number))));
  }
  added_entry_ = entry;
  cluster.members.push_back(entry);
  change_.added.push_back(std::move(document));
}

void Draft::Merge(ClusterId from, ClusterId to) {
  Cluster& merged = Touch(from, {});
  Cluster& surviving = Touch(to, merged.record.collection);
  for (DocumentEntry& member : merged.members) {
    member.cluster = to;
    SetChanged(member);
    surviving.members.push_back(member);
  }
  std::sort(surviving.members.begin(), surviving.members.end(),
            [](const DocumentEntry& a, const DocumentEntry& b) { return a.number < b.number; });
  // What the merged cluster lost is the surviving one's to make good.
  surviving.shaken |= merged.shaken;
  surviving.lost.insert(surviving.lost.end(), merged.lost.begin(), merged.lost.end());
  if (replaced_in_ == from) replaced_in_ = to;
  Note(EventType::kMerged, surviving.record, "", from);
  change_.redirects.push_back({.from = from, .to = to});
  clusters_.erase(from);
}

absl::Status Draft::Settle() {
  std::vector<ClusterId> touched;
  for (const auto& [id, cluster] : clusters_) touched.push_back(id);
  for (const ClusterId id : touched) {
    Cluster& cluster = CheckAt(clusters_, id);
    if (cluster.members.empty()) {
      change_.dropped.push_back(id);
      continue;
    }
    PostKeysOfLost(cluster);
    absl::Status status = cluster.shaken ? Repair(id) : ElectCanonical(cluster);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Keeps the members that agree with the newly elected canonical copy; the others form a cluster of
// their own, which is repaired in turn.
absl::Status Draft::Repair(ClusterId id) {
  for (;;) {
    Cluster& cluster = CheckAt(clusters_, id);
    const absl::StatusOr<Election> election = ElectFrom(cluster);
    if (!election.ok()) return election.status();
    const absl::StatusOr<std::vector<bool>> agrees = WhoAgrees(cluster, election->canonical);
    if (!agrees.ok()) return agrees.status();
    std::vector<DocumentEntry> staying;
    std::vector<DocumentEntry> leaving;
    for (size_t i = 0; i < cluster.members.size(); ++i) {
      DocumentEntry& member = cluster.members[i];
      if (!(*agrees)[i]) {
        leaving.push_back(member);
        continue;
      }
      // What a gone document held together is held by the canonical copy from now on.
      if (i < kMaxRepairMembers && member.number != election->canonical &&
          !IsMember(cluster, member.joined_to)) {
        member.joined_to = election->canonical;
        SetChanged(member);
      }
      staying.push_back(member);
    }
    cluster.members = std::move(staying);
    if (leaving.empty()) return SetCanonical(cluster, *election);
    if (absl::Status status = ElectCanonical(cluster); !status.ok()) return status;
    const auto split_id = static_cast<ClusterId>(Draw());
    absl::Status status = Split(id, std::move(leaving), split_id);
    if (!status.ok()) return status;
    id = split_id;
  }
}

bool Draft::IsMember(const Cluster& cluster, DocumentNumber number) {
  const auto it = std::lower_bound(
      cluster.members.begin(), cluster.members.end(), number,
      [](const DocumentEntry& member, DocumentNumber n) { return member.number < n; });
  return it != cluster.members.end() && it->number == number;
}

// Copies of one text agree without being judged: of a thousand reprints nobody has to read one.
absl::StatusOr<std::vector<bool>> Draft::WhoAgrees(const Cluster& cluster,
                                                   DocumentNumber canonical) const {
  const std::optional<absl::uint128> text = TextKeyOf(canonical);
  RepairJudgements::Member elected;
  std::vector<RepairJudgements::Member> asked;
  for (size_t i = 0; i < cluster.members.size(); ++i) {
    const DocumentEntry& member = cluster.members[i];
    if (member.number == canonical) {
      elected = {.number = canonical, .shingles = member.shingles};
    } else if (i < kMaxRepairMembers &&
               !(text.has_value() && TextKeyOf(member.number) == text)) {
      asked.push_back({.number = member.number, .shingles = member.shingles});
    }
  }
  if (absl::Status status = repairs_->Know(asked, elected, *fetch_); !status.ok()) return status;
  std::vector<bool> agrees(cluster.members.size(), true);
  auto next = asked.begin();
  for (size_t i = 0; i < cluster.members.size() && next != asked.end(); ++i) {
    if (cluster.members[i].number != next->number) continue;
    agrees[i] = repairs_->Agrees(next->number, canonical);
    ++next;
  }
  return agrees;
}

std::optional<absl::uint128> Draft::TextKeyOf(DocumentNumber number) const {
  if (number == added_entry_.number) return change_.added.front().fingerprint.exact_key;
  return view_->FindTextKey(number);
}

absl::Status Draft::Split(ClusterId from, std::vector<DocumentEntry> leaving, ClusterId split_id) {
  const ClusterRecord record = CheckAt(clusters_, from).record;
  Note(EventType::kSplit, record, "", split_id);
  Cluster& split = Touch(split_id, record.collection);
  for (DocumentEntry& member : leaving) {
    member.cluster = split_id;
    if (!IsShortText(member.shingles)) member.bands = kAllBands;
    SetChanged(member);
    const absl::StatusOr<std::string> document_id = IdOf(member.number);
    if (!document_id.ok()) return document_id.status();
    Note(EventType::kLeft, record, *document_id);
    Note(EventType::kJoined, split.record, *document_id);
    if (member.number == added_entry_.number) added_entry_ = member;
    split.members.push_back(member);
  }
  return absl::OkStatus();
}

// A band key that only a lost document had posted is posted by the first member that shares it.
void Draft::PostKeysOfLost(Cluster& cluster) {
  for (const DocumentEntry& lost : cluster.lost) {
    BandMask open = lost.bands;
    const Sketch& sketch = CheckNotNull(view_->FindSketch(lost.number));
    for (DocumentEntry& member : cluster.members) {
      if (open == 0) break;
      if (IsShortText(member.shingles) || member.number == added_entry_.number) continue;
      const BandMask shared =
          open & SharedBands(sketch, CheckNotNull(view_->FindSketch(member.number)));
      if ((shared & ~member.bands) != 0) {
        member.bands |= shared;
        SetChanged(member);
      }
      open &= ~shared;
    }
  }
}

const CollectionRecord& Draft::CollectionOf(const Cluster& cluster) const {
  return CheckNotNull(view_->FindCollection(cluster.record.collection));
}

absl::StatusOr<Election> Draft::ElectFrom(const Cluster& cluster) const {
  absl::Status failed;
  const Election election = Elect(cluster.members, cluster.record.pinned, CollectionOf(cluster),
                                  [&](DocumentNumber number) -> std::string {
                                    absl::StatusOr<std::string> id = IdOf(number);
                                    if (id.ok()) return *std::move(id);
                                    failed = id.status();
                                    return "";
                                  });
  if (!failed.ok()) return failed;
  return election;
}

absl::Status Draft::ElectCanonical(Cluster& cluster) {
  const absl::StatusOr<Election> election = ElectFrom(cluster);
  if (!election.ok()) return election.status();
  return SetCanonical(cluster, *election);
}

absl::Status Draft::SetCanonical(Cluster& cluster, const Election& election) {
  if (cluster.record.canonical != election.canonical && !cluster.is_new) {
    const absl::StatusOr<std::string> id = IdOf(election.canonical);
    if (!id.ok()) return id.status();
    Note(EventType::kCanonicalChanged, cluster.record, *id);
  }
  cluster.record.canonical = election.canonical;
  cluster.record.reason = static_cast<uint8_t>(election.reason);
  return absl::OkStatus();
}

absl::StatusOr<std::string> Draft::IdOf(DocumentNumber number) const {
  for (const NewDocument& document : change_.added) {
    if (document.entry.number == number) return document.content.document.id;
  }
  absl::StatusOr<DocumentContent> head = view_->ReadHead(number);
  if (!head.ok()) return head.status();
  return std::move(head->document.id);
}

ClusterId Draft::ClusterOf(DocumentNumber number, ClusterId was) const {
  if (!clusters_.contains(was)) return was;
  for (const auto& [id, cluster] : clusters_) {
    if (IsMember(cluster, number)) return id;
  }
  return was;
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

void Draft::TakeMembers() {
  for (auto& [id, cluster] : clusters_) {
    if (cluster.members.empty()) continue;
    cluster.record.sequence = change_.sequence;
    change_.clusters.push_back(cluster.record);
    for (DocumentEntry& member : cluster.members) {
      if (member.number == added_entry_.number) {
        member.sequence = change_.sequence;
        change_.added.front().entry = member;
        added_entry_ = member;
      } else if (changed_.contains(member.number)) {
        member.sequence = change_.sequence;
        change_.changed.push_back(member);
        const BandMask posted = CheckNotNull(view_->FindEntry(member.number)).bands;
        if (const BandMask bands = member.bands & ~posted; bands != 0) {
          change_.band_postings.push_back({.number = member.number, .bands = bands});
        }
      }
    }
  }
}

// Containment postings are those of canonical copies.
absl::Status Draft::TakeSamples() {
  std::vector<DocumentNumber> gone;
  std::vector<DocumentNumber> come;
  for (const ClusterRecord& record : change_.clusters) {
    const ClusterState* before = view_->FindCluster(record.id);
    if (before != nullptr && before->record.canonical == record.canonical) continue;
    come.push_back(record.canonical);
    if (before != nullptr) gone.push_back(before->record.canonical);
  }
  const auto drop = [&](ClusterId id) {
    gone.push_back(CheckNotNull(view_->FindCluster(id)).record.canonical);
  };
  for (const Redirect& redirect : change_.redirects) drop(redirect.from);
  for (const ClusterId id : change_.dropped) drop(id);
  for (const DocumentNumber number : gone) {
    if (absl::Status status = MoveSample(number, /*posted=*/false); !status.ok()) return status;
  }
  for (const DocumentNumber number : come) {
    if (absl::Status status = MoveSample(number, /*posted=*/true); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Draft::MoveSample(DocumentNumber number, bool posted) {
  SamplePosting posting{.number = number, .posted = posted, .sample = {}};
  const bool is_added = number == added_entry_.number;
  absl::StatusOr<std::vector<uint32_t>> sample =
      is_added ? change_.added.front().fingerprint.sample : view_->ReadSample(number);
  if (!sample.ok()) return sample.status();
  posting.sample = *std::move(sample);
  change_.sample_postings.push_back(std::move(posting));
  return absl::OkStatus();
}

absl::StatusOr<Change> Draft::Take() {
  change_.sequence = last_drawn_;
  for (ClusterEvent& event : change_.events) event.sequence = change_.sequence;
  for (RemovedDocument& removed : change_.removed) {
    if (removed.tombstone.has_value()) removed.tombstone->sequence = change_.sequence;
  }
  TakeMembers();
  if (absl::Status status = TakeSamples(); !status.ok()) return status;
  return std::move(change_);
}

}  // namespace wonbon
