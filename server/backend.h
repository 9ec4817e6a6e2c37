// What every rpc handler works with. Owned by Server, which outlives all calls.
#pragma once

#include <cstddef>

#include "absl/time/time.h"
#include "core/engine.h"
#include "server/access/audit_log.h"
#include "server/admin/memory_parts.h"
#include "server/admin/metrics.h"
#include "server/admin/refusals.h"
#include "server/admin/slow_calls.h"
#include "server/admission/admission.h"
#include "server/admission/byte_budget.h"
#include "server/admission/call_registry.h"
#include "server/admission/memory_ceiling.h"
#include "server/admission/pool.h"
#include "server/backups.h"
#include "server/config/config.h"
#include "server/handlers/watch_hub.h"
#include "server/log.h"
#include "server/monotonic.h"
#include "server/write_watch.h"

namespace wonbon::server {

struct Backend {
  const Config& config;
  Engine& engine;
  WorkerPool& pool;
  ByteBudget& bytes;
  MemoryCeiling& memory;
  CallRegistry& calls;
  Admission& admission;
  AuditLog& audit;
  Metrics& metrics;
  SlowCalls& slow_calls;
  Refusals& refusals;
  const MemoryParts& memory_parts;
  LineLimit& deletion_lines;
  WatchHub& watches;
  Backups& backups;
  WriteWatch& writes;
  absl::Time started_at;
  MonotonicTime started;
  // Documents of a batch that may ask for VIEW_FULL: so many bodies fit one message.
  size_t max_full_view_documents = 1;
  // Streams end whose client takes no answer for so long, or sends nothing.
  absl::Duration max_stream_stall = absl::InfiniteDuration();
  absl::Duration max_stream_idle = absl::InfiniteDuration();
};

}  // namespace wonbon::server
