#include "server/admission/pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"
#include "server/admission/byte_budget.h"

namespace wonbon::server {
namespace {

TEST(WorkerPoolTest, AFullQueueRefusesRequestsButNotTheirNextSteps) {
  absl::Notification started;
  absl::Notification release;
  std::atomic<int> ran{0};
  {
    WorkerPool pool({.threads = 1, .max_queued_requests = 2});
    ASSERT_TRUE(pool.TryBegin([&] {
      started.Notify();
      release.WaitForNotification();
      ++ran;
    }));
    started.WaitForNotification();
    EXPECT_TRUE(pool.TryBegin([&] { ++ran; }));
    EXPECT_TRUE(pool.TryBegin([&] { ++ran; }));
    EXPECT_FALSE(pool.TryBegin([&] { ++ran; }));
    EXPECT_EQ(pool.queued_requests(), 2);
    pool.Continue([&] { ++ran; });
    release.Notify();
  }
  EXPECT_EQ(ran, 4) << "the pool runs what is queued before it goes";
}

TEST(WorkerPoolTest, NextStepsGoBeforeNewRequests) {
  absl::Notification started;
  absl::Notification release;
  std::vector<int> order;
  {
    WorkerPool pool({.threads = 1, .max_queued_requests = 10});
    ASSERT_TRUE(pool.TryBegin([&] {
      started.Notify();
      release.WaitForNotification();
    }));
    started.WaitForNotification();
    ASSERT_TRUE(pool.TryBegin([&] { order.push_back(2); }));
    pool.Continue([&] { order.push_back(1); });
    release.Notify();
  }
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(WorkerPoolTest, ThreadsWorkAtTheSameTime) {
  WorkerPool pool({.threads = 3, .max_queued_requests = 10});
  absl::Barrier* all = new absl::Barrier(3);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(pool.TryBegin([all] {
      if (all->Block()) delete all;
    }));
  }
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
