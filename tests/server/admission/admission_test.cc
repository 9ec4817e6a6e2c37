#include "server/admission/admission.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "server/limits.h"
#include "server/message/status.h"

namespace wonbon::server {
namespace {

class Stream : public OpenStream {
 public:
  void Drain() override { ++drains; }
  void Look(MonotonicTime) override {}
  int drains = 0;
};

const Shown kFromA{.peer = "a"};

class AdmissionTest : public testing::Test {
 protected:
  const Rpc& rpc_ = RpcTable().front();
  ByteBudget bytes_{100};
  CallRegistry calls_{bytes_};
  uint64_t used_memory_ = 0;
  MemoryCeiling memory_{{.limit = 1'000, .used = [this] { return used_memory_; }}};
  WorkerPool pool_{{.threads = 1, .max_queued_requests = 1}};
  const std::unique_ptr<Access> access_ = *Access::Load({.anonymous = Role::kAdmin});
  Arrivals arrivals_;
  Admission admission_{*access_, arrivals_, calls_, memory_, pool_};
};

TEST_F(AdmissionTest, WhatACallHoldsIsGivenBackWhenItGoes) {
  absl::Notification ran;
  {
    Admitted held;
    const Admission::Request request{.rpc = rpc_, .shown = kFromA, .bytes = 60};
    ASSERT_TRUE(admission_.Admit(request, held, [&] { ran.Notify(); }).ok());
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
  absl::Notification release;
  for (const WorkKind kind : {WorkKind::kBulk, WorkKind::kAnswer}) {  // both threads
    absl::Notification started;
    pool_.Continue({.kind = kind}, [&] {
      started.Notify();
      release.WaitForNotification();
    });
    started.WaitForNotification();
  }
  {
    Admitted first;
    ASSERT_TRUE(admission_.Admit({.rpc = rpc_, .shown = kFromA, .bytes = 60}, first, [] {}).ok());
    Admitted second;
    EXPECT_EQ(Reason(admission_.Admit({.rpc = rpc_, .shown = kFromA, .bytes = 60}, second, [] {})),
              "TOO_MANY_BYTES_IN_FLIGHT");
    Admitted third;
    EXPECT_EQ(Reason(admission_.Admit({.rpc = rpc_, .shown = kFromA, .bytes = 10}, third, [] {})),
              "QUEUE_FULL");
    EXPECT_EQ(Reason(admission_.AdmitMessage(rpc_, first, 41).status()),
              "TOO_MANY_BYTES_IN_FLIGHT");
    release.Notify();
  }
  EXPECT_EQ(bytes_.used(), 0);
  EXPECT_TRUE(calls_.WaitUntilIdle(absl::ZeroDuration()));
}

TEST_F(AdmissionTest, ADrainRefusesNewCallsAndAsksStreamsToFinish) {
  const auto stream = std::make_shared<Stream>();
  std::optional<Admitted> held(std::in_place);
  const Admission::Request request{.rpc = rpc_, .shown = kFromA, .stream = stream};
  ASSERT_TRUE(admission_.Admit(request, *held, nullptr).ok());
  EXPECT_EQ(calls_.streams(), 1);
  calls_.Drain();
  EXPECT_EQ(stream->drains, 1);
  Admitted late;
  const absl::Status refused = admission_.Admit({.rpc = rpc_, .shown = kFromA}, late, [] {});
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Reason(refused), "DRAINING");
  held.reset();
  EXPECT_EQ(calls_.streams(), 0);
  EXPECT_TRUE(calls_.WaitUntilIdle(absl::ZeroDuration()));
}

TEST_F(AdmissionTest, StreamsAreBoundedAndOneConnectionHasAShare) {
  std::vector<std::shared_ptr<Stream>> streams;
  std::vector<Admitted> held(kMaxOpenStreams + 2);
  const auto open = [&](const std::string& peer) {
    const size_t i = streams.size();
    streams.push_back(std::make_shared<Stream>());
    return admission_.Admit(
        {.rpc = rpc_, .shown = {.peer = peer}, .stream = streams.back()}, held[i], nullptr);
  };
  for (size_t i = 0; i < kMaxStreamsPerConnection; ++i) ASSERT_TRUE(open("greedy").ok());
  const absl::Status refused = open("greedy");
  EXPECT_EQ(Reason(refused), "TOO_MANY_STREAMS");
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  for (size_t i = kMaxStreamsPerConnection; i < kMaxOpenStreams; ++i) {
    ASSERT_TRUE(open("other " + std::to_string(i / 100)).ok());
  }
  EXPECT_EQ(Reason(open("newcomer")), "TOO_MANY_STREAMS");
}

TEST(CallRegistryTest, OneConnectionCannotHoldTheBytesOfAll) {
  ByteBudget bytes(kMaxBytesInFlight);
  CallRegistry calls(bytes);
  const auto greedy = calls.Enter("greedy", nullptr);
  const auto other = calls.Enter("other", nullptr);
  ASSERT_TRUE(greedy.ok() && other.ok());
  ByteBudget::Share most = greedy->connection()->bytes.Draw(kMaxBytesPerConnection);
  EXPECT_TRUE(most);
  EXPECT_FALSE(greedy->connection()->bytes.Draw(1));
  EXPECT_TRUE(other->connection()->bytes.Draw(kMaxBytesPerConnection));
  const auto again = calls.Enter("greedy", nullptr);
  EXPECT_EQ(again->connection()->number, greedy->connection()->number);
  EXPECT_NE(other->connection()->number, greedy->connection()->number);
}

TEST(CallRegistryTest, AShareMayOutliveItsConnection) {
  ByteBudget bytes(100);
  CallRegistry calls(bytes);
  auto entry = calls.Enter("a", nullptr);
  const std::shared_ptr<Connection> connection = entry->connection();
  ByteBudget::Share share = connection->bytes.Draw(40, connection);
  entry = absl::CancelledError("gone");
  EXPECT_EQ(bytes.used(), 40);
  share = {};
  EXPECT_EQ(bytes.used(), 0);
}

}  // namespace
}  // namespace wonbon::server
