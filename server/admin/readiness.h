// Whether the server is loading, ready or going down: what /readyz says.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "server/admin/routes.h"

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

  // "rebuilding index: 12,000 of 23,645".
  std::string Progress() const;
  // 200 when ready, 503 with the reason otherwise.
  AdminReply Reply() const;

 private:
  enum class State { kLoading, kReady, kDraining };

  std::atomic<State> state_{State::kLoading};
  std::atomic<uint64_t> done_{0};
  std::atomic<uint64_t> expected_{0};
};

}  // namespace wonbon::server
