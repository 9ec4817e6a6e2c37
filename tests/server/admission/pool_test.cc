#include "server/admission/pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "server/admission/byte_budget.h"
#include "server/limits.h"

namespace wonbon::server {
namespace {

constexpr Lane kRead{WorkKind::kRead, 1};
constexpr Lane kBulk{WorkKind::kBulk, 2};
constexpr MonotonicTime kNever = MonotonicTime::max();

// A pool of one thread, and one that takes no bulk work, both of which are held at first.
class WorkerPoolTest : public testing::Test {
 protected:
  void Open(size_t max_queued_requests) {
    pool_.emplace(WorkerPool::Options{.threads = 1, .max_queued_requests = max_queued_requests});
    Hold({WorkKind::kBulk, 9});
    Hold({WorkKind::kAnswer, 9});
  }
  void Hold(Lane lane) {
    absl::Notification started;
    pool_->Continue(lane, [&] {
      started.Notify();
      release_.WaitForNotification();
    });
    started.WaitForNotification();
  }
  // Runs what is queued.
  void Release() {
    release_.Notify();
    pool_.reset();
  }

  absl::Notification release_;
  std::optional<WorkerPool> pool_;
  std::atomic<int> ran_{0};
};

TEST_F(WorkerPoolTest, AFullQueueRefusesRequestsButNotTheirNextSteps) {
  Open(2);
  const auto run = [&] { ++ran_; };
  EXPECT_EQ(pool_->TryBegin(kRead, kNever, run), WorkerPool::Place::kQueued);
  EXPECT_EQ(pool_->TryBegin(kBulk, kNever, run), WorkerPool::Place::kQueued);
  EXPECT_EQ(pool_->TryBegin(kRead, kNever, run), WorkerPool::Place::kNoRoom);
  EXPECT_EQ(pool_->queued_requests(), 2);
  pool_->Continue(kRead, run);
  pool_->Answer(run);
  Release();
  EXPECT_EQ(ran_, 4) << "the pool runs what is queued before it goes";
}

TEST_F(WorkerPoolTest, OneConnectionCannotTakeAllPlaces) {
  Open(8);
  int taken = 0;
  while (pool_->TryBegin(kRead, kNever, [] {}) == WorkerPool::Place::kQueued) ++taken;
  EXPECT_EQ(taken, 8 / kQueueShares);
  EXPECT_EQ(pool_->TryBegin({WorkKind::kRead, 7}, kNever, [] {}), WorkerPool::Place::kQueued);
  Release();
}

// What waits has a pace of no turn for 300 ms: longer than kMaxQueueDelay.
TEST_F(WorkerPoolTest, WhatWouldWaitTooLongIsRefusedAtOnce) {
  Open(100);
  absl::Notification turn;
  absl::Notification again;
  pool_->Continue(kRead, [&] {
    turn.Notify();
    again.WaitForNotification();
  });
  for (int i = 0; i < 3; ++i) pool_->Continue(kRead, [&] { again.WaitForNotification(); });
  release_.Notify();
  turn.WaitForNotification();
  absl::SleepFor(kMaxQueueDelay + absl::Milliseconds(50));
  const MonotonicTime soon = MonotonicNow() + std::chrono::milliseconds(100);
  EXPECT_EQ(pool_->TryBegin(kRead, soon, [] {}), WorkerPool::Place::kTooLate);
  EXPECT_EQ(pool_->TryBegin(kRead, kNever, [] {}), WorkerPool::Place::kNoRoom);
  EXPECT_FALSE(pool_->CanFinish(kRead, 1, soon));
  EXPECT_TRUE(pool_->CanFinish(kRead, 1, kNever));
  EXPECT_EQ(pool_->TryBegin({WorkKind::kWrite, 1}, soon, [] {}), WorkerPool::Place::kQueued)
      << "nothing of the kind waits";
  EXPECT_EQ(pool_->TryBegin(kBulk, kNever, [] {}), WorkerPool::Place::kQueued);
  again.Notify();
  pool_.reset();
}

TEST_F(WorkerPoolTest, ReadsDoNotWaitForBulkToEnd) {
  WorkerPool pool({.threads = 1, .max_queued_requests = 10});
  absl::Notification bulk;
  absl::Notification read;
  pool.Continue(kBulk, [&] {
    bulk.Notify();
    read.WaitForNotification();  // for ever, if the read waited for this
  });
  bulk.WaitForNotification();
  pool.Continue(kBulk, [] {});
  ASSERT_EQ(pool.TryBegin(kRead, kNever, [&] { read.Notify(); }), WorkerPool::Place::kQueued);
  read.WaitForNotification();
}

TEST_F(WorkerPoolTest, ThreadsWorkAtTheSameTime) {
  WorkerPool pool({.threads = 3, .max_queued_requests = 10});
  absl::Barrier* all = new absl::Barrier(3);
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(pool.TryBegin(kBulk, kNever,
                            [all] {
                              if (all->Block()) delete all;
                            }),
              WorkerPool::Place::kQueued);
  }
}

TEST(ByteBudgetTest, APartIsBoundedAndCountsInTheWhole) {
  ByteBudget whole(100);
  ByteBudget one(60, &whole);
  ByteBudget other(60, &whole);
  EXPECT_FALSE(one.Draw(61));
  ByteBudget::Share of_one = one.Draw(60);
  EXPECT_TRUE(of_one);
  EXPECT_FALSE(one.Draw(1)) << "though the whole has room";
  EXPECT_FALSE(other.Draw(41)) << "though the part has room";
  EXPECT_EQ(other.used(), 0);
  const ByteBudget::Share of_other = other.Draw(40);
  EXPECT_TRUE(of_other);
  EXPECT_EQ(whole.used(), 100);
  of_one.Resize(10);
  EXPECT_EQ(one.used(), 10);
  EXPECT_EQ(whole.used(), 50);
  of_one = {};
  EXPECT_EQ(whole.used(), 40);
}

TEST(ByteBudgetTest, IsNeverOverdrawn) {
  ByteBudget budget(100);
  ByteBudget::Share large = budget.Draw(60);
  EXPECT_TRUE(large);
  EXPECT_FALSE(budget.Draw(41));
  const ByteBudget::Share rest = budget.Draw(40);
  EXPECT_TRUE(rest);
  EXPECT_EQ(budget.used(), 100);
  large = {};
  EXPECT_TRUE(budget.Draw(60));
}

}  // namespace
}  // namespace wonbon::server
