// Whether the server is loading, ready, deaf, without a disk to write to, or going down: what
// /readyz says.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/http/message.h"

namespace wonbon::server {

// Thread-safe.
class Readiness {
 public:
  void Loading(uint64_t done, uint64_t expected) {
    done_ = done;
    expected_ = expected;
  }
  void Ready() { state_ = State::kReady; }
  void Draining() { state_ = State::kDraining; }
  bool ready() const { return state_ == State::kReady; }
  bool draining() const { return state_ == State::kDraining; }
  // What was last heard of the server's own port: OK, or why it does not answer.
  void Heard(const absl::Status& status);
  // What is to be said besides while it serves; asked with every reply. Before the first reply.
  void SetRemarks(std::function<std::string()> remarks) { remarks_ = std::move(remarks); }

  absl::Status heard() const;
  // Empty when ready; "shutting down", or how far it is: "rebuilding index: 12,000 of 23,645".
  std::string Trouble() const;
  // "rebuilding index: 12,000 of 23,645".
  std::string Progress() const;
  // 200 when ready, with remarks if there are any; 503 with the reason otherwise. `writable`: once
  // ready(), Engine::CheckWritable.
  HttpReply Reply(const absl::Status& writable) const;

 private:
  HttpReply WhileServing(const absl::Status& writable) const;

  enum class State { kLoading, kReady, kDraining };

  std::atomic<State> state_{State::kLoading};
  std::atomic<uint64_t> done_{0};
  std::atomic<uint64_t> expected_{0};
  std::function<std::string()> remarks_ = [] { return ""; };
  mutable absl::Mutex mutex_;
  absl::Status heard_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace wonbon::server
