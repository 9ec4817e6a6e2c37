#include "server/admission/fair_queue.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace wonbon::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr Lane kRead{WorkKind::kRead, 1};
constexpr Lane kWrite{WorkKind::kWrite, 1};
constexpr Lane kBulk{WorkKind::kBulk, 1};

Lane Of(WorkKind kind, uint64_t connection) { return {kind, connection}; }

// One worker whose tasks take as long as they are told to.
class FairQueueTest : public testing::Test {
 protected:
  void Push(Lane lane, int count = 1, bool request = true) {
    for (int i = 0; i < count; ++i) queue_.Push(lane, [] {}, request);
  }
  // Serves one task, which takes so long.
  Lane Serve(milliseconds took = milliseconds(1), bool bulk = true) {
    const FairQueue::Taken taken = queue_.Pop(bulk, now_);
    now_ += took;
    queue_.Finished(taken, took);
    return taken.lane;
  }
  double WaitMs(Lane lane, size_t tasks = 1) const {
    return std::chrono::duration<double, std::milli>(queue_.ExpectedWait(lane, tasks, now_))
        .count();
  }

  FairQueue queue_;
  MonotonicTime now_{};
};

TEST_F(FairQueueTest, AReadPassesBulkThatWaits) {
  Push(kBulk, 100);
  Serve();
  Push(Of(WorkKind::kRead, 2));
  EXPECT_EQ(Serve().kind, WorkKind::kRead);
  EXPECT_EQ(Serve().kind, WorkKind::kBulk);
}

TEST_F(FairQueueTest, WhatEndsACallGoesFirst) {
  Push(kRead);
  Push(kBulk);
  Push({}, 2, /*request=*/false);
  EXPECT_EQ(Serve().kind, WorkKind::kAnswer);
  EXPECT_EQ(Serve().kind, WorkKind::kAnswer);
  EXPECT_EQ(Serve().kind, WorkKind::kRead);
}

TEST_F(FairQueueTest, KindsShareTheTimeByTheirWeights) {
  Push(kRead, 3'000);
  Push(kWrite, 3'000);
  Push(kBulk, 3'000);
  std::map<WorkKind, int> served_ms;
  for (int i = 0; i < 2'000; ++i) {
    // Bulk tasks take four times as long: time is shared, not turns.
    const FairQueue::Taken taken = queue_.Pop(true, now_);
    const milliseconds took(taken.lane.kind == WorkKind::kBulk ? 4 : 1);
    now_ += took;
    queue_.Finished(taken, took);
    served_ms[taken.lane.kind] += static_cast<int>(took.count());
  }
  EXPECT_NEAR(served_ms[WorkKind::kRead], 4 * served_ms[WorkKind::kBulk], 60);
  EXPECT_NEAR(served_ms[WorkKind::kWrite], 2 * served_ms[WorkKind::kBulk], 60);
}

TEST_F(FairQueueTest, OneConnectionsBacklogDoesNotDelayAnother) {
  Push(Of(WorkKind::kRead, 1), 1'000);
  for (int i = 0; i < 10; ++i) Serve();
  Push(Of(WorkKind::kRead, 2));
  EXPECT_EQ(Serve().connection, 2);
}

TEST_F(FairQueueTest, ConnectionsShareTimeNotTurns) {
  Push(Of(WorkKind::kBulk, 1), 500);
  Push(Of(WorkKind::kBulk, 2), 500);
  std::map<uint64_t, int> served_ms;
  for (int i = 0; i < 400; ++i) {
    const FairQueue::Taken taken = queue_.Pop(true, now_);
    const milliseconds took(taken.lane.connection == 1 ? 9 : 1);
    now_ += took;
    queue_.Finished(taken, took);
    served_ms[taken.lane.connection] += static_cast<int>(took.count());
  }
  EXPECT_NEAR(served_ms[1], served_ms[2], 20);
}

// Connections that come back again and again with one task each have their share, and no more.
TEST_F(FairQueueTest, NewcomersDoNotStarveABacklog) {
  Push(Of(WorkKind::kRead, 100), 1'000);
  for (uint64_t each = 1; each <= 9; ++each) Push(Of(WorkKind::kRead, each));
  int of_the_backlog = 0;
  for (int i = 0; i < 1'000; ++i) {
    const Lane served = Serve();
    if (served.connection == 100) {
      ++of_the_backlog;
    } else {
      Push(served);
    }
  }
  EXPECT_NEAR(of_the_backlog, 100, 20);
}

TEST_F(FairQueueTest, WithoutBulkOnlyBulkIsPassedOver) {
  Push(kBulk, 3);
  EXPECT_FALSE(queue_.Has(/*bulk=*/false));
  EXPECT_TRUE(queue_.Has(/*bulk=*/true));
  Push(kWrite);
  EXPECT_EQ(Serve(milliseconds(1), /*bulk=*/false).kind, WorkKind::kWrite);
  EXPECT_FALSE(queue_.Has(/*bulk=*/false));
}

TEST_F(FairQueueTest, TasksOfOneLaneKeepTheirOrder) {
  std::string ran;
  for (const char name : {'a', 'b', 'c'}) queue_.Push(kBulk, [&ran, name] { ran += name; }, false);
  while (queue_.Has(true)) queue_.Pop(true, now_).task();
  EXPECT_EQ(ran, "abc");
}

TEST_F(FairQueueTest, TheWaitIsWhatTurnsTakeTimesThoseBefore) {
  Push(kRead, 300);
  for (int i = 0; i < 100; ++i) Serve(milliseconds(2));
  EXPECT_NEAR(WaitMs(kRead), 2 * 201, 10);
  EXPECT_LT(WaitMs(Of(WorkKind::kRead, 2)), 10) << "another connection has its turn next";
  EXPECT_NEAR(WaitMs(Of(WorkKind::kRead, 2), 50), 2 * 100, 10)
      << "for each of its turns the other has one";
  EXPECT_EQ(WaitMs(kWrite), 0) << "nothing of the kind waits";
}

TEST_F(FairQueueTest, TheWaitGrowsWhileNobodyIsServed) {
  Push(kRead, 20);
  for (int i = 0; i < 10; ++i) Serve();
  EXPECT_LT(WaitMs(kRead), 20);
  now_ += milliseconds(500);
  EXPECT_GT(WaitMs(kRead), 490);
}

TEST_F(FairQueueTest, OneLongPauseIsSoonForgotten) {
  Push(kRead, 1'000);
  for (int i = 0; i < 100; ++i) Serve();
  Serve(milliseconds(300));
  for (int i = 0; i < 300; ++i) Serve();
  EXPECT_NEAR(WaitMs(kRead), 600, 120);
}

TEST_F(FairQueueTest, RequestsAreCountedAndTheirNextStepsAreNot) {
  Push(Of(WorkKind::kRead, 1), 3);
  Push(Of(WorkKind::kBulk, 2), 2);
  Push(Of(WorkKind::kBulk, 2), 5, /*request=*/false);
  EXPECT_EQ(queue_.requests(), 5);
  EXPECT_EQ(queue_.requests_of(Of(WorkKind::kBulk, 2)), 2);
  while (queue_.Has(true)) Serve();
  EXPECT_EQ(queue_.requests(), 0);
}

}  // namespace
}  // namespace wonbon::server
