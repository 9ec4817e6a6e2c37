// gRPC's connections, by their sockets: how many there are, and which give way where there is no
// room for another.
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
#include <vector>

#include "server/monotonic.h"

namespace wonbon::server {

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
  // Cuts every one, without a word more on it.
  void CutAll();

  // As of the last sweep, and what came since. From any thread.
  size_t open() const { return open_; }
  // Those that had to give way. From any thread.
  uint64_t gave_way() const { return gave_way_; }
  // Those that there was no room for. From any thread.
  uint64_t refused() const { return refused_; }

 private:
  struct Connection {
    int fd;
    ino_t socket;
  };
  static bool Lives(const Connection& connection);
  void CutSilent();

  const size_t most_;
  std::vector<Connection> connections_;
  std::atomic<size_t> open_{0};
  std::atomic<uint64_t> gave_way_{0};
  std::atomic<uint64_t> refused_{0};
  MonotonicTime looked_{};
};

}  // namespace wonbon::server
