// The one way into the server: every call, whatever its shape, passes here before it costs
// anything.
//
//   is the server stopping? are there too many streams? -> CallRegistry
//   are too many bytes of requests in flight?           -> ByteBudget
//   is there memory for another document?               -> MemoryCeiling
//   is the queue of the workers full?                   -> WorkerPool
#pragma once

#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/admission/byte_budget.h"
#include "server/admission/call_registry.h"
#include "server/admission/memory_ceiling.h"
#include "server/admission/pool.h"
#include "server/rpc/rpc_table.h"

namespace wonbon::server {

// What a call holds from its beginning to its end; everything is given back when this is destroyed.
struct Admitted {
  CallRegistry::Entry entry;
  ByteBudget::Share bytes;
};

// Thread-safe.
class Admission {
 public:
  struct Request {
    const Rpc& rpc;
    size_t bytes = 0;                             // of the request; 0 where it comes later
    std::shared_ptr<OpenStream> stream = nullptr;  // of a call that does not end by itself
  };

  Admission(CallRegistry& calls, ByteBudget& bytes, MemoryCeiling& memory, WorkerPool& pool)
      : calls_(calls), bytes_(bytes), memory_(memory), pool_(pool) {}

  // Queues `first`, the first step of the call, unless there is none. An error is the call's
  // answer: UNAVAILABLE while draining, RESOURCE_EXHAUSTED past a limit. `held` must outlive the
  // step, and is filled before that is queued, with what was got so far where there is an error.
  absl::Status Admit(const Request& request, Admitted& held, WorkerPool::Task first);

  // One more message of a stream of `rpc` that was admitted: its bytes, or RESOURCE_EXHAUSTED.
  absl::StatusOr<ByteBudget::Share> AdmitMessage(const Rpc& rpc, size_t bytes);

 private:
  CallRegistry& calls_;
  ByteBudget& bytes_;
  MemoryCeiling& memory_;
  WorkerPool& pool_;
};

}  // namespace wonbon::server
