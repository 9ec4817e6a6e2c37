#include "core/store/verify.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/store/document_codec.h"
#include "core/store/inventory.h"
#include "core/store/log_reader.h"
#include "core/store/recovery.h"
#include "core/store/seed.h"
#include "core/store/witness.h"
#include "core/views.h"

namespace wonbon {
namespace {

class Verification {
 public:
  Verification(const ExistingFolder& existing, const PrintLine& print)
      : folder_(existing.folder), format_(existing.format), print_(print) {}

  absl::StatusOr<bool> Run();

 private:
  void Say(std::string_view what, const absl::Status& status, const std::string& good) {
    whole_ = whole_ && status.ok();
    print_(absl::StrCat(Absl(what), ": ", status.ok() ? Absl(good) : status.message()));
  }
  void LookAtSeed();
  void LookAtWitness();
  void LookAtLogs();
  void LookAtRecords(const std::shared_ptr<const Tables>& tables);
  void LookAtReferences(const std::shared_ptr<const Tables>& tables, const Inventory& inventory);

  const DataFolder& folder_;
  const StoreFormat& format_;
  const PrintLine& print_;
  bool whole_ = true;
};

void Verification::LookAtSeed() {
  if (!format_.seed_in_folder) {
    print_("seed: brought by --seed-file");
    return;
  }
  const auto seed = ReadSeed(folder_.seed_path());
  Say("seed",
      seed.ok() ? CheckSeed(format_, SeedFingerprint(*seed), folder_.format_path())
                : seed.status(),
      "whole");
}

void Verification::LookAtWitness() {
  const auto witness = ReadWitness(folder_.witness_path(), format_.store_id);
  if (!witness.ok()) return Say("witness", witness.status(), "");
  if (!witness->has_value()) {
    print_("witness: none; the folder was made by an older wonbond, or restored without it");
    return;
  }
  const Tables::Options options{.path = folder_.database_path()};
  const Expectation expected{format_.store_id, folder_.witness_path(), *witness};
  Say("witness", CheckRecovery(options, expected).status(),
      absl::StrCat("changes through ", (*witness)->last_sequence,
                   " were answered, and all of them are there"));
}

void Verification::LookAtLogs() {
  const auto logs = ListLogs(folder_.database_path());
  if (!logs.ok()) return Say("logs", logs.status(), "");
  for (const LogFile& log : *logs) {
    uint64_t batches = 0;
    std::optional<uint64_t> damage;
    const absl::Status status = ReadLog(log.path, [&](const LogItem& item) {
      if (!item.damaged) ++batches;
      if (item.damaged && !damage.has_value()) damage = item.offset;
    });
    // Whether an end that is not whole was answered is for the witness to say.
    Say(absl::StrCat("log ", log.path), status,
        absl::StrCat(batches, " whole batches",
                     damage.has_value() ? absl::StrCat(", not whole from byte ", *damage) : ""));
  }
}

void Verification::LookAtRecords(const std::shared_ptr<const Tables>& tables) {
  const Inventory inventory = TakeInventory(*tables);
  for (size_t i = 0; i < kTables; ++i) {
    const Inventory::TableReport& table = inventory.tables[i];
    print_(absl::StrCat("table ", Absl(Name(static_cast<Table>(i))), ": ", table.whole,
                        " records whole, ",
                        table.damage.empty() ? "no damage"
                                             : absl::StrCat(table.damage.size(), " damaged:")));
    for (const std::string& line : table.damage) print_("  " + line);
  }
  whole_ = whole_ && !inventory.is_damaged();
  const std::vector<IncompleteDocument> incomplete = FindIncomplete(*tables, inventory);
  for (const IncompleteDocument& document : incomplete) {
    print_(absl::StrCat(document.name, ": damaged or missing: ", document.lacks));
  }
  whole_ = whole_ && incomplete.empty();
  LookAtReferences(tables, inventory);
  print_(absl::StrCat("documents: ", inventory.entries.size(), " known, ", incomplete.size(),
                      " of them not whole"));
}

// Records that are whole, and name others that are not there.
void Verification::LookAtReferences(const std::shared_ptr<const Tables>& tables,
                                    const Inventory& inventory) {
  const StoreSnapshot snapshot(tables);
  const auto complain = [this](const std::string& line) {
    whole_ = false;
    print_(line);
  };
  for (const DocumentEntry& entry : inventory.entries) {
    const auto number = static_cast<uint64_t>(entry.number);
    if (absl::Status status = snapshot.ReadCluster(entry.cluster).status(); !status.ok()) {
      complain(absl::StrCat("document number ", number, ": its cluster: ", status.message()));
    }
    const auto content = snapshot.ReadContent(entry.number, /*with_body=*/false);
    if (!content.ok()) continue;
    const auto id = snapshot.FindId(entry.collection, content->document.id);
    const auto* leads_to = id.ok() ? std::get_if<DocumentNumber>(&*id) : nullptr;
    if (leads_to != nullptr && *leads_to == entry.number) continue;
    complain(absl::StrCat("document \"", content->document.id, "\" (number ", number,
                          "): its id does not lead to it"));
  }
  for (const ClusterRecord& cluster : inventory.clusters) {
    const auto found = std::lower_bound(
        inventory.entries.begin(), inventory.entries.end(), cluster.canonical,
        [](const DocumentEntry& entry, DocumentNumber number) { return entry.number < number; });
    if (found != inventory.entries.end() && found->number == cluster.canonical &&
        found->cluster == cluster.id) {
      continue;
    }
    complain(absl::StrCat("cluster c", static_cast<uint64_t>(cluster.id),
                          ": its canonical copy, document number ",
                          static_cast<uint64_t>(cluster.canonical), ", is not there"));
  }
}

absl::StatusOr<bool> Verification::Run() {
  print_(absl::StrCat("FORMAT: whole, store ", format_.store_id));
  LookAtSeed();
  LookAtWitness();
  LookAtLogs();
  const auto tables = OpenForSalvage(folder_, format_);
  if (!tables.ok()) return tables.status();
  LookAtRecords(*tables);
  print_(whole_ ? "all is whole" : "NOT all is whole");
  return whole_;
}

}  // namespace

absl::StatusOr<ExistingFolder> OpenExisting(const std::string& dir) {
  std::error_code error;
  if (!std::filesystem::is_directory(dir, error)) {
    return absl::NotFoundError(absl::StrCat(dir, ": there is no such data folder"));
  }
  absl::StatusOr<DataFolder> folder = DataFolder::Open(dir);
  if (!folder.ok()) return folder.status();
  absl::StatusOr<std::optional<StoreFormat>> format = ReadFormat(folder->format_path());
  if (!format.ok()) return format.status();
  if (!format->has_value()) {
    return absl::DataLossError(absl::StrCat(
        folder->format_path(), ": the file is missing; restore it from a backup: without it "
                               "nothing tells what the folder was written with"));
  }
  return ExistingFolder{*std::move(folder), **std::move(format)};
}

absl::StatusOr<std::shared_ptr<const Tables>> OpenForSalvage(const DataFolder& folder,
                                                             const StoreFormat& format) {
  const auto logs = ReadLogs(folder.database_path());
  if (!logs.ok()) return logs.status();
  absl::Status ours = CheckLogsAreOurs(**logs, format.store_id, /*behind_damage=*/true);
  if (!ours.ok()) return ours;
  auto tables = Tables::Open({.path = folder.database_path(),
                              .read_only = true,
                              .recovery = Tables::Recovery::kSalvage});
  if (!tables.ok()) return tables.status();
  return std::shared_ptr<const Tables>(*std::move(tables));
}

absl::StatusOr<bool> VerifyFolder(const std::string& dir, const PrintLine& print) {
  const absl::StatusOr<ExistingFolder> existing = OpenExisting(dir);
  if (!existing.ok()) return existing.status();
  return Verification(*existing, print).Run();
}

}  // namespace wonbon
