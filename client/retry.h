// When a failed call is tried again, and how long to wait before. The defaults are those of
// service_config.json.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <random>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/cancellation.h"
#include "client/limits.h"
#include "client/service_defaults.h"

namespace wonbon::client {

// Every rpc of wonbon may be repeated: a repeated Submit is UNCHANGED, a repeated delete answers
// the same tombstone.
struct RetryPolicy {
  // Attempts of one call, the first included.
  int max_attempts = kCallAttempts;
  // Exponential back-off: the wait before attempt n + 1 is initial · multiplier^(n-1), at most max,
  // then up to `jitter` longer or shorter at random, so that many clients do not come back at once.
  absl::Duration initial_backoff = absl::Seconds(kInitialBackoffSeconds);
  absl::Duration max_backoff = absl::Seconds(kLongestBackoffSeconds);
  double multiplier = kBackoffMultiplier;
  double jitter = 0.2;
  // No attempt begins later than this after the first one failed.
  absl::Duration give_up_after = absl::InfiniteDuration();
  // Also where an attempt took longer than attempt_timeout.
  bool retry_deadline_exceeded = false;

  static constexpr int kUnlimitedAttempts = std::numeric_limits<int>::max();
};

// How one call is made.
struct CallOptions {
  // From the first attempt to the answer, waits included. Past it: the error of the last attempt.
  absl::Duration timeout = absl::Seconds(kCallSeconds);
  // One attempt.
  absl::Duration attempt_timeout = absl::Seconds(kCallSeconds);
  RetryPolicy retry;
  // WatchClusters: a stream that says nothing for this long is begun anew.
  absl::Duration max_silence = kMaxWatchSilence;
  // Told of each attempt that failed and is repeated after `wait`. Called on the calling thread.
  std::function<void(const absl::Status& error, absl::Duration wait)> on_retry;
  // Not owned; may be null.
  Cancellation* cancellation = nullptr;
};

// For work that should get through a restart of the server: as many attempts as it takes, until
// they have failed for `give_up_after`.
CallOptions PatientCalls(absl::Duration give_up_after);

// Tells on_retry and waits. False if cancelled meanwhile.
bool Pause(const CallOptions& options, const absl::Status& error, absl::Duration wait);

// UNAVAILABLE (which is also what a CANCELLED that nobody here asked for is, see status.h);
// RESOURCE_EXHAUSTED with a google.rpc.RetryInfo: a limit that passes with time has one;
// DEADLINE_EXCEEDED where the policy says so.
bool IsRetryable(const absl::Status& status, const RetryPolicy& policy);

// The waits of one call. Not thread-safe.
class Backoff {
 public:
  // The same seed gives the same waits.
  Backoff(const RetryPolicy& policy, uint64_t seed);

  // The wait before the next attempt: by back-off, and never less than what the server asked for.
  absl::Duration Next(std::optional<absl::Duration> server_delay);

 private:
  const RetryPolicy policy_;
  absl::Duration base_;
  std::minstd_rand random_;
};

// A seed that differs from call to call.
uint64_t RandomSeed();

}  // namespace wonbon::client
