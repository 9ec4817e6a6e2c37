#include "server/connections.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "server/limits.h"

namespace wonbon::server {
namespace {

constexpr size_t kShareThatGivesWay = 8;

// The number of a socket; nothing where that is none.
std::optional<ino_t> SocketOf(int fd) {
  struct stat info {};
  if (fstat(fd, &info) != 0 || !S_ISSOCK(info.st_mode)) return std::nullopt;
  return info.st_ino;
}

// Since either side last sent something.
absl::Duration Silence(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return absl::ZeroDuration();
  return absl::Milliseconds(std::min(info.tcpi_last_data_recv, info.tcpi_last_data_sent));
}

}  // namespace

bool Connections::Lives(const Connection& connection) {
  return SocketOf(connection.fd) == connection.socket;
}

void Connections::Add(int fd) {
  const std::optional<ino_t> socket = SocketOf(fd);
  if (!socket) return;
  connections_.push_back({fd, *socket});
  open_ = connections_.size();
}

void Connections::Sweep() {
  std::erase_if(connections_, [](const Connection& connection) { return !Lives(connection); });
  open_ = connections_.size();
}

bool Connections::MakeRoom() {
  if (connections_.size() < most_) return true;
  if (Since(looked_) >= kLookWhenFull) {
    looked_ = MonotonicNow();
    Sweep();
    if (connections_.size() < most_) return true;
    CutSilent();  // gRPC closes them in a moment
  }
  ++refused_;
  return false;
}

void Connections::CutSilent() {
  std::vector<std::pair<absl::Duration, int>> silent;
  for (const Connection& connection : connections_) {
    const absl::Duration silence = Silence(connection.fd);
    if (silence >= kSilenceWhenFull) silent.emplace_back(silence, connection.fd);
  }
  const size_t cut = std::min(silent.size(), most_ / kShareThatGivesWay + 1);
  std::partial_sort(silent.begin(), silent.begin() + static_cast<ptrdiff_t>(cut), silent.end(),
                    std::greater<>());
  for (size_t i = 0; i < cut; ++i) shutdown(silent[i].second, SHUT_RDWR);
  gave_way_ += cut;
}

void Connections::CutAll() {
  for (const Connection& connection : connections_) {
    if (Lives(connection)) shutdown(connection.fd, SHUT_RDWR);
  }
}

}  // namespace wonbon::server
