#include "server/admin/slow_calls.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/limits.h"

namespace wonbon::server {
namespace {

SlowCall Call(int64_t ms) {
  return {.rpc = "/wonbon.v1.DedupService/Check",
          .collection = "",
          .began = absl::UnixEpoch(),
          .took = absl::Milliseconds(ms),
          .caller = "",
          .traceparent = ""};
}

TEST(SlowCallsTest, TheNewestAreKeptAndTheSlowestComeFirst) {
  SlowCalls calls(absl::Milliseconds(100));
  EXPECT_FALSE(calls.AreSlow(absl::Milliseconds(99)));
  EXPECT_TRUE(calls.AreSlow(absl::Milliseconds(100)));
  const auto kept = static_cast<int64_t>(kMaxSlowCalls);
  calls.Add(Call(1'000'000));  // too many come after it
  for (int64_t i = 0; i < kept; ++i) calls.Add(Call(100 + i * 7 % 50));
  const SlowCalls::Listed listed = calls.List();
  EXPECT_EQ(listed.total, kMaxSlowCalls + 1);
  ASSERT_EQ(listed.calls.size(), kMaxSlowCalls);
  EXPECT_EQ(listed.calls.front().took, absl::Milliseconds(149));
  for (size_t i = 1; i < listed.calls.size(); ++i) {
    EXPECT_GE(listed.calls[i - 1].took, listed.calls[i].took);
  }
}

TEST(SlowCallsTest, WithoutAThresholdNothingIsSlow) {
  EXPECT_FALSE(SlowCalls(absl::ZeroDuration()).AreSlow(absl::Hours(1)));
}

TEST(SlowCallsTest, OnlyAWellFormedTraceparentIsTaken) {
  const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  EXPECT_EQ(Traceparent(good), good);
  const std::vector<std::string> malformed = {
      "",
      good + "0",
      good.substr(1),
      "01" + good.substr(2),
      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7\n01",
      "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01"};
  for (const std::string& bad : malformed) {
    EXPECT_EQ(Traceparent(bad), "") << bad;
  }
}

}  // namespace
}  // namespace wonbon::server
