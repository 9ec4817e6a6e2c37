// Asks the server's own gRPC port, as a client would, whether it still answers: what /readyz says
// is not only what the server believes of itself.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "server/config/address.h"
#include "server/event_loop.h"

namespace wonbon::server {

// Asks every kPortProbeInterval: connects, and waits for the first frame of HTTP/2, or with `tls`
// for a whole greeting. Reports on the loop's thread: OK, or UNAVAILABLE with what went wrong
// within kPortProbeTimeout. The loop's thread must end before what `report` touches is gone.
void ProbePort(EventLoop& loop, const HostPort& address, bool tls,
               std::function<void(const absl::Status&)> report);

}  // namespace wonbon::server
