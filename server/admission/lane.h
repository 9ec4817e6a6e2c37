// Whose work a task is: what waits for a worker is ordered by it (fair_queue.h).
#pragma once

#include <cstdint>

namespace wonbon::server {

// What kind of call a task belongs to.
enum class WorkKind : uint8_t {
  kAnswer,  // the last step of a call, or a probe's page: short, goes before everything
  kRead,    // looks at a few documents or a page
  kWrite,   // changes one document or a collection
  kBulk,    // many documents: batches, messages of streams, pages of events
};
inline constexpr int kWorkKinds = 4;

struct Lane {
  WorkKind kind = WorkKind::kAnswer;
  uint64_t connection = 0;  // Connection::number; 0 is the server itself
};

}  // namespace wonbon::server
