#include "core/store/salvage.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "core/sketch/fingerprint.h"
#include "core/store/document_codec.h"
#include "core/store/files.h"
#include "core/store/inventory.h"
#include "core/store/recovery.h"
#include "core/store/salvage_writer.h"
#include "core/store/seed.h"
#include "core/store/witness.h"
#include "core/views.h"

namespace wonbon {
namespace {

constexpr uint32_t kAllBands = (uint32_t{1} << kBands) - 1;

// Decides what comes along, and repairs it.
class Salvage {
 public:
  Salvage(const SalvageOptions& options, std::shared_ptr<const Tables> from, const PrintLine& print)
      : options_(options), from_(std::move(from)), print_(print), taken_(TakeInventory(*from_)) {}

  void Decide();
  // A change of the old store that is not there, whatever it was.
  void LeaveOut(const std::string& line) {
    ++report_.left_out;
    print_(line);
  }
  absl::Status WriteTo(SalvageWriter& writer, Sequence given_through);
  const SalvageReport& report() const { return report_; }

 private:
  void ChooseDocuments();
  void DropReplaced();
  void CompleteCollections();
  void RepairClusters();
  void RepairCluster(ClusterRecord& cluster, const std::vector<DocumentEntry*>& members);
  void ChooseFamilies();
  void ChooseRedirects();
  std::string IdOf(DocumentNumber number) const { return CheckAt(ids_, number); }

  const SalvageOptions& options_;
  const std::shared_ptr<const Tables> from_;
  const PrintLine& print_;
  Inventory taken_;
  SalvageReport report_;
  bool lost_ = false;  // anything, before clusters were looked at
  std::vector<DocumentEntry> documents_;
  std::unordered_map<DocumentNumber, std::string> ids_;
  std::map<CollectionNumber, CollectionRecord> collections_;
  std::map<ClusterId, ClusterRecord> clusters_;
};

void Salvage::Decide() {
  for (const Inventory::TableReport& table : taken_.tables) {
    for (const std::string& line : table.damage) LeaveOut("left out: " + line);
  }
  ChooseDocuments();
  DropReplaced();
  CompleteCollections();
  RepairClusters();
  ChooseFamilies();
  ChooseRedirects();
  report_.documents = documents_.size();
}

void Salvage::ChooseDocuments() {
  std::unordered_set<DocumentNumber> incomplete;
  for (const IncompleteDocument& document : FindIncomplete(*from_, taken_)) {
    incomplete.insert(document.number);
    LeaveOut(absl::StrCat("left out: ", document.name, ": damaged or missing: ", document.lacks));
  }
  const StoreSnapshot snapshot(from_);
  for (const DocumentEntry& entry : taken_.entries) {
    if (incomplete.contains(entry.number)) continue;
    const auto content = snapshot.ReadContent(entry.number, /*with_body=*/false);
    if (!content.ok()) continue;  // the inventory has just read it
    documents_.push_back(entry);
    ids_[entry.number] = content->document.id;
  }
}

// One document an id, the youngest: a change that was lost may have been the one that removed the
// others.
void Salvage::DropReplaced() {
  std::map<std::pair<CollectionNumber, std::string>, uint64_t> youngest;
  for (const Tombstone& tombstone : taken_.tombstones) {
    youngest[{tombstone.collection, tombstone.id}] = tombstone.sequence;
  }
  for (const DocumentEntry& entry : documents_) {
    uint64_t& number = youngest[{entry.collection, IdOf(entry.number)}];
    number = std::max(number, static_cast<uint64_t>(entry.number));
  }
  std::erase_if(documents_, [&](const DocumentEntry& entry) {
    const auto number = static_cast<uint64_t>(entry.number);
    if (youngest[{entry.collection, IdOf(entry.number)}] == number) return false;
    LeaveOut(absl::StrCat("left out: document \"", IdOf(entry.number), "\" (number ", number,
                          "): it was replaced or deleted"));
    ids_.erase(entry.number);
    return true;
  });
  for (const DocumentEntry& entry : documents_) {
    youngest.erase({entry.collection, IdOf(entry.number)});
  }
  std::erase_if(taken_.tombstones, [&](const Tombstone& tombstone) {
    return !youngest.contains({tombstone.collection, tombstone.id});
  });
}

void Salvage::CompleteCollections() {
  for (CollectionRecord& collection : taken_.collections) {
    collections_[collection.number] = std::move(collection);
  }
  for (const DocumentEntry& entry : documents_) {
    if (collections_.contains(entry.collection)) continue;
    CollectionRecord& made = collections_[entry.collection];
    made.number = entry.collection;
    made.name = absl::StrCat("salvaged-", static_cast<uint32_t>(entry.collection));
    made.created_at = absl::FromUnixMicros(taken_.state.last_time_us);
    LeaveOut(absl::StrCat("left out: the name and the settings of collection number ",
                          static_cast<uint32_t>(entry.collection), "; it is called ", made.name));
  }
}

void Salvage::RepairClusters() {
  lost_ = report_.left_out > 0;
  for (const ClusterRecord& cluster : taken_.clusters) clusters_[cluster.id] = cluster;
  std::map<ClusterId, std::vector<DocumentEntry*>> members;
  for (DocumentEntry& entry : documents_) members[entry.cluster].push_back(&entry);
  std::erase_if(clusters_, [&](const auto& cluster) {
    if (members.contains(cluster.first)) return false;
    LeaveOut(absl::StrCat("left out: cluster c", static_cast<uint64_t>(cluster.first),
                          ": no document of it is left"));
    return true;
  });
  for (auto& [id, of_cluster] : members) {
    ClusterRecord& cluster = clusters_[id];
    if (cluster.id == ClusterId::kNone) {
      cluster.id = id;
      cluster.collection = of_cluster.front()->collection;
      cluster.sequence = taken_.newest;
    }
    RepairCluster(cluster, of_cluster);
  }
}

void Salvage::RepairCluster(ClusterRecord& cluster, const std::vector<DocumentEntry*>& members) {
  const auto stands = [&](DocumentNumber number) {
    return std::any_of(members.begin(), members.end(),
                       [number](const DocumentEntry* entry) { return entry->number == number; });
  };
  if (!stands(cluster.pinned)) cluster.pinned = DocumentNumber::kNone;
  if (!stands(cluster.canonical)) {
    std::vector<DocumentEntry> entries;
    entries.reserve(members.size());
    for (const DocumentEntry* entry : members) entries.push_back(*entry);
    options_.elect(entries, collections_[cluster.collection],
                   [this](DocumentNumber number) { return IdOf(number); }, &cluster);
    print_(absl::StrCat("repaired: cluster c", static_cast<uint64_t>(cluster.id),
                        " lost its canonical copy; document \"", IdOf(cluster.canonical),
                        "\" stands for it"));
    ++report_.left_out;
  }
  for (DocumentEntry* entry : members) {
    // Of those that are gone nobody knows which keys they held for the others.
    if (lost_) entry->bands = kAllBands;
  }
}

// A family that lost a text is left out, and so is one whose clusters another one has: the clusters
// stay as they are.
void Salvage::ChooseFamilies() {
  std::unordered_map<ClusterId, DocumentNumber> family_of;
  std::erase_if(taken_.families, [&](const FamilyRecord& family) {
    const bool whole = std::all_of(
        family.texts.begin(), family.texts.end(), [&](const FamilyText& text) {
          const auto found = std::lower_bound(
              documents_.begin(), documents_.end(), text.number,
              [](const DocumentEntry& entry, DocumentNumber n) { return entry.number < n; });
          const auto known = family_of.find(text.cluster);
          return found != documents_.end() && found->number == text.number &&
                 found->cluster == text.cluster &&
                 (known == family_of.end() || known->second == family.number());
        });
    if (whole) {
      for (const FamilyText& text : family.texts) family_of[text.cluster] = family.number();
    } else {
      LeaveOut(absl::StrCat("left out: how the family of document number ",
                            static_cast<uint64_t>(family.number()),
                            " was judged: documents of it are lost, or in another family"));
    }
    return !whole;
  });
}

void Salvage::ChooseRedirects() {
  std::unordered_map<ClusterId, ClusterId> to;
  for (const Redirect& redirect : taken_.redirects) to[redirect.from] = redirect.to;
  std::erase_if(taken_.redirects, [&](const Redirect& redirect) {
    ClusterId end = redirect.to;
    for (size_t step = 0; step < to.size() && to.contains(end); ++step) end = to[end];
    if (clusters_.contains(end)) return false;
    LeaveOut(absl::StrCat("left out: cluster c", static_cast<uint64_t>(redirect.from),
                          " redirects to one that is gone"));
    return true;
  });
}

absl::Status Salvage::WriteTo(SalvageWriter& writer, Sequence given_through) {
  StoreState state = taken_.state;
  state.documents = documents_.size();
  state.last_sequence = std::max(taken_.newest, given_through);
  for (const auto& [number, collection] : collections_) writer.Collection(collection);
  for (const auto& [id, cluster] : clusters_) writer.Cluster(cluster);
  for (const Redirect& redirect : taken_.redirects) writer.Redirected(redirect);
  for (const FamilyRecord& family : taken_.families) writer.Family(family);
  for (const Tombstone& tombstone : taken_.tombstones) writer.Deleted(tombstone);
  for (const std::string& key : taken_.ledger) writer.Copy(Table::kLedger, key);
  for (const DocumentEntry& entry : documents_) {
    if (absl::Status status = writer.Document(entry, IdOf(entry.number)); !status.ok()) {
      return status;
    }
  }
  if (report_.left_out == 0) {
    writer.CopyAll(Table::kEvents);
  } else {
    state.events = 0;
    state.marks.clear();
    for (const auto& [number, collection] : collections_) {
      writer.EventsDropped(number, state.last_sequence);
    }
    print_("left out: all events: watchers are told to read the clusters anew");
  }
  return writer.Finish(state);
}

// What the witness knows of, and the highest number that was given out.
absl::StatusOr<Sequence> GivenThrough(const ExistingFolder& from, Salvage& salvage) {
  const DataFolder& folder = from.folder;
  const auto witness = ReadWitness(folder.witness_path(), from.format.store_id);
  if (!witness.ok()) {
    salvage.LeaveOut(absl::StrCat("unknown: what was answered last: ", witness.status().message()));
    return Sequence{0};
  }
  if (!witness->has_value()) return Sequence{0};
  const Tables::Options options{.path = folder.database_path()};
  const auto recovery = CheckRecovery(
      options, {from.format.store_id, folder.witness_path(), *witness});
  if (!recovery.ok()) {
    salvage.LeaveOut(absl::StrCat("left out: changes that were answered, deletions among them "
                                  "maybe: ",
                                  recovery.status().message()));
  }
  return std::max((*witness)->last_sequence, (*witness)->given_through);
}

absl::StatusOr<DataFolder> NewFolder(const std::string& dir) {
  absl::StatusOr<DataFolder> folder = DataFolder::Open(dir);
  if (!folder.ok()) return folder;
  for (const std::string& path : {folder->format_path(), folder->database_path() + "/CURRENT"}) {
    if (!absl::IsNotFound(ReadSmallFile(path, 0).status())) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": is there already; expected a new folder to copy into"));
    }
  }
  return folder;
}

absl::Status CopySeed(const ExistingFolder& from, const DataFolder& to) {
  if (!from.format.seed_in_folder) return absl::OkStatus();
  const absl::StatusOr<Seed> seed = ReadSeed(from.folder.seed_path());
  if (!seed.ok()) return seed.status();
  absl::Status status =
      CheckSeed(from.format, SeedFingerprint(*seed), from.folder.format_path());
  if (!status.ok()) return status;
  const absl::StatusOr<SmallFile> file = ReadSmallFile(from.folder.seed_path(), sizeof(Seed));
  if (!file.ok()) return file.status();
  return ReplaceFile(to.seed_path(), file->bytes, 0600);
}

}  // namespace

absl::StatusOr<SalvageReport> SalvageFolder(const SalvageOptions& options,
                                            const PrintLine& print) {
  const absl::StatusOr<ExistingFolder> from = OpenExisting(options.from);
  if (!from.ok()) return from.status();
  const auto tables = OpenForSalvage(from->folder, from->format);
  if (!tables.ok()) return tables.status();
  const absl::StatusOr<DataFolder> to = NewFolder(options.to);
  if (!to.ok()) return to.status();
  if (absl::Status status = CopySeed(*from, *to); !status.ok()) return status;

  Salvage salvage(options, *tables, print);
  const absl::StatusOr<Sequence> given = GivenThrough(*from, salvage);
  if (!given.ok()) return given.status();
  salvage.Decide();
  auto writer = SalvageWriter::Open(**tables, to->database_path());
  if (!writer.ok()) return writer.status();
  if (absl::Status status = salvage.WriteTo(**writer, *given); !status.ok()) return status;
  writer->reset();
  StoreFormat format = from->format;
  const absl::StatusOr<std::string> id = RandomBytes(16);
  if (!id.ok()) return id.status();
  format.store_id = absl::BytesToHexString(*id);
  absl::Status status = ReplaceFile(to->format_path(), FormatText(format), 0600);
  if (!status.ok()) return status;
  return salvage.report();
}

}  // namespace wonbon
