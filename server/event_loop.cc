#include "server/event_loop.h"

#include <csignal>
#include <future>
#include <list>
#include <thread>
#include <utility>

// Boost 1.74's asio.hpp needs <utility> before it.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace wonbon::server {

namespace asio = boost::asio;

struct EventLoop::Parts {
  struct Timer {
    Timer(asio::io_context& context, absl::Duration every, std::function<void()> what)
        : timer(context), interval(absl::ToChronoMilliseconds(every)), tick(std::move(what)) {}

    void Arm() {
      timer.expires_after(interval);
      timer.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        tick();
        Arm();
      });
    }

    asio::steady_timer timer;
    const std::chrono::milliseconds interval;
    const std::function<void()> tick;
  };

  void WaitForSignal() {
    signals.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      on_termination(signal);
      WaitForSignal();
    });
  }

  void WaitForHangUp() {
    hang_ups.async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      on_hang_up();
      WaitForHangUp();
    });
  }

  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(context);
  asio::signal_set signals{context};
  asio::signal_set hang_ups{context};
  std::function<void(int)> on_termination;
  std::function<void()> on_hang_up;
  std::list<Timer> timers;  // touched on the loop's thread only
  std::thread thread;
};

EventLoop::EventLoop() : parts_(std::make_unique<Parts>()) {
  parts_->thread = std::thread([this] { parts_->context.run(); });
}

EventLoop::~EventLoop() { Stop(); }

void EventLoop::Stop() {
  parts_->context.stop();
  if (parts_->thread.joinable()) parts_->thread.join();
}

asio::io_context& EventLoop::context() { return parts_->context; }

void EventLoop::Every(absl::Duration interval, std::function<void()> tick) {
  asio::post(parts_->context, [this, interval, tick = std::move(tick)]() mutable {
    parts_->timers.emplace_back(parts_->context, interval, std::move(tick)).Arm();
  });
}

void EventLoop::RunAndWait(const std::function<void()>& what) {
  if (!parts_->thread.joinable()) return what();
  std::promise<void> done;
  asio::post(parts_->context, [&] {
    what();
    done.set_value();
  });
  done.get_future().wait();
}

void EventLoop::OnTermination(std::function<void(int signal)> handler) {
  parts_->on_termination = std::move(handler);
  parts_->signals.add(SIGTERM);
  parts_->signals.add(SIGINT);
  parts_->WaitForSignal();
}

void EventLoop::OnHangUp(std::function<void()> handler) {
  parts_->on_hang_up = std::move(handler);
  parts_->hang_ups.add(SIGHUP);
  parts_->WaitForHangUp();
}

}  // namespace wonbon::server
