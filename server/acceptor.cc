#include "server/acceptor.h"

#include <boost/asio/ip/v6_only.hpp>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"

namespace wonbon::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

error_code Open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.address().is_v6()) {
    acceptor.set_option(asio::ip::v6_only(!endpoint.address().is_unspecified()), error);
  }
  if (!error) acceptor.non_blocking(true, error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(SOMAXCONN, error);
  return error;
}

// Each address once: a resolver may name it for several kinds of sockets.
std::set<tcp::endpoint> Endpoints(const tcp::resolver::results_type& found) {
  std::set<tcp::endpoint> endpoints;
  for (const auto& entry : found) endpoints.insert(entry.endpoint());
  return endpoints;
}

bool OpenWildcard(asio::io_context& context, uint16_t port, std::list<tcp::acceptor>& open) {
  tcp::acceptor& acceptor = open.emplace_back(context);
  if (!Open(acceptor, tcp::endpoint(asio::ip::address_v6::any(), port))) return true;
  open.pop_back();
  return false;
}

}  // namespace

absl::StatusOr<std::list<tcp::acceptor>> OpenAcceptors(asio::io_context& context,
                                                       const HostPort& address) {
  std::list<tcp::acceptor> open;
  error_code error;
  tcp::resolver resolver(context);
  const auto found =
      resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, error);
  if (!error) {
    for (tcp::endpoint endpoint : Endpoints(found)) {
      if (!open.empty()) endpoint.port(open.front().local_endpoint().port());
      if (endpoint.address().is_unspecified() && OpenWildcard(context, endpoint.port(), open)) {
        return open;
      }
      error = Open(open.emplace_back(context), endpoint);
      if (!error) continue;
      open.pop_back();
      if (error == asio::error::address_in_use) break;
    }
  }
  if (error && (open.empty() || error == asio::error::address_in_use)) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", FormatAddress(address), ": ", error.message()));
  }
  return open;
}

}  // namespace wonbon::server
