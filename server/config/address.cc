#include "server/config/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/views.h"

namespace wonbon::server {

absl::StatusOr<HostPort> ParseAddress(std::string_view text) {
  const size_t colon = text.rfind(':');
  uint32_t port = 0;
  if (colon == std::string_view::npos || !absl::SimpleAtoi(Absl(text.substr(colon + 1)), &port) ||
      port > 65'535) {
    return absl::InvalidArgumentError("must be host:port, as in 127.0.0.1:7443");
  }
  std::string_view host = text.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return absl::InvalidArgumentError("an IPv6 address needs brackets, as in [::1]:7443");
  }
  if (host.empty()) host = "0.0.0.0";
  return HostPort{std::string(host), static_cast<uint16_t>(port)};
}

std::string FormatAddress(const HostPort& address) {
  if (address.host.find(':') == std::string::npos) {
    return absl::StrCat(address.host, ":", address.port);
  }
  return absl::StrCat("[", address.host, "]:", address.port);
}

bool IsLoopback(const HostPort& address) {
  in_addr v4{};
  if (inet_pton(AF_INET, address.host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  return address.host == "::1" || address.host == "localhost";
}

bool IsIpAddress(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

absl::Status CheckFree(const HostPort& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const std::string port = absl::StrCat(address.port);
  const int lookup = getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found);
  if (lookup != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot resolve ", address.host, ": ", gai_strerror(lookup)));
  }
  std::string error;
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 1) != 0) {
    error = std::strerror(errno);
  }
  if (fd >= 0) close(fd);
  freeaddrinfo(found);
  if (error.empty()) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("cannot listen on ", FormatAddress(address), ": ", error));
}

}  // namespace wonbon::server
