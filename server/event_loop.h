// One thread on Boost.Asio for what happens by itself: signals, timers, and the admin endpoint.
#pragma once

#include <functional>
#include <memory>

#include "absl/time/time.h"

namespace boost::asio {
class io_context;
}

namespace wonbon::server {

// Thread-safe. Callbacks run on the loop's thread, one at a time; they must be quick.
class EventLoop {
 public:
  EventLoop();
  // Stops: no callback runs afterwards.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  boost::asio::io_context& context();

  // Calls `tick` every `interval` from now on.
  void Every(absl::Duration interval, std::function<void()> tick);
  // Calls `handler` for each SIGTERM and SIGINT, which no longer end the process. Once.
  void OnTermination(std::function<void(int signal)> handler);
  // Calls `handler` for each SIGHUP, which no longer ends the process. Once.
  void OnHangUp(std::function<void()> handler);

  // Runs `what` on the loop's thread, or here where that has ended, and waits for it. Not to be
  // called from a callback.
  void RunAndWait(const std::function<void()>& what);

  // Ends the loop's thread; pending callbacks are dropped.
  void Stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace wonbon::server
