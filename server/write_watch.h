// Looks on a timer whether writes are taken: says so where it changes, asks the engine to resume
// while the disk takes none, and has writes refused where the disk has less room than is to be left
// free, or an operator said so.
//
// Thread-safe. Outlives the engine's commit thread.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/engine.h"

namespace wonbon::server {

class WriteWatch {
 public:
  struct Options {
    std::string data_dir;
    uint64_t disk_reserve = 0;  // bytes that are to be left free; 0: none
    // Hears of the first look, too; on the timer's thread.
    std::function<void(bool writable)> on_change;
  };
  WriteWatch(Engine& engine, Options options) : engine_(engine), options_(std::move(options)) {}

  // Quick. Called on the timer.
  void Look();
  // Whatever writes is refused from now on, for `reason`, or taken again.
  void SetReadOnly(bool read_only, const std::string& reason);

 private:
  // Refuses, or takes, what the operator and the room on the disk say. Whether it refuses.
  bool Decide();

  Engine& engine_;
  const Options options_;
  bool looked_ = false;
  absl::Status last_;
  std::atomic<bool> resuming_{false};
  absl::Mutex mutex_;
  absl::Status said_ ABSL_GUARDED_BY(mutex_);    // by the operator
  bool no_room_ ABSL_GUARDED_BY(mutex_) = false;  // at the last look
};

}  // namespace wonbon::server
