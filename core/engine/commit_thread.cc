#include "core/engine/commit_thread.h"

#include <algorithm>
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
  // One call always fits, so that a batch is not refused by an empty queue.
  if (queued_documents_ > 0 &&
      (queued_documents_ + command.documents > kMaxQueuedDocuments ||
       static_cast<double>(queued_documents_) * document_seconds_ > kMaxCommitDelaySeconds)) {
    return MakeError(absl::StatusCode::kResourceExhausted, {.reason = ErrorReason::kQueueFull},
                     "too many documents wait to be written; try again");
  }
  Push(std::move(command));
  return absl::OkStatus();
}

void CommitThread::Push(Command command) {
  queued_documents_ += command.documents;
  (command.single ? singles_ : others_).push_back(std::move(command));
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

void CommitThread::Expect() {
  absl::MutexLock lock(&mutex_);
  ++expected_;
}

void CommitThread::Continue(Command command) {
  absl::MutexLock lock(&mutex_);
  --expected_;
  Push(std::move(command));
}

void CommitThread::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  const auto drained = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return singles_.empty() && others_.empty() && idle_ && expected_ == 0;
  };
  mutex_.Await(absl::Condition(&drained));
}

size_t CommitThread::queued_documents() const {
  absl::MutexLock lock(&mutex_);
  return queued_documents_;
}

bool CommitThread::Await() {
  absl::MutexLock lock(&mutex_);
  idle_ = true;
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !singles_.empty() || !others_.empty() || ending_;
  };
  mutex_.Await(absl::Condition(&ready));
  idle_ = singles_.empty() && others_.empty();
  return !idle_;
}

// Where the next command of the group comes from; null where none may.
std::deque<CommitThread::Command>* CommitThread::QueueFor(const Taken& group) {
  if (group.alone) return nullptr;
  if (!singles_.empty() && !(others_first_ && !group.any && !others_.empty())) return &singles_;
  // What single calls wait for is not made longer.
  return others_.empty() || group.singles > 0 ? nullptr : &others_;
}

std::optional<CommitThread::Command> CommitThread::Take(Taken& group) {
  absl::MutexLock lock(&mutex_);
  std::deque<Command>* const queue = QueueFor(group);
  if (queue == nullptr) return std::nullopt;
  const Command& next = queue->front();
  const size_t weight = std::min(next.documents, next.piece);
  if (group.any && (next.alone || group.documents + weight > kMaxGroupDocuments ||
                    (next.single && group.singles >= kMaxGroupSingles))) {
    return std::nullopt;
  }
  group.any = true;
  group.alone = next.alone;
  group.documents += weight;
  if (next.single) group.singles += weight;
  std::optional<Command> taken = std::move(queue->front());
  queue->pop_front();
  queued_documents_ -= taken->documents;
  return taken;
}

std::vector<std::pair<CommitThread::Command, absl::Status>> CommitThread::RunGroup(
    CommitGroup& group, Taken* taken) {
  std::vector<std::pair<Command, absl::Status>> commands;
  while (std::optional<Command> command = Take(*taken)) {
    absl::Status wanted = command->wanted ? command->wanted() : absl::OkStatus();
    if (wanted.ok()) command->run(group);
    commands.emplace_back(*std::move(command), std::move(wanted));
  }
  return commands;
}

void CommitThread::Account(const Taken& group, std::chrono::nanoseconds took) {
  absl::MutexLock lock(&mutex_);
  others_first_ = group.documents == group.singles;
  const double each = std::chrono::duration<double>(took).count() /
                      static_cast<double>(std::max<size_t>(group.documents, 1));
  document_seconds_ += (each - document_seconds_) / 8;
}

void CommitThread::Loop() {
  while (Await()) {
    const auto began = hooks_.now();
    const std::unique_ptr<CommitGroup> group = hooks_.new_group();
    Taken taken;
    std::vector<std::pair<Command, absl::Status>> commands = RunGroup(*group, &taken);
    absl::Status status;
    if (!group->changes().empty()) status = hooks_.write(*group);
    const bool changed = !group->changes().empty() && status.ok();
    Account(taken, hooks_.now() - began);
    for (auto& [command, unwanted] : commands) command.answer(unwanted.ok() ? status : unwanted);
    if (changed) hooks_.after();
  }
}

}  // namespace wonbon
