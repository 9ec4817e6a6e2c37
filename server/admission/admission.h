// The one way into the server: every call, whatever its shape, passes here before it costs
// anything.
//
//   who calls, may he, and has he a request left?                      -> Access
//   is the server stopping? has it, or its client, too many streams?   -> CallRegistry
//   has it, or its client, too many bytes of requests in flight?       -> ByteBudget
//   is there memory for another document?                              -> MemoryCeiling
//   would the call wait too long for a worker, or past its deadline?   -> WorkerPool
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/access/access.h"
#include "server/admission/arrivals.h"
#include "server/admission/byte_budget.h"
#include "server/admission/call_registry.h"
#include "server/admission/lane.h"
#include "server/admission/memory_ceiling.h"
#include "server/admission/pool.h"
#include "server/monotonic.h"
#include "server/rpc/rpc_table.h"

namespace wonbon::server {

// What a call holds from its beginning to its end; everything is given back when this is destroyed.
struct Admitted {
  std::string peer;  // the connection that it came by, as gRPC names it
  Caller caller;
  CallRegistry::Entry entry;
  ByteBudget::Share bytes;

  // The name of who makes the call; empty where nobody was let in.
  std::string_view CallerName() const {
    return caller.is_known() ? std::string_view(caller.name()) : std::string_view();
  }
  // Where the steps of the call wait.
  Lane LaneOf(WorkKind kind) const { return {kind, entry.connection()->number}; }
};

// Thread-safe.
class Admission {
 public:
  struct Request {
    const Rpc& rpc;
    Shown shown;                                   // of who makes it
    size_t bytes = 0;                              // of the request; 0 where it comes later
    MonotonicTime deadline = MonotonicTime::max();
    std::shared_ptr<OpenStream> stream = nullptr;  // of a call that does not end by itself
  };

  Admission(const Access& access, Arrivals& arrivals, CallRegistry& calls, MemoryCeiling& memory,
            WorkerPool& pool)
      : access_(access), arrivals_(arrivals), calls_(calls), memory_(memory), pool_(pool) {}

  // Queues `first`, the first step of the call, unless there is none. An error is the call's
  // answer: UNAUTHENTICATED and PERMISSION_DENIED before anything else, UNAVAILABLE while draining,
  // RESOURCE_EXHAUSTED past a limit. `held` must outlive the
  // step, and is filled before that is queued, with what was got so far where there is an error.
  absl::Status Admit(const Request& request, Admitted& held, WorkerPool::Task first);

  // One more message of a stream of `rpc` that was admitted: its bytes, or RESOURCE_EXHAUSTED.
  absl::StatusOr<ByteBudget::Share> AdmitMessage(const Rpc& rpc, const Admitted& held,
                                                 size_t bytes);

 private:
  absl::StatusOr<ByteBudget::Share> AdmitBytes(const Rpc& rpc, const Admitted& held, size_t bytes);

  const Access& access_;
  Arrivals& arrivals_;
  CallRegistry& calls_;
  MemoryCeiling& memory_;
  WorkerPool& pool_;
};

}  // namespace wonbon::server
