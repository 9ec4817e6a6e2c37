// What systemd is told of a service of Type=notify (sd_notify(3)): nothing is, where no such
// manager started this process. Thread-safe.
#pragma once

#include <string>

namespace wonbon::server {

// Serves; `status` is what `systemctl status` shows.
void TellReady(const std::string& status);
// Loads, and asks for more time than TimeoutStartSec gives: until the next word of this kind.
void TellLoading(const std::string& progress);
// Its own port has answered (port_probe.h): what WatchdogSec waits for.
void TellAlive();
// Finishes calls; at most `seconds` more.
void TellStopping(double seconds);

}  // namespace wonbon::server
