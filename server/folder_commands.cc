#include "server/folder_commands.h"

#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "core/cluster/election.h"
#include "core/engine.h"
#include "core/store/restore.h"
#include "core/store/salvage.h"
#include "core/store/verify.h"

namespace wonbon::server {
namespace {

void Print(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

}  // namespace

absl::StatusOr<bool> Verify(const std::string& folder) { return VerifyFolder(folder, Print); }

absl::Status Salvage(const std::string& folder, const std::string& new_folder,
                     const std::string& seed_file) {
  SalvageOptions options{.from = folder, .to = new_folder, .elect = {}};
  options.elect = [](absl::Span<const DocumentEntry> members, const CollectionRecord& collection,
                     const std::function<std::string(DocumentNumber)>& id_of,
                     ClusterRecord* record) {
    const Election election = Elect(members, record->pinned, collection, id_of);
    record->canonical = election.canonical;
    record->reason = static_cast<uint8_t>(election.reason);
  };
  const absl::StatusOr<SalvageReport> report = SalvageFolder(options, Print);
  if (!report.ok()) return report.status();
  Engine::Options opening;
  opening.store.dir = new_folder;
  opening.store.seed_file = seed_file;
  const absl::StatusOr<std::unique_ptr<Engine>> engine = Engine::Open(std::move(opening));
  if (!engine.ok()) return engine.status();
  Print(absl::StrCat(new_folder, ": ", report->documents, " documents, ",
                     report->left_out == 0 ? "nothing was left out"
                                           : absl::StrCat(report->left_out,
                                                          " things were left out or repaired"),
                     "; it opens"));
  return absl::OkStatus();
}

absl::Status Restore(const std::string& backup, const std::string& new_folder,
                     const std::string& seed_file) {
  const absl::StatusOr<BackupManifest> restored =
      RestoreBackup({.from = backup, .to = new_folder, .seed_file = seed_file});
  if (!restored.ok()) return restored.status();
  Print(absl::StrCat(new_folder, ": restored, changes through sequence ", restored->sequence,
                     ", as of ", absl::FormatTime(restored->created_at, absl::UTCTimeZone()),
                     "; it opens"));
  return absl::OkStatus();
}

}  // namespace wonbon::server
