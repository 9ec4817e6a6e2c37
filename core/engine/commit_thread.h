// The one thread that changes anything: takes what is queued, runs it in order against one group,
// writes the group with one fsync, publishes it, answers.
//
// Thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/state/commit_group.h"

namespace wonbon {

class CommitThread {
 public:
  struct Command {
    size_t documents = 1;  // what it weighs in a group and in the queue
    // Commands that change collections have a group of their own.
    bool alone = false;
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
  };

  explicit CommitThread(Hooks hooks);
  // Runs what is queued, then ends.
  ~CommitThread();

  // RESOURCE_EXHAUSTED where kMaxQueuedDocuments documents wait already, UNAVAILABLE once closed.
  absl::Status Enqueue(Command command);
  // Enqueue, then wait for the answer.
  absl::Status Run(Command command);
  // Takes nothing more, and returns when the queue is empty and answered.
  void Close();

  size_t queued_documents() const;

 private:
  void Loop();
  std::vector<Command> TakeGroup() ABSL_LOCKS_EXCLUDED(mutex_);

  const Hooks hooks_;
  mutable absl::Mutex mutex_;
  std::deque<Command> queue_ ABSL_GUARDED_BY(mutex_);
  size_t queued_documents_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool idle_ ABSL_GUARDED_BY(mutex_) = true;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace wonbon
