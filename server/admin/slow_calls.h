// The calls that took longer than --slow-call: a line in the log for each, and the newest of them
// kept for ListSlowCalls. Never a text: rpc, collection, numbers and who called.
//
// Thread-safe. Bounded: kMaxSlowCalls, kMaxSampledLines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/log.h"

namespace wonbon::server {

struct SlowCall {
  std::string rpc;         // "/wonbon.v1.DedupService/Submit"
  std::string collection;  // empty where none was named
  absl::Time began;
  absl::Duration took;
  size_t request_bytes = 0;
  size_t response_bytes = 0;
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string caller;       // a key's name; empty where nobody was let in
  std::string traceparent;  // well-formed, or empty
};

class SlowCalls {
 public:
  // `threshold`: what counts as slow; zero: nothing does.
  explicit SlowCalls(absl::Duration threshold) : threshold_(threshold) {}

  absl::Duration threshold() const { return threshold_; }
  bool AreSlow(absl::Duration took) const {
    return threshold_ > absl::ZeroDuration() && took >= threshold_;
  }
  // REQUIRES: AreSlow(call.took).
  void Add(SlowCall call);

  struct Listed {
    std::vector<SlowCall> calls;  // slowest first
    uint64_t total = 0;           // since the start
  };
  Listed List() const;
  uint64_t total() const {
    absl::MutexLock lock(&mutex_);
    return total_;
  }

 private:
  const absl::Duration threshold_;
  LineLimit lines_;
  mutable absl::Mutex mutex_;
  std::deque<SlowCall> newest_ ABSL_GUARDED_BY(mutex_);
  uint64_t total_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The value where it is a traceparent of W3C Trace Context, version 00: "00-" and 32, 16 and 2 hex
// digits, in lower case; empty for any other.
std::string_view Traceparent(std::string_view value);

}  // namespace wonbon::server
