// The one thread that changes anything: takes what is queued, runs it in order against one group,
// writes the group with one fsync, publishes it, answers.
//
// Two queues: what changes one document goes before what changes many, and a group is written as
// soon as nothing of the first kind waits that came meanwhile. Of the second kind every other group
// has at least one command. What came by one queue is run in the order in which it came.
//
// Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/state/commit_group.h"

namespace wonbon {

class CommitThread {
 public:
  struct Command {
    size_t documents = 1;  // what it weighs in the queue
    // What it weighs in a group is at most this: a piece, and the others follow.
    size_t piece = std::numeric_limits<size_t>::max();
    // Commands that change collections have a group of their own.
    bool alone = false;
    // Goes before those that do not. REQUIRES: not alone.
    bool single = false;
    // Asked when its turn has come, if given: an error is the answer, and it is not run.
    std::function<absl::Status()> wanted = {};
    // Decides and adds to the group. Called once.
    std::function<void(CommitGroup&)> run;
    // Called once, after the group was written and published (OK) or given up (why).
    std::function<void(const absl::Status&)> answer;
  };
  struct Hooks {
    std::function<std::unique_ptr<CommitGroup>()> new_group;
    // Writes and publishes; on an error the group was abandoned.
    std::function<absl::Status(CommitGroup&)> write;
    // After the answers of a group that changed something.
    std::function<void()> after;
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  };

  explicit CommitThread(Hooks hooks);
  // Runs what is queued, then ends.
  ~CommitThread();

  // RESOURCE_EXHAUSTED where kMaxQueuedDocuments documents wait already, or more than is done in
  // kMaxCommitDelaySeconds; UNAVAILABLE once closed.
  absl::Status Enqueue(Command command);
  // Enqueue, then wait for the answer.
  absl::Status Run(Command command);
  // A command that goes on in another one: Expect it while the one before is answered, then
  // Continue. It is taken whatever else is queued, and waited for when the queue is closed.
  void Expect();
  void Continue(Command command);
  // Takes nothing more, and returns when the queue is empty and answered.
  void Close();

  size_t queued_documents() const;

 private:
  // What a group holds while commands are taken for it.
  struct Taken {
    size_t documents = 0;
    size_t singles = 0;  // documents of those commands
    bool any = false;
    bool alone = false;
  };
  void Loop();
  // Takes and runs commands, asking each whether it is still wanted, until the group is full.
  // Returns them with why they were not run, if so.
  std::vector<std::pair<Command, absl::Status>> RunGroup(CommitGroup& group, Taken* taken);
  // Waits for the first command of a group; false: the thread is to end.
  bool Await() ABSL_LOCKS_EXCLUDED(mutex_);
  // The group's next command; none: it is to be written as it is.
  std::optional<Command> Take(Taken& group) ABSL_LOCKS_EXCLUDED(mutex_);
  std::deque<Command>* QueueFor(const Taken& group) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Push(Command command) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Account(const Taken& group, std::chrono::nanoseconds took) ABSL_LOCKS_EXCLUDED(mutex_);

  const Hooks hooks_;
  mutable absl::Mutex mutex_;
  std::deque<Command> singles_ ABSL_GUARDED_BY(mutex_);
  std::deque<Command> others_ ABSL_GUARDED_BY(mutex_);
  bool others_first_ ABSL_GUARDED_BY(mutex_) = false;  // they had nothing of the last group
  double document_seconds_ ABSL_GUARDED_BY(mutex_) = 0;  // what one takes, lately
  size_t queued_documents_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t expected_ ABSL_GUARDED_BY(mutex_) = 0;  // commands that Continue will bring
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool idle_ ABSL_GUARDED_BY(mutex_) = true;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace wonbon
