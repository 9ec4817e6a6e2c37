// Calls that are turned away: counted by reason for /metrics; a few of them a second have a line in
// the log.
//
// Thread-safe. Bounded: kMaxSampledLines.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "server/admin/metrics.h"
#include "server/log.h"

namespace wonbon::server {

class Refusals {
 public:
  explicit Refusals(Metrics& metrics) : metrics_(metrics) {}

  struct Call {
    std::string_view rpc;     // "/wonbon.v1.DedupService/Submit"
    std::string_view caller;  // a key's name; empty where nobody was let in
    std::string_view peer;
  };
  // To be told the answer of every call: those that are refusals count.
  void Look(const Call& call, const absl::Status& answer);

 private:
  Metrics& metrics_;
  LineLimit lines_;
};

}  // namespace wonbon::server
