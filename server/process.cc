#include "server/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/limits.h"
#include "server/log.h"

namespace wonbon::server {
namespace {

constexpr mode_t kOthers = 0077;

}  // namespace

void KeepToItself() {
  // A limit on core files would not do: the system does not ask it where it pipes them elsewhere.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  umask(kOthers);
}

size_t RaiseDescriptorLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
  LogInfo(absl::StrCat("file descriptors: ", limit.rlim_cur, " (", before, " at first), ",
                       MostConnections(limit.rlim_cur), " of them for gRPC's connections"));
  return limit.rlim_cur;
}

size_t MostConnections(size_t descriptors) { return std::min(kMaxConnections, descriptors / 2); }

absl::Status MakePrivate(const std::string& data_dir) {
  struct stat info {};
  if (stat(data_dir.c_str(), &info) == 0) {
    const mode_t mode = info.st_mode & 07777;
    if ((mode & kOthers) == 0) return absl::OkStatus();
    if (chmod(data_dir.c_str(), mode & ~kOthers) == 0) {
      LogWarning(absl::StrFormat("data folder %s: found mode %04o; articles are for the owner "
                                 "alone, and it is %04o from now on",
                                 data_dir, mode, mode & ~kOthers));
      return absl::OkStatus();
    }
  }
  return absl::FailedPreconditionError(
      absl::StrCat("data folder ", data_dir, ": others have rights to it, which cannot be taken: ",
                   std::strerror(errno), "; run chmod 700 on it"));
}

}  // namespace wonbon::server
