#include "client/retry.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "client/status.h"

namespace wonbon::client {

CallOptions PatientCalls(absl::Duration give_up_after) {
  CallOptions call;
  call.timeout = absl::InfiniteDuration();
  call.retry.max_attempts = RetryPolicy::kUnlimitedAttempts;
  call.retry.give_up_after = give_up_after;
  call.retry.max_backoff = absl::Seconds(2);
  call.retry.retry_deadline_exceeded = true;
  return call;
}

bool Pause(const CallOptions& options, const absl::Status& error, absl::Duration wait) {
  if (options.on_retry) options.on_retry(error, wait);
  if (options.cancellation != nullptr) return options.cancellation->Sleep(wait);
  absl::SleepFor(wait);
  return true;
}

bool IsRetryable(const absl::Status& status, const RetryPolicy& policy) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable: return true;
    case absl::StatusCode::kResourceExhausted: return RetryDelay(status).has_value();
    case absl::StatusCode::kDeadlineExceeded: return policy.retry_deadline_exceeded;
    default: return false;
  }
}

Backoff::Backoff(const RetryPolicy& policy, uint64_t seed)
    : policy_(policy),
      base_(policy.initial_backoff),
      random_(static_cast<std::minstd_rand::result_type>(seed)) {}

absl::Duration Backoff::Next(std::optional<absl::Duration> server_delay) {
  std::uniform_real_distribution<double> spread(1 - policy_.jitter, 1 + policy_.jitter);
  absl::Duration wait = std::min(base_, policy_.max_backoff) * spread(random_);
  base_ = std::min(base_ * policy_.multiplier, policy_.max_backoff);
  if (server_delay.has_value() && wait < *server_delay) {
    // Clients that were turned away together must not come back together.
    std::uniform_real_distribution<double> later(1, 1 + policy_.jitter);
    wait = *server_delay * later(random_);
  }
  return wait;
}

uint64_t RandomSeed() {
  static thread_local std::random_device device;
  return device();
}

}  // namespace wonbon::client
