// Looks on a timer whether the engine takes writes: says so where it changes, and asks it to resume
// while it does not.
//
// Outlives the engine's commit thread.
#pragma once

#include <atomic>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "core/engine.h"

namespace wonbon::server {

class WriteWatch {
 public:
  // `on_change` hears of the first look, too.
  WriteWatch(Engine& engine, std::function<void(bool writable)> on_change)
      : engine_(engine), on_change_(std::move(on_change)) {}

  // Quick. By one thread.
  void Look();

 private:
  Engine& engine_;
  const std::function<void(bool writable)> on_change_;
  bool looked_ = false;
  absl::Status last_;
  std::atomic<bool> resuming_{false};
};

}  // namespace wonbon::server
