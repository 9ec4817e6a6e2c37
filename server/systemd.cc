#include "server/systemd.h"

#include <systemd/sd-daemon.h>

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "server/limits.h"

namespace wonbon::server {
namespace {

// What cannot be told is nobody's loss: the manager goes by its own time limits then.
void Tell(const std::string& state) { static_cast<void>(sd_notify(0, state.c_str())); }

std::string Extension(double seconds) {
  return absl::StrCat("EXTEND_TIMEOUT_USEC=", static_cast<uint64_t>(seconds * 1e6), "\n");
}

}  // namespace

void TellReady(const std::string& status) { Tell(absl::StrCat("READY=1\nSTATUS=", status)); }

void TellLoading(const std::string& progress) {
  // Ten words may get lost, or a long step come between.
  const double seconds = 10 * absl::ToDoubleSeconds(kProgressInterval);
  Tell(absl::StrCat(Extension(seconds), "STATUS=", progress));
}

void TellAlive() { Tell("WATCHDOG=1"); }

void TellStopping(double seconds) {
  Tell(absl::StrCat("STOPPING=1\n", Extension(seconds), "STATUS=finishing the calls in progress"));
}

}  // namespace wonbon::server
