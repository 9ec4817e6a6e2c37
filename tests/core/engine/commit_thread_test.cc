#include "core/engine/commit_thread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "core/error.h"
#include "core/limits.h"

namespace wonbon {
namespace {

// What the thread did, in order. The hooks run in the thread alone, and are read when it is closed.
class CommitThreadTest : public testing::Test {
 protected:
  CommitThread::Hooks Hooks() {
    return {.new_group =
                [this] {
                  log_.push_back("group");
                  return std::make_unique<CommitGroup>(&published_);
                },
            .write =
                [this](CommitGroup& group) {
                  log_.push_back("write");
                  if (!write_.ok()) {
                    group.Abandon();
                    return write_;
                  }
                  group.Publish({.sequence = group.last_sequence()});
                  return absl::OkStatus();
                },
            .after = [this] { log_.push_back("after"); }};
  }
  // A command that changes something, if `changes`.
  CommitThread::Command Logged(const std::string& name, bool changes = true) {
    return {.run =
                [this, name, changes](CommitGroup& group) {
                  log_.push_back("run " + name);
                  if (!changes) return;
                  Change change;
                  change.previous = group.last_sequence();
                  change.sequence = change.previous + 1;
                  group.Apply(std::move(change), nullptr);
                },
            .answer =
                [this, name](const absl::Status& status) {
                  log_.push_back("answer " + name + (status.ok() ? "" : " failed"));
                }};
  }
  // Holds the thread until `release`, so that what is queued meanwhile is one group if it may be.
  static void Hold(CommitThread& thread, absl::Notification* release) {
    absl::Notification held;
    EXPECT_TRUE(thread
                    .Enqueue({.documents = 1,
                              .alone = true,
                              .run =
                                  [&held, release](CommitGroup&) {
                                    held.Notify();
                                    release->WaitForNotification();
                                  },
                              .answer = [](const absl::Status&) {}})
                    .ok());
    held.WaitForNotification();
  }

  Published published_;
  absl::Status write_;
  std::vector<std::string> log_;
};

TEST_F(CommitThreadTest, AGroupIsWrittenOnceThenAnsweredInOrder) {
  absl::Notification release;
  CommitThread thread(Hooks());
  Hold(thread, &release);
  EXPECT_TRUE(thread.Enqueue(Logged("a")).ok());
  EXPECT_TRUE(thread.Enqueue(Logged("b")).ok());
  EXPECT_EQ(thread.queued_documents(), 2u);
  release.Notify();
  thread.Close();
  EXPECT_EQ(log_, (std::vector<std::string>{"group", "group", "run a", "run b", "write", "answer a",
                                            "answer b", "after"}));
  EXPECT_EQ(thread.queued_documents(), 0u);
}

TEST_F(CommitThreadTest, WhatChangesNothingIsAnsweredWithoutAWrite) {
  CommitThread thread(Hooks());
  EXPECT_TRUE(thread.Run(Logged("a", /*changes=*/false)).ok());
  thread.Close();
  EXPECT_EQ(log_, (std::vector<std::string>{"group", "run a", "answer a"}));
}

TEST_F(CommitThreadTest, AFailedWriteIsTheAnswerOfAll) {
  write_ = absl::UnavailableError("disk");
  absl::Notification release;
  CommitThread thread(Hooks());
  Hold(thread, &release);
  EXPECT_TRUE(thread.Enqueue(Logged("a")).ok());
  EXPECT_TRUE(thread.Enqueue(Logged("b", /*changes=*/false)).ok());
  release.Notify();
  thread.Close();
  EXPECT_EQ(log_, (std::vector<std::string>{"group", "group", "run a", "run b", "write",
                                            "answer a failed", "answer b failed"}));
}

TEST_F(CommitThreadTest, RunReturnsWhatTheWriteSaid) {
  write_ = absl::UnavailableError("disk");
  CommitThread thread(Hooks());
  EXPECT_TRUE(absl::IsUnavailable(thread.Run(Logged("a"))));
}

TEST_F(CommitThreadTest, ACommandThatWantsToBeAloneHasAGroupOfItsOwn) {
  absl::Notification release;
  CommitThread thread(Hooks());
  Hold(thread, &release);
  CommitThread::Command alone = Logged("b", /*changes=*/false);
  alone.alone = true;
  EXPECT_TRUE(thread.Enqueue(Logged("a", /*changes=*/false)).ok());
  EXPECT_TRUE(thread.Enqueue(std::move(alone)).ok());
  EXPECT_TRUE(thread.Enqueue(Logged("c", /*changes=*/false)).ok());
  release.Notify();
  thread.Close();
  EXPECT_EQ(log_, (std::vector<std::string>{"group", "group", "run a", "answer a", "group", "run b",
                                            "answer b", "group", "run c", "answer c"}));
}

TEST_F(CommitThreadTest, AGroupHoldsAtMostItsDocuments) {
  absl::Notification release;
  CommitThread thread(Hooks());
  Hold(thread, &release);
  for (const char* name : {"a", "b"}) {
    CommitThread::Command command = Logged(name, /*changes=*/false);
    command.documents = kMaxGroupDocuments / 2 + 1;
    EXPECT_TRUE(thread.Enqueue(std::move(command)).ok());
  }
  release.Notify();
  thread.Close();
  EXPECT_EQ(log_, (std::vector<std::string>{"group", "group", "run a", "answer a", "group", "run b",
                                            "answer b"}));
}

TEST_F(CommitThreadTest, SinglesGoBeforeWhatIsManyAndTheirGroupIsWrittenAtOnce) {
  absl::Notification release;
  CommitThread thread(Hooks());
  Hold(thread, &release);
  for (const char* name : {"many 1", "many 2", "many 3"}) {
    EXPECT_TRUE(thread.Enqueue(Logged(name, /*changes=*/false)).ok());
  }
  for (const char* name : {"one 1", "one 2"}) {
    CommitThread::Command single = Logged(name, /*changes=*/false);
    single.single = true;
    EXPECT_TRUE(thread.Enqueue(std::move(single)).ok());
  }
  release.Notify();
  thread.Close();
  EXPECT_EQ(log_, (std::vector<std::string>{
                      "group", "group", "run one 1", "run one 2", "answer one 1", "answer one 2",
                      "group", "run many 1", "run many 2", "run many 3", "answer many 1",
                      "answer many 2", "answer many 3"}));
}

TEST_F(CommitThreadTest, SinglesWithoutEndDoNotStarveWhatIsMany) {
  absl::Notification release;
  CommitThread thread(Hooks());
  Hold(thread, &release);
  absl::Notification ended;
  int left = 10;
  // Each queues its successor as it runs.
  std::function<CommitThread::Command()> next = [&] {
    CommitThread::Command single = Logged("one", /*changes=*/false);
    single.single = true;
    single.documents = kMaxGroupSingles;
    single.run = [&](CommitGroup&) {
      log_.push_back("run one");
      if (--left == 0) return ended.Notify();
      EXPECT_TRUE(thread.Enqueue(next()).ok());
    };
    return single;
  };
  EXPECT_TRUE(thread.Enqueue(next()).ok());
  EXPECT_TRUE(thread.Enqueue(Logged("many", /*changes=*/false)).ok());
  release.Notify();
  ended.WaitForNotification();
  thread.Close();
  const auto many = std::find(log_.begin(), log_.end(), "run many");
  ASSERT_NE(many, log_.end());
  EXPECT_LE(std::count(log_.begin(), many, "run one"), 1);
}

TEST_F(CommitThreadTest, WhatNobodyWantsAnyMoreIsNotRun) {
  absl::Notification release;
  CommitThread thread(Hooks());
  Hold(thread, &release);
  absl::Status answer;
  CommitThread::Command late = Logged("late");
  late.wanted = [] { return absl::DeadlineExceededError("too late"); };
  late.answer = [&](const absl::Status& status) { answer = status; };
  CommitThread::Command wanted = Logged("wanted");
  wanted.wanted = [] { return absl::OkStatus(); };
  EXPECT_TRUE(thread.Enqueue(std::move(late)).ok());
  EXPECT_TRUE(thread.Enqueue(std::move(wanted)).ok());
  release.Notify();
  thread.Close();
  EXPECT_TRUE(absl::IsDeadlineExceeded(answer)) << answer;
  EXPECT_EQ(log_, (std::vector<std::string>{"group", "group", "run wanted", "write",
                                            "answer wanted", "after"}));
}

TEST_F(CommitThreadTest, AQueueIsFullWhenItHoldsTooManySecondsOfWork) {
  std::chrono::steady_clock::time_point now{};
  CommitThread::Hooks hooks = Hooks();
  hooks.now = [&now] { return now; };
  CommitThread thread(std::move(hooks));
  const auto slow = [&] {
    CommitThread::Command command = Logged("slow", /*changes=*/false);
    command.run = [&now](CommitGroup&) { now += std::chrono::seconds(1); };
    return command;
  };
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(thread.Run(slow()).ok());
  absl::Notification release;
  Hold(thread, &release);
  int taken = 0;
  absl::Status refused;
  while ((refused = thread.Enqueue(slow())).ok()) ++taken;
  EXPECT_EQ(ReasonOf(refused), ErrorReason::kQueueFull);
  EXPECT_NEAR(taken, kMaxCommitDelaySeconds, 1);
  release.Notify();
  thread.Close();
}

TEST_F(CommitThreadTest, AFullQueueRefusesAndAnEmptyOneTakesAnything) {
  absl::Notification release;
  CommitThread thread(Hooks());
  Hold(thread, &release);
  CommitThread::Command huge = Logged("huge", /*changes=*/false);
  huge.documents = kMaxQueuedDocuments + 1;
  EXPECT_TRUE(thread.Enqueue(std::move(huge)).ok());
  const absl::Status refused = thread.Enqueue(Logged("one more"));
  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  EXPECT_EQ(ReasonOf(refused), ErrorReason::kQueueFull);
  release.Notify();
  thread.Close();
  EXPECT_EQ(log_.back(), "answer huge");
}

TEST_F(CommitThreadTest, WhatGoesOnComesBehindThoseWhoCameMeanwhile) {
  absl::Notification release;
  CommitThread thread(Hooks());
  CommitThread::Command first = Logged("first");
  first.answer = [&](const absl::Status&) {
    thread.Expect();
    EXPECT_TRUE(thread.Enqueue(Logged("meanwhile")).ok());
    CommitThread::Command rest = Logged("rest");
    rest.alone = true;  // so that the log tells the order of groups
    thread.Continue(std::move(rest));
  };
  EXPECT_TRUE(thread.Enqueue(std::move(first)).ok());
  while (thread.queued_documents() > 0) absl::SleepFor(absl::Milliseconds(1));
  thread.Close();
  EXPECT_EQ(log_, (std::vector<std::string>{"group", "run first", "write", "after", "group",
                                            "run meanwhile", "write", "answer meanwhile", "after",
                                            "group", "run rest", "write", "answer rest", "after"}));
}

TEST_F(CommitThreadTest, ClosingWaitsForWhatIsExpected) {
  CommitThread thread(Hooks());
  absl::Notification begun;
  CommitThread::Command first = Logged("first", /*changes=*/false);
  first.answer = [&](const absl::Status&) {
    thread.Expect();
    begun.Notify();
  };
  EXPECT_TRUE(thread.Enqueue(std::move(first)).ok());
  begun.WaitForNotification();
  std::thread later([&] {
    absl::SleepFor(absl::Milliseconds(50));
    thread.Continue(Logged("rest", /*changes=*/false));
  });
  thread.Close();
  later.join();
  EXPECT_EQ(log_.back(), "answer rest");
}

TEST_F(CommitThreadTest, ClosedItTakesNothingMore) {
  CommitThread thread(Hooks());
  thread.Close();
  const absl::Status refused = thread.Enqueue(Logged("a"));
  EXPECT_TRUE(absl::IsUnavailable(refused)) << refused;
  EXPECT_EQ(ReasonOf(refused), ErrorReason::kDraining);
  EXPECT_TRUE(absl::IsUnavailable(thread.Run(Logged("b"))));
  EXPECT_TRUE(log_.empty());
}

}  // namespace
}  // namespace wonbon
