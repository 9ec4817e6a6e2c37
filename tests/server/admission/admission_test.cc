#include "server/admission/admission.h"

#include <gtest/gtest.h>

#include <optional>

#include "absl/synchronization/notification.h"
#include "server/limits.h"
#include "server/message/status.h"

namespace wonbon::server {
namespace {

class Stream : public OpenStream {
 public:
  void Drain() override { ++drains; }
  int drains = 0;
};

class AdmissionTest : public testing::Test {
 protected:
  const Rpc& rpc_ = RpcTable().front();
  CallRegistry calls_;
  ByteBudget bytes_{100};
  uint64_t used_memory_ = 0;
  MemoryCeiling memory_{{.limit = 1'000, .used = [this] { return used_memory_; }}};
  WorkerPool pool_{{.threads = 1, .max_queued_requests = 1}};
  Admission admission_{calls_, bytes_, memory_, pool_};
};

TEST_F(AdmissionTest, WhatACallHoldsIsGivenBackWhenItGoes) {
  absl::Notification ran;
  {
    Admitted held;
    ASSERT_TRUE(
        admission_.Admit({.rpc = rpc_, .bytes = 60}, held, [&] { ran.Notify(); }).ok());
    ran.WaitForNotification();
    EXPECT_EQ(bytes_.used(), 60);
    EXPECT_FALSE(calls_.WaitUntilIdle(absl::ZeroDuration()));
    const Admitted moved = std::move(held);
    EXPECT_EQ(bytes_.used(), 60);
  }
  EXPECT_EQ(bytes_.used(), 0);
  EXPECT_TRUE(calls_.WaitUntilIdle(absl::ZeroDuration()));
}

TEST_F(AdmissionTest, PastALimitACallIsRefusedAndHoldsNothing) {
  absl::Notification started;
  absl::Notification release;
  pool_.Continue([&] {
    started.Notify();
    release.WaitForNotification();
  });
  started.WaitForNotification();
  {
    Admitted first;
    ASSERT_TRUE(admission_.Admit({.rpc = rpc_, .bytes = 60}, first, [] {}).ok());
    Admitted second;
    EXPECT_EQ(Reason(admission_.Admit({.rpc = rpc_, .bytes = 60}, second, [] {})),
              "TOO_MANY_BYTES_IN_FLIGHT");
    Admitted third;
    EXPECT_EQ(Reason(admission_.Admit({.rpc = rpc_, .bytes = 10}, third, [] {})), "QUEUE_FULL");
    EXPECT_EQ(Reason(admission_.AdmitMessage(rpc_, 41).status()), "TOO_MANY_BYTES_IN_FLIGHT");
    release.Notify();
  }
  EXPECT_EQ(bytes_.used(), 0);
  EXPECT_TRUE(calls_.WaitUntilIdle(absl::ZeroDuration()));
}

TEST_F(AdmissionTest, ADrainRefusesNewCallsAndAsksStreamsToFinish) {
  const auto stream = std::make_shared<Stream>();
  std::optional<Admitted> held(std::in_place);
  ASSERT_TRUE(admission_.Admit({.rpc = rpc_, .stream = stream}, *held, nullptr).ok());
  EXPECT_EQ(calls_.streams(), 1);
  calls_.Drain();
  EXPECT_EQ(stream->drains, 1);
  Admitted late;
  const absl::Status refused = admission_.Admit({.rpc = rpc_}, late, [] {});
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Reason(refused), "DRAINING");
  held.reset();
  EXPECT_EQ(calls_.streams(), 0);
  EXPECT_TRUE(calls_.WaitUntilIdle(absl::ZeroDuration()));
}

TEST_F(AdmissionTest, StreamsAreBounded) {
  std::vector<std::shared_ptr<Stream>> streams;
  std::vector<Admitted> held(kMaxOpenStreams + 1);
  for (size_t i = 0; i < kMaxOpenStreams; ++i) {
    streams.push_back(std::make_shared<Stream>());
    ASSERT_TRUE(admission_.Admit({.rpc = rpc_, .stream = streams.back()}, held[i], nullptr).ok());
  }
  streams.push_back(std::make_shared<Stream>());
  EXPECT_EQ(
      Reason(admission_.Admit({.rpc = rpc_, .stream = streams.back()}, held.back(), nullptr)),
      "TOO_MANY_STREAMS");
}

}  // namespace
}  // namespace wonbon::server
