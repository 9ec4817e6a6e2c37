#include "core/store/backup.h"

#include <fcntl.h>
#include <linux/ioprio.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/store/backup_files.h"
#include "core/store/files.h"
#include "core/store/folder.h"
#include "core/store/format.h"
#include "core/store/limits.h"
#include "core/store/recovery.h"
#include "core/store/status.h"
#include "core/store/tables.h"
#include "rocksdb/env.h"
#include "rocksdb/utilities/checkpoint.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;

constexpr char kManifestName[] = "BACKUP";
constexpr char kNameFormat[] = "%Y%m%dT%H%M%E3SZ";
constexpr char kNamePattern[] = "00000000T000000.000Z";  // a digit for each 0
constexpr char kUnfinished[] = ".new";

bool IsBackupName(std::string_view name) {
  const std::string_view pattern = kNamePattern;
  if (name.size() != pattern.size()) return false;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (pattern[i] == '0' ? !absl::ascii_isdigit(static_cast<unsigned char>(c)) : c != pattern[i]) {
      return false;
    }
  }
  return true;
}

bool IsUnfinishedName(std::string_view name) {
  return name.ends_with(kUnfinished) &&
         IsBackupName(name.substr(0, name.size() - std::string_view(kUnfinished).size()));
}

absl::Status Unusable(const std::string& words) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   {.reason = ErrorReason::kBackupFolderUnusable}, words);
}

// As it is for who asked for a backup: what the store's disk and the backup's say differs.
absl::Status OfTarget(const absl::Status& status) {
  if (!absl::IsResourceExhausted(status)) return status;
  return MakeError(absl::StatusCode::kResourceExhausted,
                   {.reason = ErrorReason::kBackupFolderFull},
                   std::string(status.message()));
}

absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return Unusable(absl::StrCat("backup folder ", folder,
                                 ": there is no such folder; make it, or mount what it is on"));
  }
  std::vector<std::string> names;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename());
  }
  if (error) {
    return Unusable(absl::StrCat("backup folder ", folder, ": cannot list it: ", error.message()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::Status RefuseForeignFiles(const std::string& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (IsBackupName(name) || IsUnfinishedName(name) || name == "lost+found") continue;
    return Unusable(absl::StrCat("backup folder ", folder, ": found ", name,
                                 ", which is no backup; give a folder of its own"));
  }
  return absl::OkStatus();
}

// Lets go of the lock when it goes out of scope.
class FolderLock {
 public:
  static absl::StatusOr<FolderLock> Take(const std::string& folder) {
    const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return Unusable(std::string(ErrnoStatus(errno, "cannot open", folder).message()));
    FolderLock lock(fd);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK) {
      return Unusable(std::string(ErrnoStatus(errno, "cannot lock", folder).message()));
    }
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     {.reason = ErrorReason::kBackupRunning},
                     absl::StrCat("another server makes a backup in ", folder,
                                  "; try again when that is done"));
  }
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock() {
    if (fd_ >= 0) close(fd_);
  }

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

// REQUIRES: the lock.
void RemoveUnfinished(const std::string& folder, const std::vector<std::string>& names) {
  std::error_code error;
  for (const std::string& name : names) {
    if (IsUnfinishedName(name)) fs::remove_all(absl::StrCat(folder, "/", name), error);
  }
}

absl::StatusOr<BackupManifest> ReadManifest(const std::string& path) {
  const std::string file = absl::StrCat(path, "/", kManifestName);
  const absl::StatusOr<SmallFile> found = ReadSmallFile(file, kMaxManifestBytes);
  if (absl::IsNotFound(found.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": found no file BACKUP; expected a backup that is done"));
  }
  if (!found.ok()) return found.status();
  return ParseManifest(found->bytes, file);
}

// Has the calling thread give way to all others, for good, at the cores and at the disk.
void GiveWay() {
  constexpr int kNice = 10;  // a tenth of what another thread gets, where both want a core
  // Where the system refuses, the backup is made all the same. 0: this thread.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
  syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 7));
}

// One backup in the making.
class Making {
 public:
  Making(const Tables& tables, const DataFolder& data, const StoreFormat& format,
         const BackupOptions& options, rocksdb::Env* env)
      : tables_(tables),
        data_(data),
        format_(format),
        options_(options),
        env_(env != nullptr ? env : rocksdb::Env::Default()),
        name_(absl::FormatTime(kNameFormat, options.now, absl::UTCTimeZone())),
        path_(absl::StrCat(options.folder, "/", name_)),
        unfinished_(absl::StrCat(path_, kUnfinished)) {}

  absl::StatusOr<Backup> Run();

 private:
  absl::Status Prepare(const std::vector<std::string>& names);
  absl::Status Checkpoint();
  absl::Status CheckRoom(const std::vector<std::string>& files);
  absl::Status Copy(const std::string& from, const std::string& name);
  absl::Status CopyAll();
  // The same, in a thread that gives way: copying would take a core, and its turn before a writer
  // that wakes from an fsync. Not so the checkpoint, which holds locks that a writer waits for.
  absl::Status CopyGently() {
    absl::Status status;
    std::thread([&] {
      GiveWay();
      status = CopyAll();
    }).join();
    return status;
  }
  absl::Status Finish();

  const Tables& tables_;
  const DataFolder& data_;
  const StoreFormat& format_;
  const BackupOptions& options_;
  rocksdb::Env* const env_;
  const std::string name_;
  const std::string path_;
  const std::string unfinished_;
  BackupManifest manifest_;
};

absl::Status Making::Prepare(const std::vector<std::string>& names) {
  if (absl::Status status = RefuseForeignFiles(options_.folder, names); !status.ok()) {
    return status;
  }
  RemoveUnfinished(options_.folder, names);
  std::error_code error;
  if (fs::exists(path_, error)) {
    return absl::AlreadyExistsError(absl::StrCat("backup ", name_, " is there already"));
  }
  for (const std::string& folder : {unfinished_, unfinished_ + "/db"}) {
    if (mkdir(folder.c_str(), 0700) == 0) continue;
    const absl::Status status = ErrnoStatus(errno, "cannot make", folder);
    return absl::IsFailedPrecondition(status) ? Unusable(std::string(status.message()))
                                              : OfTarget(status);
  }
  return absl::OkStatus();
}

absl::Status Making::Checkpoint() {
  std::error_code error;
  fs::remove_all(data_.checkpoint_path(), error);
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(&tables_.db(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  // What is in memory goes into tables first, so that little of the log is left to copy.
  if (status.ok()) status = checkpoint->CreateCheckpoint(data_.checkpoint_path());
  if (!status.ok()) return ToStatus(status, "cannot make a checkpoint");
  const auto opened =
      Tables::Open({.path = data_.checkpoint_path(), .read_only = true, .env = env_});
  if (!opened.ok()) return opened.status();
  const absl::StatusOr<StoreState> state = ReadState(**opened);
  if (state.ok()) manifest_.sequence = state->last_sequence;
  return state.status();
}

absl::Status Making::CheckRoom(const std::vector<std::string>& files) {
  uint64_t bytes = options_.keep_free;
  std::error_code error;
  for (const std::string& file : files) {
    bytes += fs::file_size(absl::StrCat(data_.checkpoint_path(), "/", file), error);
  }
  uint64_t free = 0;
  // Where that cannot be told, copying finds out.
  if (!env_->GetFreeSpace(options_.folder, &free).ok() || free >= bytes) return absl::OkStatus();
  return OfTarget(absl::ResourceExhaustedError(
      absl::StrCat("backup folder ", options_.folder, ": no room: it has ", free >> 20,
                   " MiB and needs ", (bytes >> 20) + 1)));
}

absl::Status Making::Copy(const std::string& from, const std::string& name) {
  absl::StatusOr<BackupFile> copied = CopyFile(env_, from, absl::StrCat(unfinished_, "/", name));
  if (!copied.ok()) return OfTarget(copied.status());
  copied->path = name;
  manifest_.files.push_back(*std::move(copied));
  return absl::OkStatus();
}

absl::Status Making::CopyAll() {
  const absl::StatusOr<std::vector<std::string>> files = FilesBelow(data_.checkpoint_path());
  if (!files.ok()) return files.status();
  if (absl::Status status = CheckRoom(*files); !status.ok()) return status;
  absl::Status status = Copy(data_.format_path(), "FORMAT");
  for (const std::string& file : *files) {
    if (status.ok() && options_.wanted) status = options_.wanted();
    if (!status.ok()) return status;
    status = Copy(absl::StrCat(data_.checkpoint_path(), "/", file), absl::StrCat("db/", file));
  }
  if (status.ok() && format_.seed_in_folder) status = Copy(data_.seed_path(), "seed");
  return status;
}

absl::Status Making::Finish() {
  manifest_.program = options_.program;
  manifest_.store_id = format_.store_id;
  manifest_.created_at = absl::FromUnixMillis(absl::ToUnixMillis(options_.now));
  absl::Status status = SyncFolder(env_, unfinished_ + "/db");
  if (status.ok()) {
    status = WriteWhole(env_, absl::StrCat(unfinished_, "/", kManifestName),
                        ManifestText(manifest_));
  }
  if (status.ok()) status = SyncFolder(env_, unfinished_);
  if (status.ok()) {
    status = ToStatus(env_->RenameFile(unfinished_, path_), absl::StrCat("cannot name ", path_));
  }
  if (status.ok()) status = SyncFolder(env_, options_.folder);
  return OfTarget(status);
}

absl::StatusOr<Backup> Making::Run() {
  if (tables_.read_only()) {
    return MakeError(absl::StatusCode::kUnavailable, {.reason = ErrorReason::kStoreUnavailable},
                     "cannot make a backup: the store is open for reading alone");
  }
  const absl::StatusOr<std::vector<std::string>> names = NamesIn(options_.folder);
  if (!names.ok()) return names.status();
  const absl::StatusOr<FolderLock> lock = FolderLock::Take(options_.folder);
  if (!lock.ok()) return lock.status();
  absl::Status status = Prepare(*names);
  const absl::Cleanup swept = [this] {
    std::error_code error;
    fs::remove_all(data_.checkpoint_path(), error);
    if (fs::exists(unfinished_, error)) fs::remove_all(unfinished_, error);
  };
  if (status.ok()) status = Checkpoint();
  if (status.ok()) status = CopyGently();
  if (status.ok()) status = Finish();
  if (!status.ok()) return status;
  return Backup{.name = name_, .manifest = std::move(manifest_), .status = absl::OkStatus()};
}

}  // namespace

absl::Status SweepBackups(const std::string& folder) {
  const absl::StatusOr<std::vector<std::string>> names = NamesIn(folder);
  if (!names.ok()) return names.status();
  const absl::StatusOr<FolderLock> lock = FolderLock::Take(folder);
  if (lock.ok()) RemoveUnfinished(folder, *names);
  return ReasonOf(lock.status()) == ErrorReason::kBackupRunning ? absl::OkStatus() : lock.status();
}

absl::StatusOr<Backup> MakeBackup(const Tables& tables, const DataFolder& data,
                                  const StoreFormat& format, const BackupOptions& options,
                                  rocksdb::Env* env) {
  return Making(tables, data, format, options, env).Run();
}

absl::StatusOr<std::vector<Backup>> ListBackups(const std::string& folder) {
  const absl::StatusOr<std::vector<std::string>> names = NamesIn(folder);
  if (!names.ok()) return names.status();
  std::vector<Backup> backups;
  for (const std::string& name : *names) {
    if (!IsBackupName(name)) continue;
    Backup& backup = backups.emplace_back(Backup{.name = name, .manifest = {}, .status = {}});
    absl::StatusOr<BackupManifest> manifest = ReadManifest(absl::StrCat(folder, "/", name));
    backup.status = manifest.status();
    if (manifest.ok()) backup.manifest = *std::move(manifest);
  }
  return backups;
}

absl::StatusOr<BackupReport> VerifyBackup(const std::string& path,
                                          const std::function<absl::Status()>& wanted) {
  absl::StatusOr<BackupManifest> manifest = ReadManifest(path);
  if (!manifest.ok()) return manifest.status();
  const absl::StatusOr<std::vector<std::string>> found = FilesBelow(path);
  if (!found.ok()) return found.status();
  std::set<std::string> strange(found->begin(), found->end());
  strange.erase(kManifestName);
  BackupReport report{.manifest = *std::move(manifest), .damage = {}};
  uint64_t faults = 0;
  const auto complain = [&](const std::string& line) {
    if (++faults <= kMaxBackupDamage) report.damage.push_back(line);
  };
  for (const BackupFile& file : report.manifest.files) {
    if (absl::Status go_on = wanted ? wanted() : absl::OkStatus(); !go_on.ok()) return go_on;
    if (strange.erase(file.path) == 0) {
      complain(absl::StrCat(file.path, ": missing"));
      continue;
    }
    const absl::StatusOr<BackupFile> read = ReadThrough(absl::StrCat(path, "/", file.path));
    if (!read.ok()) {
      complain(absl::StrCat(file.path, ": ", read.status().message()));
    } else if (read->bytes != file.bytes) {
      complain(absl::StrCat(file.path, ": damaged: found ", read->bytes, " bytes; expected ",
                            file.bytes));
    } else if (read->checksum != file.checksum) {
      complain(absl::StrCat(file.path, ": damaged: found other bytes than were written"));
    }
  }
  for (const std::string& name : strange) complain(absl::StrCat(name, ": not of this backup"));
  if (faults > kMaxBackupDamage) {
    report.damage.push_back(absl::StrCat("and ", faults - kMaxBackupDamage, " more"));
  }
  return report;
}

absl::StatusOr<std::string> FindBackup(const std::string& folder, const std::string& name) {
  if (!IsBackupName(name)) {
    return InvalidField("backup", absl::StrCat("expected the name of a backup, such as ",
                                             "20261128T022000.123Z, got \"", name, "\""));
  }
  if (const auto names = NamesIn(folder); !names.ok()) return names.status();
  std::string path = absl::StrCat(folder, "/", name);
  std::error_code error;
  if (fs::is_directory(path, error)) return path;
  return MakeError(absl::StatusCode::kNotFound,
                   {.reason = ErrorReason::kBackupNotFound, .subject = name},
                   absl::StrCat("backup \"", name, "\" does not exist"));
}

absl::StatusOr<std::vector<std::string>> PruneBackups(const std::string& folder,
                                                      const std::string& store_id, size_t keep) {
  absl::StatusOr<std::vector<Backup>> backups = ListBackups(folder);
  if (!backups.ok()) return backups.status();
  std::erase_if(*backups, [&](const Backup& backup) {
    return !backup.status.ok() || backup.manifest.store_id != store_id;
  });
  std::vector<std::string> removed;
  for (size_t i = 0; i + keep < backups->size(); ++i) {
    const std::string path = absl::StrCat(folder, "/", (*backups)[i].name);
    // Renamed first: one that is half removed is no backup.
    const std::string going = absl::StrCat(path, kUnfinished);
    std::error_code error;
    fs::rename(path, going, error);
    if (!error) fs::remove_all(going, error);
    if (error) return ErrnoStatus(error.value(), "cannot remove", path);
    removed.push_back((*backups)[i].name);
  }
  return removed;
}

}  // namespace wonbon
