#include "server/access/meter.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace wonbon::server {
namespace {

constexpr MonotonicTime kStart = MonotonicTime(std::chrono::hours(100));
MonotonicTime After(int64_t milliseconds) {
  return kStart + std::chrono::milliseconds(milliseconds);
}

TEST(MeterTest, ASecondsWorthMayBeHadAtOnceAndTheRateHoldsOverTime) {
  Meter meter(10);
  int taken = 0;
  while (meter.Take(1, kStart) == absl::ZeroDuration()) ++taken;
  EXPECT_EQ(taken, 10);
  taken = 0;
  for (int64_t ms = 0; ms < 10'000; ++ms) taken += meter.Take(1, After(ms)) == absl::ZeroDuration();
  EXPECT_NEAR(taken, 100, 1);
}

TEST(MeterTest, WhatIsSaidToWaitIsEnough) {
  Meter meter(7);
  while (meter.Take(1, kStart) == absl::ZeroDuration()) continue;
  const absl::Duration wait = meter.Take(1, kStart);
  EXPECT_GT(wait, absl::ZeroDuration());
  EXPECT_LE(wait, absl::Seconds(1) / 7 + absl::Nanoseconds(2));
  const auto later = kStart + absl::ToChronoNanoseconds(wait);
  EXPECT_GT(meter.Take(1, later - std::chrono::nanoseconds(1)), absl::ZeroDuration());
  EXPECT_EQ(meter.Take(1, later), absl::ZeroDuration());
}

TEST(MeterTest, MoreThanASecondsWorthPassesAndIsMadeUpFor) {
  Meter meter(100);
  EXPECT_EQ(meter.Take(1'000, kStart), absl::ZeroDuration());
  EXPECT_GT(meter.Take(1, After(8'900)), absl::ZeroDuration());
  EXPECT_GT(meter.Take(0, After(8'900)), absl::ZeroDuration()) << "a look takes nothing";
  EXPECT_EQ(meter.Take(1'000, After(9'100)), absl::ZeroDuration());
}

TEST(MeterTest, WithoutALimitThereIsNone) {
  Meter meter(0);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(meter.Take(1'000'000'000, kStart), absl::ZeroDuration());
}

TEST(MeterTest, ManyThreadsTakeNoMoreThanThereIs) {
  Meter meter(1'000);
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1'000; ++n) taken += meter.Take(1, kStart) == absl::ZeroDuration();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 1'000);
}

}  // namespace
}  // namespace wonbon::server
