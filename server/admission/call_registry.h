// Which calls are open, and whose: so that a drain can refuse new ones, end the streams that would
// stay for ever, and know when the last one is done; and so that no connection holds more than its
// share of streams and bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/admission/byte_budget.h"
#include "server/monotonic.h"

namespace wonbon::server {

// A call that does not end by itself. Any thread.
class OpenStream {
 public:
  virtual ~OpenStream() = default;
  // Asks the call to finish: what was read is answered, nothing more is read.
  virtual void Drain() = 0;
  // Told now and then what time it is: the call ends where its client has let it wait too long.
  virtual void Look(MonotonicTime now) = 0;
};

// A connection with open calls. Whatever connections they come by, the calls of one key count as
// those of one.
struct Connection {
  Connection(std::string from, uint64_t given, size_t max_bytes, ByteBudget* all)
      : peer(std::move(from)), number(given), bytes(max_bytes, all) {}

  const std::string peer;  // as gRPC names it, or the key (Caller::Client)
  const uint64_t number;   // never 0, never given twice
  ByteBudget bytes;
  size_t calls = 0;    // guarded by the registry, as is the next
  size_t streams = 0;
};

// Thread-safe.
class CallRegistry {
 public:
  // The place of one open call; it leaves when this is destroyed.
  class Entry {
   public:
    Entry() = default;
    Entry(Entry&& other) noexcept
        : registry_(std::exchange(other.registry_, nullptr)),
          connection_(std::move(other.connection_)),
          stream_(std::exchange(other.stream_, nullptr)) {}
    Entry& operator=(Entry&& other) noexcept {
      std::swap(registry_, other.registry_);
      std::swap(connection_, other.connection_);
      std::swap(stream_, other.stream_);
      return *this;
    }
    ~Entry() {
      if (registry_ != nullptr) registry_->Leave(*connection_, stream_);
    }
    // REQUIRES: of a call that was let in.
    const std::shared_ptr<Connection>& connection() const { return connection_; }

   private:
    friend class CallRegistry;
    Entry(CallRegistry* registry, std::shared_ptr<Connection> connection, OpenStream* stream)
        : registry_(registry), connection_(std::move(connection)), stream_(stream) {}

    CallRegistry* registry_ = nullptr;
    std::shared_ptr<Connection> connection_;
    OpenStream* stream_ = nullptr;
  };

  // `bytes` of all connections together; outlives this and all shares of it.
  explicit CallRegistry(ByteBudget& bytes) : bytes_(bytes) {}

  // A call of the connection from `peer` begins; `stream` is null for one that ends by itself.
  // UNAVAILABLE while draining, RESOURCE_EXHAUSTED past kMaxOpenStreams, or
  // kMaxStreamsPerConnection.
  absl::StatusOr<Entry> Enter(const std::string& peer, const std::shared_ptr<OpenStream>& stream);

  // Refuses new calls from now on and asks the open streams to finish.
  void Drain();
  // Tells every open stream what time it is.
  void Look(MonotonicTime now) const;
  // True once no call is open; false where that took longer than `timeout`, by the monotonic clock.
  bool WaitUntilIdle(absl::Duration timeout) const;

  size_t streams() const;

 private:
  void Leave(Connection& connection, OpenStream* stream);
  bool Idle() const;
  std::vector<std::shared_ptr<OpenStream>> OpenStreams() const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  ByteBudget& bytes_;
  mutable absl::Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  size_t calls_ ABSL_GUARDED_BY(mutex_) = 0;  // streams included
  uint64_t last_connection_ ABSL_GUARDED_BY(mutex_) = 0;
  // By peer; those with open calls.
  absl::flat_hash_map<std::string, std::shared_ptr<Connection>> connections_
      ABSL_GUARDED_BY(mutex_);
  std::unordered_map<OpenStream*, std::weak_ptr<OpenStream>> streams_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace wonbon::server
