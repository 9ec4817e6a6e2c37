// The client's half of a TLS handshake, as far as it shows that a server can greet: used to ask our
// own port. What it was told is not verified.
//
// Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace wonbon::server {

class TlsGreeting {
 public:
  TlsGreeting();
  ~TlsGreeting();
  TlsGreeting(const TlsGreeting&) = delete;
  TlsGreeting& operator=(const TlsGreeting&) = delete;

  enum class State { kWaiting, kGreeted, kRefused };

  // What is to be sent now: the first word, and another where the server asks for one.
  std::string Say();
  // Takes what the server answered. kGreeted once it has proved to hold the key of its certificate;
  // nothing more needs to be sent then: a server that wants to know its clients would complain.
  State Receive(std::string_view bytes);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace wonbon::server
