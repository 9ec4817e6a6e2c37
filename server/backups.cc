#include "server/backups.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/views.h"
#include "server/limits.h"
#include "server/log.h"
#include "server/message/status.h"

namespace wonbon::server {
namespace {

MonotonicTime After(absl::Duration wait) {
  return MonotonicNow() + absl::ToChronoNanoseconds(wait);
}

}  // namespace

// A restart does not put off what is due.
Backups::Backups(Engine& engine, Options options) : engine_(engine), options_(std::move(options)) {
  absl::Duration wait = options_.every;
  const std::string id = engine_.GetStats().store_id;
  if (const auto backups = List(); backups.ok()) {
    absl::Time newest = absl::InfinitePast();
    for (const Backup& backup : *backups) {
      const bool ours = backup.status.ok() && backup.manifest.store_id == id;
      if (ours) newest = std::max(newest, backup.manifest.created_at);
    }
    wait = std::clamp(newest + options_.every - absl::Now(), absl::ZeroDuration(), options_.every);
  }
  absl::MutexLock lock(&mutex_);
  due_ = After(wait);
}

Backups::~Backups() {
  Stop();
  std::thread last;
  {
    absl::MutexLock lock(&mutex_);
    last = std::move(thread_);
  }
  if (last.joinable()) last.join();
}

void Backups::Stop() { stopping_ = true; }

absl::Status Backups::CheckFolder() const {
  if (!options_.folder.empty()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   {.reason = ErrorReason::kBackupFolderUnusable},
                   "the server has no folder of backups: start it with --backup-dir");
}

absl::Status Backups::Begin(std::function<void()> work) {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return Draining();
  if (running_) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     {.reason = ErrorReason::kBackupRunning},
                     "a backup is being made or verified; try again when that is done");
  }
  if (thread_.joinable()) thread_.join();  // it is done, but for its end
  running_ = true;
  thread_ = std::thread([this, work = std::move(work)] {
    work();
    absl::MutexLock done(&mutex_);
    running_ = false;
  });
  return absl::OkStatus();
}

absl::StatusOr<Backups::Made> Backups::MakeOne() {
  const MonotonicTime began = MonotonicNow();
  absl::StatusOr<Backup> backup = engine_.MakeBackup(
      {.folder = options_.folder,
       .program = WONBON_VERSION,
       .now = absl::Now(),
       .keep_free = options_.keep_free,
       .wanted = [this] { return stopping_ ? Draining() : absl::OkStatus(); }});
  {
    absl::MutexLock lock(&mutex_);
    due_ = After(backup.ok() ? options_.every : std::min(options_.every, kBackupRetryDelay));
  }
  if (!backup.ok()) {
    ++failures_;
    LogError(absl::StrCat("no backup was made: ", backup.status().message()));
    return backup.status();
  }
  ++made_;
  last_time_ = absl::ToDoubleSeconds(backup->manifest.created_at - absl::UnixEpoch());
  LogInfo(absl::StrCat("backup ", backup->name, ": ", backup->manifest.bytes() >> 20,
                       " MiB, through sequence ", backup->manifest.sequence, ", in ",
                       absl::FormatDuration(absl::Trunc(Since(began), absl::Milliseconds(1)))));
  absl::StatusOr<std::vector<std::string>> removed =
      PruneBackups(options_.folder, backup->manifest.store_id, options_.keep);
  if (!removed.ok()) {
    LogError(absl::StrCat("old backups stay: ", removed.status().message()));
    removed = std::vector<std::string>();
  }
  return Made{*std::move(backup), *std::move(removed)};
}

void Backups::Create(std::function<void(absl::StatusOr<Made>)> done) {
  const auto answer = std::make_shared<decltype(done)>(std::move(done));
  absl::Status begun = CheckFolder();
  if (begun.ok()) begun = Begin([this, answer] { (*answer)(MakeOne()); });
  if (!begun.ok()) (*answer)(begun);
}

void Backups::Verify(const std::string& name,
                     std::function<void(absl::StatusOr<BackupReport>)> done) {
  const auto answer = std::make_shared<decltype(done)>(std::move(done));
  absl::Status begun = CheckFolder();
  if (begun.ok()) {
    const absl::StatusOr<std::string> path = FindBackup(options_.folder, name);
    begun = path.ok() ? Begin([path = *path, answer] { (*answer)(VerifyBackup(path)); })
                      : path.status();
  }
  if (!begun.ok()) (*answer)(begun);
}

absl::StatusOr<std::vector<Backup>> Backups::List() const {
  if (absl::Status there = CheckFolder(); !there.ok()) return there;
  return ListBackups(options_.folder);
}

void Backups::Look() {
  if (options_.every == absl::ZeroDuration()) return;
  {
    absl::MutexLock lock(&mutex_);
    if (running_ || MonotonicNow() < due_) return;
  }
  Create([](const absl::StatusOr<Made>&) {});  // it is in the log
}

}  // namespace wonbon::server
