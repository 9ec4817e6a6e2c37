#include "core/engine/commit_thread.h"

#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "core/error.h"
#include "core/limits.h"

namespace wonbon {

CommitThread::CommitThread(Hooks hooks)
    : hooks_(std::move(hooks)), thread_([this] { Loop(); }) {}

CommitThread::~CommitThread() {
  Close();
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  thread_.join();
}

absl::Status CommitThread::Enqueue(Command command) {
  absl::MutexLock lock(&mutex_);
  if (closed_) {
    return MakeError(absl::StatusCode::kUnavailable, {.reason = ErrorReason::kDraining},
                     "the server is shutting down");
  }
  // One command always fits, so that a batch is not refused by an empty queue.
  if (queued_documents_ > 0 && queued_documents_ + command.documents > kMaxQueuedDocuments) {
    return MakeError(absl::StatusCode::kResourceExhausted, {.reason = ErrorReason::kQueueFull},
                     "too many documents wait to be written; try again");
  }
  queued_documents_ += command.documents;
  queue_.push_back(std::move(command));
  return absl::OkStatus();
}

absl::Status CommitThread::Run(Command command) {
  absl::Notification done;
  absl::Status result;
  command.answer = [&, inner = std::move(command.answer)](const absl::Status& status) {
    if (inner) inner(status);
    result = status;
    done.Notify();
  };
  if (absl::Status status = Enqueue(std::move(command)); !status.ok()) return status;
  done.WaitForNotification();
  return result;
}

void CommitThread::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  const auto drained = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return queue_.empty() && idle_;
  };
  mutex_.Await(absl::Condition(&drained));
}

size_t CommitThread::queued_documents() const {
  absl::MutexLock lock(&mutex_);
  return queued_documents_;
}

std::vector<CommitThread::Command> CommitThread::TakeGroup() {
  absl::MutexLock lock(&mutex_);
  idle_ = true;
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !queue_.empty() || ending_;
  };
  mutex_.Await(absl::Condition(&ready));
  std::vector<Command> group;
  size_t documents = 0;
  while (!queue_.empty()) {
    const Command& next = queue_.front();
    if (!group.empty() && (next.alone || group.front().alone ||
                           documents + next.documents > kMaxGroupDocuments)) {
      break;
    }
    documents += next.documents;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_documents_ -= documents;
  idle_ = group.empty();
  return group;
}

void CommitThread::Loop() {
  for (std::vector<Command> commands = TakeGroup(); !commands.empty(); commands = TakeGroup()) {
    const std::unique_ptr<CommitGroup> group = hooks_.new_group();
    for (Command& command : commands) command.run(*group);
    absl::Status status;
    if (!group->changes().empty()) status = hooks_.write(*group);
    const bool changed = !group->changes().empty() && status.ok();
    for (Command& command : commands) command.answer(status);
    if (changed) hooks_.after();
  }
}

}  // namespace wonbon
