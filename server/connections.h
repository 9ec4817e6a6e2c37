// gRPC's connections, by their sockets: how many there are, which give way where there is no room
// for another, and which hold so many bytes of unfinished messages that they must go.
//
// gRPC owns a connection from the moment it is handed over, and says to nobody when it closes it.
// The system does: the number of a socket (its inode) is no other's as long as it lives. Touched on
// the loop's thread only, but for the numbers. Only that thread makes sockets, so that none is
// mistaken for another.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "server/admission/arrivals.h"
#include "server/monotonic.h"

namespace wonbon::server {

// "ipv4:127.0.0.1:7443", "ipv6:%5B::1%5D:7443": the other end of a connection, as
// grpc::ServerContext::peer names it; empty where that is none (any more).
std::string PeerOf(int fd);

class Connections {
 public:
  // Room for `most`.
  explicit Connections(size_t most) : most_(most) {}

  // Whether there is room for one more; if not, one is counted as refused. Where there is none it
  // looks, every kLookWhenFull, which are gone by now, and closes those that were silent for
  // kSilenceWhenFull: an eighth of all at most, the most silent first.
  bool MakeRoom();
  // `fd` is a connection, and about to be handed over.
  void Add(int fd);
  // Forgets those that are gone.
  void Sweep();
  // `arrived` is what came in whole messages since this was called last; what came besides is of
  // messages that are not whole. While all have more than kMaxUnfinishedBytes of that together, the
  // one that has most is cut. To be called every kUnfinishedLook: a system call a connection.
  void CutHoarders(const Arrivals::Bytes& arrived);
  // Cuts every one, without a word more on it.
  void CutAll();

  // As of the last sweep, and what came since. From any thread.
  size_t open() const { return open_; }
  // Those that had to give way. From any thread.
  uint64_t gave_way() const { return gave_way_; }
  // Those that there was no room for. From any thread.
  uint64_t refused() const { return refused_; }
  // Those that CutHoarders cut. From any thread.
  uint64_t hoarders() const { return hoarders_; }
  // Bytes of messages that were not whole at its last look. From any thread.
  uint64_t unfinished_bytes() const { return unfinished_bytes_; }

 private:
  struct Connection {
    int fd;
    ino_t socket;
    std::string peer;  // as gRPC names it
    uint64_t received = 0;    // at the last look
    uint64_t unfinished = 0;  // of these, those of no message that is whole
  };
  static bool Lives(const Connection& connection);
  void CutSilent();

  const size_t most_;
  std::vector<Connection> connections_;
  std::atomic<size_t> open_{0};
  std::atomic<uint64_t> gave_way_{0};
  std::atomic<uint64_t> refused_{0};
  std::atomic<uint64_t> hoarders_{0};
  std::atomic<uint64_t> unfinished_bytes_{0};
  MonotonicTime looked_{};
};

}  // namespace wonbon::server
