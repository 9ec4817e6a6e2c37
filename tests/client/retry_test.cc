#include "client/retry.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/time/clock.h"
#include "client/status.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace wonbon::client {
namespace {

RetryPolicy Policy() {
  RetryPolicy policy;
  policy.initial_backoff = absl::Milliseconds(100);
  policy.max_backoff = absl::Milliseconds(400);
  policy.multiplier = 2;
  policy.jitter = 0.2;
  return policy;
}

TEST(BackoffTest, WaitsGrowToTheMaximumWithinTheJitter) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    Backoff backoff(Policy(), seed);
    for (const int base : {100, 200, 400, 400, 400}) {
      const absl::Duration wait = backoff.Next(std::nullopt);
      EXPECT_GE(wait, absl::Milliseconds(base) * 0.8) << "seed " << seed;
      EXPECT_LE(wait, absl::Milliseconds(base) * 1.2) << "seed " << seed;
    }
  }
}

TEST(BackoffTest, NeverLessThanTheServerAsksFor) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    Backoff backoff(Policy(), seed);
    const absl::Duration wait = backoff.Next(absl::Seconds(3));
    EXPECT_GE(wait, absl::Seconds(3)) << "seed " << seed;
    EXPECT_LE(wait, absl::Seconds(3.6)) << "seed " << seed;
  }
}

TEST(BackoffTest, TheSameSeedGivesTheSameWaits) {
  Backoff a(Policy(), 7);
  Backoff b(Policy(), 7);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(a.Next(std::nullopt), b.Next(std::nullopt));
}

TEST(RetryTest, OfCodesAloneOnlyUnavailableIsRepeated) {
  RetryPolicy policy;
  for (int code = 0; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "x");
    EXPECT_EQ(IsRetryable(status, policy), absl::IsUnavailable(status)) << code;
  }
  policy.retry_deadline_exceeded = true;
  EXPECT_TRUE(IsRetryable(absl::DeadlineExceededError("x"), policy));
}

TEST(RetryTest, ALimitThatPassesIsRepeatedAndOneThatStaysIsNot) {
  google::rpc::Status error;
  error.set_code(static_cast<int>(absl::StatusCode::kResourceExhausted));
  EXPECT_FALSE(IsRetryable(FromRpc(error), {}));
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(1);
  error.add_details()->PackFrom(retry);
  EXPECT_TRUE(IsRetryable(FromRpc(error), {}));
}

TEST(CancellationTest, EndsAWaitAtOnce) {
  Cancellation cancellation;
  std::thread other([&] {
    absl::SleepFor(absl::Milliseconds(20));
    cancellation.Cancel();
  });
  const absl::Time start = absl::Now();
  EXPECT_FALSE(cancellation.Sleep(absl::Seconds(30)));
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
  other.join();
  EXPECT_TRUE(cancellation.cancelled());
}

}  // namespace
}  // namespace wonbon::client
