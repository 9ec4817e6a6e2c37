#include "server/http/http_server.h"

#include <algorithm>
#include <list>
#include <utility>

// Boost 1.74's Asio needs <utility> before it.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "absl/strings/str_cat.h"
#include "server/acceptor.h"
#include "server/config/address.h"
#include "server/http/session.h"
#include "server/limits.h"
#include "server/monotonic.h"

namespace wonbon::server {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

// Room for one more: past the limit the oldest that waits for a request is closed, or the oldest
// of all. Those that ask and go are young; the old ones are slow.
void MakeRoom(HttpDesk& desk) {
  std::list<std::weak_ptr<HttpSession>>& sessions = desk.sessions;
  sessions.remove_if([](const std::weak_ptr<HttpSession>& session) { return session.expired(); });
  while (sessions.size() >= desk.options.most_connections) {
    auto oldest = std::find_if(sessions.begin(), sessions.end(), [](const auto& entry) {
      const std::shared_ptr<HttpSession> session = entry.lock();
      return session != nullptr && session->waits_for_request();
    });
    if (oldest == sessions.end()) oldest = sessions.begin();
    if (const std::shared_ptr<HttpSession> session = oldest->lock()) session->Close();
    sessions.erase(oldest);
  }
}

template <class What>
void ForEach(HttpDesk& desk, What what) {
  for (const std::weak_ptr<HttpSession>& entry : desk.sessions) {
    if (const std::shared_ptr<HttpSession> session = entry.lock()) what(*session);
  }
}

// One listening socket.
class Entrance {
 public:
  Entrance(tcp::acceptor acceptor, std::shared_ptr<HttpDesk> desk)
      : acceptor_(std::move(acceptor)), pause_(desk->context), desk_(std::move(desk)) {}

  void Accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (closed_ || error == asio::error::operation_aborted) return;
      if (error) return AcceptLater();  // most likely out of file descriptors
      MakeRoom(*desk_);
      const auto session = std::make_shared<HttpSession>(std::move(socket), desk_);
      desk_->sessions.push_back(session);
      session->Begin();
      Accept();
    });
  }

  void Close() {
    closed_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  }

 private:
  void AcceptLater() {
    pause_.expires_after(absl::ToChronoMilliseconds(kAcceptPause));
    pause_.async_wait([this](error_code error) {
      if (!error) Accept();
    });
  }

  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  const std::shared_ptr<HttpDesk> desk_;
  bool closed_ = false;
};

}  // namespace

struct HttpServer::Parts {
  EventLoop& loop;
  std::string address;
  std::shared_ptr<HttpDesk> desk;
  std::list<Entrance> entrances;
};

HttpServer::~HttpServer() { Close(); }

const std::string& HttpServer::address() const { return parts_->address; }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Listen(EventLoop& loop, Options options) {
  absl::StatusOr<HostPort> parsed = ParseAddress(options.address);
  if (!parsed.ok()) return parsed.status();
  absl::StatusOr<std::list<tcp::acceptor>> acceptors = OpenAcceptors(loop.context(), *parsed);
  if (!acceptors.ok()) {
    return absl::UnavailableError(
        absl::StrCat(acceptors.status().message(), "; choose another ", options.flag));
  }
  parsed->port = acceptors->front().local_endpoint().port();
  std::shared_ptr<Parts> parts(new Parts{
      .loop = loop,
      .address = FormatAddress(*parsed),
      .desk = std::shared_ptr<HttpDesk>(new HttpDesk{loop.context(), std::move(options)}),
      .entrances = {}});
  for (tcp::acceptor& acceptor : *acceptors) {
    parts->entrances.emplace_back(std::move(acceptor), parts->desk);
  }
  loop.RunAndWait([&parts] {
    for (Entrance& entrance : parts->entrances) entrance.Accept();
  });
  loop.Every(kHttpTick, [desk = parts->desk] {
    ForEach(*desk, [now = MonotonicNow()](HttpSession& session) { session.CloseIfLate(now); });
  });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

void HttpServer::Close() {
  parts_->loop.RunAndWait([this] {
    for (Entrance& entrance : parts_->entrances) entrance.Close();
    ForEach(*parts_->desk, [](HttpSession& session) { session.Close(); });
  });
}

}  // namespace wonbon::server
