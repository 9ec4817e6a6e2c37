#include "core/store/restore.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/store/backup.h"
#include "core/store/backup_files.h"
#include "core/store/files.h"
#include "core/store/format.h"
#include "core/store/seed.h"
#include "core/store/store.h"
#include "core/store/witness.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;

absl::Status CheckTarget(const std::string& to) {
  std::error_code error;
  if (!fs::exists(to, error)) return absl::OkStatus();
  if (fs::is_directory(to, error) && fs::is_empty(to, error)) return absl::OkStatus();
  const bool store = fs::exists(to + "/FORMAT", error) || fs::exists(to + "/db", error);
  return absl::FailedPreconditionError(
      absl::StrCat(to, ": found ", store ? "a folder that holds a store" : "something there",
                   "; expected no folder, or an empty one; give another"));
}

absl::StatusOr<BackupManifest> VerifyWhole(const std::string& path) {
  absl::StatusOr<BackupReport> report = VerifyBackup(path);
  if (!report.ok()) return report.status();
  if (report->damage.empty()) return std::move(report->manifest);
  return absl::DataLossError(absl::StrCat(path, ": damaged, nothing was restored: ",
                                          absl::StrJoin(report->damage, "; ")));
}

// Opens it, which checks it, and flushes it: no log is left that bears the old id.
absl::Status OpenOnce(const std::string& dir, const RestoreOptions& options, Sequence expected) {
  Store::Options opening;
  opening.dir = dir;
  opening.seed_file = options.seed_file;
  const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(opening);
  if (!store.ok()) return store.status();
  if ((*store)->last_sequence() != expected) {
    return absl::DataLossError(absl::StrCat(options.from, ": found changes through ",
                                            (*store)->last_sequence(), "; expected ", expected));
  }
  return (*store)->Flush();
}

absl::Status TakeNewId(const std::string& dir, Sequence last) {
  absl::StatusOr<std::optional<StoreFormat>> format = ReadFormat(dir + "/FORMAT");
  if (!format.ok()) return format.status();
  if (!format->has_value()) return absl::DataLossError(absl::StrCat(dir, "/FORMAT: missing"));
  const absl::StatusOr<std::string> id = RandomBytes((*format)->store_id.size() / 2);
  if (!id.ok()) return id.status();
  (*format)->store_id = absl::BytesToHexString(*id);
  absl::Status status = ReplaceFile(dir + "/FORMAT", FormatText(**format), 0600);
  if (!status.ok()) return status;
  std::error_code error;
  fs::remove(dir + "/WITNESS", error);
  return Witness::Open(dir + "/WITNESS", {.store_id = (*format)->store_id,
                                          .last_sequence = last,
                                          .given_through = last})
      .status();
}

absl::Status CopyInto(const std::string& dir, const RestoreOptions& options,
                      const BackupManifest& manifest) {
  rocksdb::Env* const env = rocksdb::Env::Default();
  for (const std::string& folder : {dir, dir + "/db"}) {
    if (mkdir(folder.c_str(), 0700) != 0) return ErrnoStatus(errno, "cannot make", folder);
  }
  for (const BackupFile& file : manifest.files) {
    const absl::StatusOr<BackupFile> copied = CopyFile(
        env, absl::StrCat(options.from, "/", file.path), absl::StrCat(dir, "/", file.path));
    if (!copied.ok()) return copied.status();
    if (copied->checksum != file.checksum) {
      return absl::DataLossError(absl::StrCat(options.from, "/", file.path,
                                              ": changed while it was copied"));
    }
  }
  return SyncFolder(env, dir + "/db");
}

}  // namespace

absl::StatusOr<BackupManifest> RestoreBackup(const RestoreOptions& given) {
  RestoreOptions options = given;
  while (options.to.size() > 1 && options.to.back() == '/') options.to.pop_back();
  if (absl::Status free = CheckTarget(options.to); !free.ok()) return free;
  absl::StatusOr<BackupManifest> manifest = VerifyWhole(options.from);
  if (!manifest.ok()) return manifest.status();
  const std::string beside = options.to + ".restoring";
  std::error_code error;
  if (fs::exists(beside, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(beside, ": found what an interrupted restore left; remove it"));
  }
  const absl::Cleanup swept = [&beside] {
    std::error_code ignored;
    fs::remove_all(beside, ignored);
  };
  absl::Status status = CopyInto(beside, options, *manifest);
  if (status.ok()) status = OpenOnce(beside, options, manifest->sequence);
  if (status.ok()) status = TakeNewId(beside, manifest->sequence);
  if (status.ok()) status = OpenOnce(beside, options, manifest->sequence);
  if (!status.ok()) return status;
  // An empty folder gives way; any other does not.
  if (std::rename(beside.c_str(), options.to.c_str()) != 0) {
    return ErrnoStatus(errno, "cannot put the restored store in place at", options.to);
  }
  const fs::path parent = fs::absolute(options.to).parent_path();
  status = SyncFolder(rocksdb::Env::Default(), parent);
  if (!status.ok()) return status;
  return manifest;
}

}  // namespace wonbon
