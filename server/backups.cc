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
  if (!has_folder()) return;
  const std::string id = engine_.GetStats().store_id;
  absl::Status usable = SweepBackups(options_.folder);
  absl::Time newest = absl::InfinitePast();
  if (const auto backups = List(); backups.ok()) {
    for (const Backup& backup : *backups) {
      if (!backup.status.ok() || backup.manifest.store_id != id) continue;
      newest = std::max(newest, backup.manifest.created_at);
      Remember(backup.manifest);
    }
  } else {
    usable.Update(backups.status());
  }
  if (!usable.ok()) LogWarning(absl::StrCat("backups: ", usable.message()));
  absl::MutexLock lock(&mutex_);
  trouble_ = std::string(usable.message());
  due_ = After(std::clamp(newest + options_.every - absl::Now(), absl::ZeroDuration(),
                          options_.every));
}

void Backups::Remember(const BackupManifest& manifest) {
  last_time_ = absl::ToDoubleSeconds(manifest.created_at - absl::UnixEpoch());
  last_bytes_ = manifest.bytes();
}

std::string Backups::Trouble() const {
  absl::MutexLock lock(&mutex_);
  return trouble_;
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

absl::Status Backups::Wanted() const { return stopping_ ? Draining() : absl::OkStatus(); }

absl::Status Backups::CheckFolder() const {
  if (has_folder()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   {.reason = ErrorReason::kBackupFolderUnusable},
                   "the server has no folder of backups: start it with --backup-dir");
}

absl::Status Backups::Begin(std::function<Answer()> work) {
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
    const Answer answer = work();
    {
      absl::MutexLock done(&mutex_);
      running_ = false;
    }
    answer();  // whoever hears of it may begin the next one
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
       .wanted = [this] { return Wanted(); }});
  {
    absl::MutexLock lock(&mutex_);
    due_ = After(backup.ok() ? options_.every : std::min(options_.every, kBackupRetryDelay));
    trouble_ = std::string(backup.status().message());
  }
  if (!backup.ok()) {
    ++failures_;
    LogError(absl::StrCat("no backup was made: ", backup.status().message()));
    return backup.status();
  }
  ++made_;
  Remember(backup->manifest);
  LogInfo("backup made", {{"name", backup->name},
                          {"bytes", backup->manifest.bytes()},
                          {"sequence", backup->manifest.sequence},
                          {"ms", absl::ToInt64Milliseconds(Since(began))}});
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
  if (begun.ok()) {
    begun = Begin([this, answer] {
      return [answer, made = MakeOne()] { (*answer)(made); };
    });
  }
  if (!begun.ok()) (*answer)(begun);
}

void Backups::Verify(const std::string& name,
                     std::function<void(absl::StatusOr<BackupReport>)> done) {
  const auto answer = std::make_shared<decltype(done)>(std::move(done));
  absl::Status begun = CheckFolder();
  if (begun.ok()) {
    const absl::StatusOr<std::string> path = FindBackup(options_.folder, name);
    begun = !path.ok() ? path.status() : Begin([this, path = *path, answer] {
      return [answer, report = VerifyBackup(path, [this] { return Wanted(); })] {
        (*answer)(report);
      };
    });
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
