#include "server/admission/memory_ceiling.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/limits.h"
#include "server/log.h"
#include "server/message/status.h"

namespace wonbon::server {
namespace {

constexpr uint64_t kUnlimited = UINT64_MAX;

// The number in a file of one number; kUnlimited where there is none ("max").
uint64_t NumberIn(const std::string& path) {
  std::ifstream file(path);
  uint64_t number = 0;
  return file >> number ? number : kUnlimited;
}

// The least limit of the control group `path` below `root` and of those it stands in.
uint64_t LeastLimit(const std::string& root, std::string path, const char* file) {
  uint64_t least = NumberIn(absl::StrCat(root, "/", file));
  while (path.size() > 1) {
    least = std::min(least, NumberIn(absl::StrCat(root, path, "/", file)));
    path.resize(path.rfind('/'));
  }
  return least;
}

// Lines of /proc/self/cgroup: "0::/path" (version 2), "4:memory:/path" (version 1).
uint64_t ControlGroupLimit() {
  uint64_t least = kUnlimited;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1);
    if (controllers.empty()) {
      least = std::min(least, LeastLimit("/sys/fs/cgroup", path, "memory.max"));
    } else if (controllers == "memory") {
      least = std::min(least,
                       LeastLimit("/sys/fs/cgroup/memory", path, "memory.limit_in_bytes"));
    }
  }
  return least;
}

uint64_t MachineMemory() {
  return static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

uint64_t Mebibytes(uint64_t bytes) { return bytes >> 20; }

}  // namespace

// statm: size, resident, shared, ..., in pages; shared are the resident ones that are a file's.
ResidentMemory ReadResidentMemory() {
  std::ifstream statm("/proc/self/statm");
  uint64_t size = 0;
  uint64_t resident = 0;
  uint64_t shared = 0;
  if (!(statm >> size >> resident >> shared)) return {};
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  shared = std::min(resident, shared);
  return {.anonymous = (resident - shared) * page, .files = shared * page};
}

uint64_t GrantedMemory() { return std::min(MachineMemory(), ControlGroupLimit()); }

absl::Status MemoryCeiling::Admit() {
  if (options_.limit == 0) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  if (Since(read_at_) >= kMemoryReadInterval) {
    read_at_ = MonotonicNow();
    const uint64_t used = options_.used();
    const bool passed = used > options_.limit;
    if (passed && !passed_) {
      LogWarning(absl::StrCat(Mebibytes(used), " MiB of memory are taken, more than the ",
                              Mebibytes(options_.limit),
                              " MiB of --memory-limit: submissions are refused, reads go on"));
    } else if (passed_ && !passed) {
      LogInfo("memory is below --memory-limit again: submissions are taken");
    }
    passed_ = passed;
  }
  if (!passed_) return absl::OkStatus();
  return Overloaded(ErrorReason::kMemoryLimit,
                    absl::StrCat("the server takes more memory than the ",
                                 Mebibytes(options_.limit),
                                 " MiB that --memory-limit allows; it takes no further documents"));
}

}  // namespace wonbon::server
