#include "server/connections.h"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
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

// Zeros where that is no connection any more.
tcp_info InfoOf(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
  return info;
}

// Since either side last sent something.
absl::Duration Silence(int fd) {
  const tcp_info info = InfoOf(fd);
  return absl::Milliseconds(std::min(info.tcpi_last_data_recv, info.tcpi_last_data_sent));
}

}  // namespace

std::string PeerOf(int fd) {
  sockaddr_in6 address{};  // room for both kinds
  socklen_t size = sizeof address;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  const uint16_t port = ntohs(address.sin6_port);  // in the same place in both
  const bool v6 = address.sin6_family == AF_INET6;
  if (v6 && !IN6_IS_ADDR_V4MAPPED(&address.sin6_addr)) {
    inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    const std::string scope =
        address.sin6_scope_id != 0 ? absl::StrCat("%25", address.sin6_scope_id) : "";
    return absl::StrCat("ipv6:%5B", text.data(), scope, "%5D:", port);
  }
  const void* const v4 = v6 ? static_cast<const void*>(&address.sin6_addr.s6_addr[12])
                            : &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  inet_ntop(AF_INET, v4, text.data(), text.size());
  return absl::StrCat("ipv4:", text.data(), ":", port);
}

bool Connections::Lives(const Connection& connection) {
  return SocketOf(connection.fd) == connection.socket;
}

void Connections::Add(int fd) {
  const std::optional<ino_t> socket = SocketOf(fd);
  if (!socket) return;
  connections_.push_back({.fd = fd, .socket = *socket, .peer = PeerOf(fd)});
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

void Connections::CutHoarders(const Arrivals::Bytes& arrived) {
  uint64_t all = 0;
  for (Connection& connection : connections_) {
    const uint64_t received = Lives(connection) ? InfoOf(connection.fd).tcpi_bytes_received : 0;
    const auto whole = arrived.find(connection.peer);
    const uint64_t known = kForgivenBytes + (whole == arrived.end() ? 0 : whole->second);
    const uint64_t more = received - std::min(connection.received, received);
    const uint64_t sum = connection.unfinished + more;
    connection.unfinished = received == 0 ? 0 : sum - std::min(known, sum);
    connection.received = received;
    all += connection.unfinished;
  }
  while (all > kMaxUnfinishedBytes) {
    const auto most = std::max_element(connections_.begin(), connections_.end(),
                                       [](const Connection& one, const Connection& other) {
                                         return one.unfinished < other.unfinished;
                                       });
    shutdown(most->fd, SHUT_RDWR);  // gRPC lets go of all of it
    all -= std::exchange(most->unfinished, 0);
    ++hoarders_;
  }
  unfinished_bytes_ = all;
}

void Connections::CutAll() {
  for (const Connection& connection : connections_) {
    if (Lives(connection)) shutdown(connection.fd, SHUT_RDWR);
  }
}

}  // namespace wonbon::server
