#include "core/cluster/draft.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "core/cluster/family.h"
#include "core/cluster/versions.h"
#include "core/index/memory_index.h"
#include "core/limits.h"
#include "core/state/version_keys.h"

namespace wonbon {
Draft::Draft(const View* view, int64_t now_us)
    : view_(view), now_us_(now_us), last_drawn_(view->last_sequence()), number_(Draw()) {
  change_.previous = view->last_sequence();
  change_.time_us = now_us;
}

Draft::Cluster& Draft::Touch(ClusterId id, CollectionNumber collection) {
  const auto [it, is_new] = clusters_.try_emplace(id);
  Cluster& cluster = it->second;
  if (!is_new) return cluster;
  cluster.before = view_->FindCluster(id);
  if (cluster.before) {
    cluster.record = cluster.before->record;
  } else {
    cluster.record = {.id = id, .collection = collection};
  }
  return cluster;
}

DocumentEntry Draft::Entry(DocumentNumber number) const {
  if (IsAdded(number)) return added().entry;
  const auto found = edited_.find(number);
  return found != edited_.end() ? found->second : CheckNotNull(view_->FindEntry(number));
}

DocumentEntry& Draft::Edit(DocumentNumber number) {
  if (IsAdded(number)) return added().entry;
  const auto found = edited_.find(number);
  if (found != edited_.end()) return found->second;
  return edited_[number] = CheckNotNull(view_->FindEntry(number));
}

std::optional<absl::uint128> Draft::TextKeyOf(DocumentNumber number) const {
  if (IsAdded(number)) return added().fingerprint.exact_key;
  return view_->FindTextKey(number);
}

void Draft::Remove(const DocumentEntry& entry, Removal why, RemovedDocument removed) {
  Cluster& cluster = Touch(entry.cluster, entry.collection);
  cluster.gone.insert(entry.number);
  cluster.lost.push_back(entry);
  if (cluster.record.pinned == entry.number) {
    cluster.record.pinned = DocumentNumber::kNone;
    pin_follows_ = why == Removal::kReplaced;
  }
  if (why == Removal::kReplaced) GatherWords(entry);
  TakeFromFamily(entry);
  if (why == Removal::kDeleted) Note(EventType::kDeleted, cluster.record, removed.id);
  if (why == Removal::kExpired) Note(EventType::kExpired, cluster.record, removed.id);
  if (why == Removal::kReplaced) replaced_in_ = entry.cluster;
  change_.removed.push_back(std::move(removed));
}

void Draft::Add(NewDocument document, Destination destination) {
  change_.added.push_back(std::move(document));
  destination_ = std::move(destination);
}

absl::Status Draft::Pin(ClusterId cluster, DocumentNumber number) {
  ClusterRecord& record = Touch(cluster, {}).record;
  const absl::StatusOr<std::string> id =
      IdOf(number == DocumentNumber::kNone ? record.pinned : number);
  if (!id.ok()) return id.status();
  record.pinned = number;
  Note(number == DocumentNumber::kNone ? EventType::kUnpinned : EventType::kPinned, record, *id);
  return absl::OkStatus();
}

void Draft::Sign(ClusterId cluster, EditorWord word) {
  std::vector<EditorWord>& words = Touch(cluster, {}).record.words;
  word.said_us = now_us_;
  words.push_back(std::move(word));
  if (words.size() > kMaxEditorWords) words.erase(words.begin());
}

absl::Status Draft::Settle() {
  if (absl::Status status = Regroup(); !status.ok()) return status;
  for (auto& [id, cluster] : clusters_) {
    if (SizeOf(cluster) == 0) {
      change_.dropped.push_back(id);
      continue;
    }
    if (absl::Status status = ElectCanonical(cluster); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// A band key that only a lost document had posted is posted by the first member that shares it.
void Draft::PostKeysOfLost(Cluster& cluster) {
  for (const DocumentEntry& lost : cluster.lost) {
    BandMask open = lost.bands;
    const ShortSketch& sketch = CheckNotNull(view_->FindSketch(lost.number));
    VisitMembers(cluster, [&](DocumentNumber number) {
      if (open == 0) return false;
      const DocumentEntry member = Entry(number);
      if (IsShortText(member.shingles) || IsAdded(number)) return true;
      const BandMask shared = open & SharedBands(sketch, CheckNotNull(view_->FindSketch(number)));
      if ((shared & ~member.bands) != 0) Edit(number).bands |= shared;
      open &= ~shared;
      return true;
    });
  }
}

// A key that the cluster holds already is not posted again: it would find the same cluster.
void Draft::PostKeysOfAdded() {
  DocumentEntry& entry = added().entry;
  const Fingerprint& fingerprint = added().fingerprint;
  const ShortSketch sketch(fingerprint.sketch);
  entry.bands = fingerprint.is_short() ? 0 : kAllBands;
  const auto leave_to = [&](DocumentNumber number) {
    const BandMask bands = number == entry.number ? 0 : Entry(number).bands;
    if (bands == 0) return;
    entry.bands &= ~(bands & SharedBands(sketch, CheckNotNull(view_->FindSketch(number))));
  };
  const Cluster& cluster = CheckAt(clusters_, entry.cluster);
  for (const DocumentNumber number : cluster.come) leave_to(number);
  size_t scanned = 0;
  if (!cluster.before) return;
  for (auto member = cluster.before->members.rbegin();
       member != cluster.before->members.rend() && entry.bands != 0 && scanned < kMaxScannedMembers;
       ++member) {
    if (cluster.gone.contains(*member)) continue;
    leave_to(*member);
    ++scanned;
  }
}

// The family of a cluster as the change leaves it; null where it has none.
const FamilyRecord* Draft::FamilyNow(ClusterId cluster) const {
  for (const FamilyRecord& family : change_.families) {
    const bool has = std::any_of(
        family.texts.begin(), family.texts.end(),
        [cluster](const FamilyText& text) { return text.cluster == cluster; });
    if (has) return &family;
  }
  const FamilyRecord* before = view_->FindFamily(cluster);
  if (before == nullptr) return nullptr;
  const auto& dropped = change_.dropped_families;
  const bool is_gone =
      std::find(dropped.begin(), dropped.end(), before->number()) != dropped.end() ||
      std::any_of(change_.families.begin(), change_.families.end(),
                  [before](const FamilyRecord& f) { return f.number() == before->number(); });
  return is_gone ? nullptr : before;
}

KnownTexts Draft::TextsOf(ClusterId cluster) const {
  KnownTexts known;
  const FamilyRecord* family = FamilyNow(cluster);
  if (family == nullptr) return known;
  std::vector<size_t> places;
  for (size_t place = 0; place < family->texts.size(); ++place) {
    if (family->texts[place].cluster != cluster) continue;
    known.texts.push_back({Entry(family->texts[place].number), known.texts.size()});
    for (const size_t other : places) known.shared.push_back(SharedBy(*family, place, other));
    places.push_back(place);
  }
  return known;
}

absl::StatusOr<Election> Draft::ElectFrom(const Cluster& cluster) const {
  const KnownTexts known = TextsOf(cluster.record.id);
  absl::flat_hash_map<absl::uint128, size_t> text_of_key;
  for (const Contender& text : known.texts) {
    if (const auto key = TextKeyOf(text.entry.number)) text_of_key.try_emplace(*key, text.text);
  }
  size_t texts = known.texts.size();
  std::vector<Contender> members;
  const bool is_next = IsNextOfSeries(cluster);
  if (!is_next) members.reserve(SizeOf(cluster));
  const auto visit = [&](DocumentNumber number) {
    const std::optional<absl::uint128> key = TextKeyOf(number);
    size_t text = texts;
    if (key.has_value()) text = text_of_key.try_emplace(*key, texts).first->second;
    if (text == texts) ++texts;
    members.push_back({Entry(number), text});
    return true;
  };
  if (is_next) {
    visit(cluster.record.canonical);
    visit(added().entry.number);
  } else {
    VisitMembers(cluster, visit);
  }
  absl::Status failed;
  const Election election =
      Elect(members, cluster.record.pinned,
            CheckNotNull(view_->FindCollection(cluster.record.collection)), Agreement(known),
            [&](DocumentNumber number) -> std::string {
              absl::StatusOr<std::string> id = IdOf(number);
              if (id.ok()) return *std::move(id);
              failed = id.status();
              return "";
            });
  if (!failed.ok()) return failed;
  return election;
}

// A document came to a large cluster, and nobody went.
bool Draft::OnlyJoined(const Cluster& cluster) const {
  return cluster.before && cluster.gone.empty() && cluster.come.size() == 1 &&
         IsAdded(*cluster.come.begin()) && cluster.before->members.size() >= kMinKeyedCluster;
}

// All members are versions of one article with the one that joined: the newest stands, which is it
// or the one that stands. What a state of a page costs must not depend on how many came before.
bool Draft::IsNextOfSeries(const Cluster& cluster) const {
  return OnlyJoined(cluster) && cluster.record.pinned == DocumentNumber::kNone &&
         view_->AskVersions(cluster.record.id, added().entry, added().fingerprint.exact_key)
                 .series_us <= kVersionTimeUs;
}

// In a large cluster nobody is elected anew where that is sure to change nothing: what a reprint
// costs must not depend on how many came before. A text that is new to the family may change what
// the cluster agrees on; of those there are few.
bool Draft::StaysElected(const Cluster& cluster) const {
  if (!OnlyJoined(cluster)) return false;
  if (cluster.record.pinned != DocumentNumber::kNone) {
    return cluster.record.pinned == cluster.record.canonical;
  }
  const DocumentEntry& joined = added().entry;
  if (destination_.cluster == ClusterId::kNone || destination_.url_known ||
      view_->MayHaveVersions(cluster.record.id, joined, added().fingerprint.exact_key)) {
    return false;
  }
  const DocumentEntry standing = Entry(cluster.record.canonical);
  const CollectionRecord& collection =
      CheckNotNull(view_->FindCollection(cluster.record.collection));
  if (TextKeyOf(standing.number) == TextKeyOf(joined.number)) {
    return StandsBehind({joined, 0}, {standing, 0}, collection, Agreement({}));
  }
  const KnownTexts known = TextsOf(cluster.record.id);
  const auto text_of = [&](DocumentNumber number, size_t unknown) {
    const auto key = TextKeyOf(number);
    const auto found = std::find_if(
        known.texts.begin(), known.texts.end(),
        [&](const Contender& text) { return TextKeyOf(text.entry.number) == key; });
    return found == known.texts.end() ? known.texts.size() + unknown : found->text;
  };
  return StandsBehind({joined, text_of(joined.number, 0)}, {standing, text_of(standing.number, 1)},
                      collection, Agreement(known));
}

absl::Status Draft::ElectCanonical(Cluster& cluster) {
  if (StaysElected(cluster)) return absl::OkStatus();
  const absl::StatusOr<Election> election = ElectFrom(cluster);
  if (!election.ok()) return election.status();
  if (cluster.record.canonical != election->canonical && cluster.before) {
    const absl::StatusOr<std::string> id = IdOf(election->canonical);
    if (!id.ok()) return id.status();
    Note(EventType::kCanonicalChanged, cluster.record, *id);
  }
  cluster.record.canonical = election->canonical;
  cluster.record.reason = static_cast<uint8_t>(election->reason);
  return absl::OkStatus();
}

absl::StatusOr<std::string> Draft::IdOf(DocumentNumber number) const {
  if (IsAdded(number)) return added().content.document.id;
  absl::StatusOr<DocumentContent> head = view_->ReadHead(number);
  if (!head.ok()) return head.status();
  return std::move(head->document.id);
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
    if (SizeOf(cluster) == 0) continue;
    cluster.record.sequence = change_.sequence;
    for (EditorWord& word : cluster.record.words) {
      if (word.sequence == 0) word.sequence = change_.sequence;
    }
    change_.clusters.push_back(cluster.record);
  }
  if (!change_.added.empty()) added().entry.sequence = change_.sequence;
  for (auto& [number, entry] : edited_) {
    entry.sequence = change_.sequence;
    change_.changed.push_back(entry);
    const BandMask posted = CheckNotNull(view_->FindEntry(number)).bands;
    if (const BandMask bands = entry.bands & ~posted; bands != 0) {
      change_.band_postings.push_back({.number = number, .bands = bands});
    }
  }
}

// Containment postings are those of canonical copies.
absl::Status Draft::TakeSamples() {
  std::set<DocumentNumber> before;
  std::set<DocumentNumber> after;
  for (const ClusterRecord& record : change_.clusters) {
    after.insert(record.canonical);
    const FoundCluster cluster = view_->FindCluster(record.id);
    if (cluster) before.insert(cluster->record.canonical);
  }
  const auto drop = [&](ClusterId id) {
    before.insert(view_->FindCluster(id)->record.canonical);
  };
  for (const Redirect& redirect : change_.redirects) drop(redirect.from);
  for (const ClusterId id : change_.dropped) drop(id);
  for (const DocumentNumber number : before) {
    if (after.contains(number)) continue;
    if (absl::Status status = MoveSample(number, /*posted=*/false); !status.ok()) return status;
  }
  for (const DocumentNumber number : after) {
    if (before.contains(number)) continue;
    if (absl::Status status = MoveSample(number, /*posted=*/true); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Draft::MoveSample(DocumentNumber number, bool posted) {
  SamplePosting posting{.number = number, .posted = posted, .sample = {}};
  absl::StatusOr<std::vector<uint32_t>> sample =
      IsAdded(number) ? added().fingerprint.sample : view_->ReadSample(number);
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
  for (auto& [id, cluster] : clusters_) PostKeysOfLost(cluster);
  if (!change_.added.empty()) PostKeysOfAdded();
  TakeMembers();
  if (absl::Status status = TakeSamples(); !status.ok()) return status;
  return std::move(change_);
}

}  // namespace wonbon
