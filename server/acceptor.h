// Listening sockets on Boost.Asio, for gRPC's connections and the admin endpoint.
#pragma once

#include <list>
#include <utility>

// Boost 1.74's Asio needs <utility> before it.
#include <boost/asio/ip/tcp.hpp>

#include "absl/status/statusor.h"
#include "server/config/address.h"

namespace wonbon::server {

// One for every address that the host stands for; "0.0.0.0" takes IPv6 along where the system has
// it. Port 0 picks a free one, the same for all. UNAVAILABLE with the system's reason where nothing
// can be had, or any port is taken.
absl::StatusOr<std::list<boost::asio::ip::tcp::acceptor>> OpenAcceptors(
    boost::asio::io_context& context, const HostPort& address);

}  // namespace wonbon::server
