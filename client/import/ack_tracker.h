// Up to where every line of the input has been settled, although batches finish out of order.
//
// Thread-safe.
#pragma once

#include <cstdint>
#include <deque>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace wonbon::client {

// A place between two lines.
struct LinePosition {
  uint64_t offset = 0;  // unpacked bytes before it
  uint64_t line = 0;    // lines before it

  friend bool operator==(const LinePosition&, const LinePosition&) = default;
};

class AckTracker {
 public:
  // Starts behind what an earlier run has settled. REQUIRES: nothing was entered yet.
  void StartAt(LinePosition start);

  // Enters the line that ends at `end`, in the order of the file, and returns its ticket.
  uint64_t Add(LinePosition end);

  // The line is settled: the server has it for good, or it was turned away. Once per ticket.
  void Settle(uint64_t ticket);

  // The line of a ticket that is not settled yet.
  uint64_t LineOf(uint64_t ticket) const;

  // All lines before this place are settled.
  LinePosition Settled() const;
  // Where the line entered last ends.
  LinePosition Entered() const;

 private:
  struct Entry {
    LinePosition end;
    bool settled = false;
  };

  mutable absl::Mutex mutex_;
  std::deque<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // from first_ticket_ on
  uint64_t first_ticket_ ABSL_GUARDED_BY(mutex_) = 0;
  LinePosition settled_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace wonbon::client
