// What waits for a worker, in an order that gives everyone a share: first what ends a call; then
// reads, writes and bulk share the workers' time by weight; within a kind the connections share it
// evenly, whatever number of tasks each has. Nothing that waits is passed over for ever.
//
// Start-time fair queueing (Goyal, Vin, Cheng: SIGCOMM 1996) on two levels. Whoever had the least
// time so far, divided by its weight, has the next turn; who was away comes back where those who
// stayed are now, and saves nothing up. A task is charged what its kind took lately when it is
// taken, and what it really took when it is done. Times are given: the queue has no clock.
//
// Not thread-safe. Push, Pop and Finished: O(log connections).
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "server/admission/lane.h"
#include "server/monotonic.h"

namespace wonbon::server {

class FairQueue {
 public:
  using Task = std::function<void()>;
  using Nanoseconds = std::chrono::nanoseconds;

  struct Taken {
    Lane lane;
    Task task;
    bool request = false;
    int64_t charged = 0;
  };

  // `request`: the first step of a call, which requests() counts.
  void Push(Lane lane, Task task, bool request);
  // Whether Pop has something to give; without `bulk` tasks of that kind do not count.
  bool Has(bool bulk) const;
  // REQUIRES: Has(bulk).
  Taken Pop(bool bulk, MonotonicTime now);
  // The time that a task took goes to the account of its lane.
  void Finished(const Taken& taken, Nanoseconds took);

  // How long the last of `tasks` more tasks would wait for its turn, going by how fast tasks of
  // this kind had theirs lately; zero where none of the kind waits. At first, before anything was
  // measured, zero too.
  Nanoseconds ExpectedWait(Lane lane, size_t tasks, MonotonicTime now) const;

  size_t requests() const { return requests_; }
  size_t requests_of(Lane lane) const;

 private:
  // Tasks of one connection, of one kind. Kept without tasks until its turn comes, so that what it
  // had is remembered as long as others wait that had less.
  struct Flow {
    std::deque<std::pair<Task, bool>> waiting;
    size_t requests = 0;
    int64_t turn = 0;     // virtual time of its next task
    uint64_t order = 0;   // among equal turns
  };
  // The time between two turns, as the mean of about the last kMemory.
  struct Pace {
    double turns = 0;
    double nanoseconds = 0;
    void Add(double gap);
    double gap() const { return turns == 0 ? 0 : nanoseconds / turns; }
  };
  struct Kind {
    absl::flat_hash_map<uint64_t, Flow> flows;                   // by connection
    std::set<std::pair<std::pair<int64_t, uint64_t>, uint64_t>> order;  // turn, order, connection
    size_t waiting = 0;
    size_t busy = 0;        // flows with tasks
    int64_t clock = 0;      // turn of the task that was taken last
    int64_t turn = 0;       // of the kind, among kinds
    double cost = 0;        // of a task, lately
    Pace pace;
    bool steady = false;    // something waited ever since the last turn
    MonotonicTime last_turn{};
  };

  Kind& Of(WorkKind kind) { return kinds_[static_cast<size_t>(kind)]; }
  const Kind& Of(WorkKind kind) const { return kinds_[static_cast<size_t>(kind)]; }
  WorkKind Next(bool bulk) const;
  // The flow whose turn it is; those before it that have nothing are forgotten.
  static std::pair<uint64_t, Flow*> NextFlow(Kind& kind);
  void Move(Kind& kind, uint64_t connection, Flow& flow, int64_t turn);

  std::array<Kind, kWorkKinds> kinds_;
  int64_t clock_ = 0;  // turn of the kind that was taken last
  uint64_t arrivals_ = 0;
  size_t requests_ = 0;
};

}  // namespace wonbon::server
