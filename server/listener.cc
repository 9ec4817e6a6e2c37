#include "server/listener.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <list>
#include <utility>

// Boost 1.74's Asio needs <utility> before it.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/acceptor.h"
#include "server/connections.h"
#include "server/limits.h"

namespace wonbon::server {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

// One listening socket, with the pause it makes where accepting fails.
struct Door {
  explicit Door(tcp::acceptor opened)
      : acceptor(std::move(opened)), pause(acceptor.get_executor()) {}

  tcp::acceptor acceptor;
  asio::steady_timer pause;
};

}  // namespace

// Alive as long as an operation of it is. Touched on the loop's thread only, once it accepts.
struct Listener::Parts : std::enable_shared_from_this<Parts> {
  Parts(EventLoop& given, const HostPort& at, size_t most_connections, Arrivals& whole)
      : loop(given), address(at), connections(most_connections), arrivals(whole) {}

  void Wait(Door& door) {
    door.acceptor.async_wait(tcp::acceptor::wait_read,
                             [self = shared_from_this(), &door](error_code error) {
                               if (!error) self->Take(door);
                             });
  }

  // Those that wait, within reason: other callbacks of the loop want their turn.
  void Take(Door& door) {
    for (int i = 0; i < kMaxAcceptsAtOnce; ++i) {
      const int fd =
          accept4(door.acceptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0 && !connections.MakeRoom()) {
        close(fd);  // waiting would keep those in line behind the same crowd
      } else if (fd >= 0) {
        HandOver(fd);
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        break;
      } else if (errno != EINTR && errno != ECONNABORTED) {
        return WaitLater(door);  // most likely out of file descriptors
      }
    }
    Wait(door);
  }

  void WaitLater(Door& door) {
    door.pause.expires_after(absl::ToChronoMilliseconds(kAcceptPause));
    door.pause.async_wait([self = shared_from_this(), &door](error_code error) {
      if (!error) self->Wait(door);
    });
  }

  // As gRPC sets up connections that it accepts itself.
  void HandOver(int fd) {
    const int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connections.Add(fd);
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = fd;
    acceptor->HandleNewConnection(&connection);
  }

  EventLoop& loop;
  HostPort address;
  Connections connections;
  Arrivals& arrivals;
  std::list<Door> doors;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor;
};

Listener::Listener(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}
Listener::~Listener() { Close(); }

const HostPort& Listener::address() const { return parts_->address; }

absl::StatusOr<std::unique_ptr<Listener>> Listener::Listen(EventLoop& loop,
                                                           const HostPort& address,
                                                           size_t most_connections,
                                                           Arrivals& arrivals) {
  auto parts = std::make_shared<Parts>(loop, address, most_connections, arrivals);
  absl::StatusOr<std::list<tcp::acceptor>> opened = OpenAcceptors(loop.context(), address);
  if (!opened.ok()) return opened.status();
  parts->address.port = opened->front().local_endpoint().port();
  for (tcp::acceptor& acceptor : *opened) parts->doors.emplace_back(std::move(acceptor));
  return std::unique_ptr<Listener>(new Listener(std::move(parts)));
}

void Listener::Accept(std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> grpc) {
  parts_->loop.RunAndWait([this, &grpc] {
    parts_->acceptor = std::move(grpc);
    for (Door& door : parts_->doors) parts_->Wait(door);
  });
  parts_->loop.Every(kConnectionSweep, [parts = parts_] { parts->connections.Sweep(); });
  parts_->loop.Every(kUnfinishedLook, [parts = parts_] {
    parts->connections.CutHoarders(parts->arrivals.Take());
  });
}

void Listener::Close() {
  parts_->loop.RunAndWait([this] {
    error_code ignored;
    for (Door& door : parts_->doors) {
      door.acceptor.close(ignored);
      door.pause.cancel();
    }
  });
}

// gRPC owns the connections and can only end them with a GOAWAY of INTERNAL_ERROR, which clients in
// Java and Node take for a fault of the call.
void Listener::CutConnections() {
  parts_->loop.RunAndWait([this] { parts_->connections.CutAll(); });
}

const Connections& Listener::connections() const { return parts_->connections; }

}  // namespace wonbon::server
