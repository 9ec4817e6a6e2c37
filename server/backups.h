// Backups as the server makes them: one at a time, on a thread of its own, when asked and by the
// clock; the oldest go. What an earlier process left half made is removed at the start.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/engine.h"
#include "core/store/backup.h"
#include "server/monotonic.h"

namespace wonbon::server {

class Backups {
 public:
  struct Options {
    std::string folder;                           // empty: there are none
    absl::Duration every = absl::ZeroDuration();  // zero: only when asked
    size_t keep = 1;
    uint64_t keep_free = 0;  // bytes, of the folder's disk
  };
  struct Made {
    Backup backup;
    std::vector<std::string> removed;
  };

  Backups(Engine& engine, Options options);
  // Stops.
  ~Backups();
  Backups(const Backups&) = delete;
  Backups& operator=(const Backups&) = delete;

  // `done` is called once, here or on the thread; the next one may be begun then. Errors are those
  // of core/store/backup.h, and FAILED_PRECONDITION (kBackupRunning), UNAVAILABLE (kDraining).
  void Create(std::function<void(absl::StatusOr<Made>)> done);
  void Verify(const std::string& name, std::function<void(absl::StatusOr<BackupReport>)> done);
  absl::StatusOr<std::vector<Backup>> List() const;

  // Called on a timer: makes one that is due.
  void Look();
  // Gives up what is under way. No further one is begun.
  void Stop();

  bool has_folder() const { return !options_.folder.empty(); }
  // Why the last one was not made; empty where it was, or none was wanted.
  std::string Trouble() const;
  uint64_t made() const { return made_; }
  uint64_t failures() const { return failures_; }
  // Of the last of this store, those of before the start too: seconds since 1970, and bytes; 0 for
  // none.
  double last_time() const { return last_time_; }
  uint64_t last_bytes() const { return last_bytes_; }

 private:
  void Remember(const BackupManifest& manifest);
  absl::Status CheckFolder() const;
  // UNAVAILABLE (kDraining) once it is to stop.
  absl::Status Wanted() const;
  using Answer = std::function<void()>;
  // Runs `work` on the thread, and then the answer that it returns; or says why not.
  absl::Status Begin(std::function<Answer()> work);
  absl::StatusOr<Made> MakeOne();

  Engine& engine_;
  const Options options_;
  std::atomic<uint64_t> made_{0};
  std::atomic<uint64_t> failures_{0};
  std::atomic<double> last_time_{0};
  std::atomic<uint64_t> last_bytes_{0};
  std::atomic<bool> stopping_{false};
  mutable absl::Mutex mutex_;
  std::string trouble_ ABSL_GUARDED_BY(mutex_);
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  MonotonicTime due_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace wonbon::server
