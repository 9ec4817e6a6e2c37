#include "client/command/machine.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "absl/time/clock.h"
#include "client/command/progress.h"

namespace wonbon::client {
namespace {

using State = Finding::State;

// A server takes up to 4,096 connections, and half of its descriptors are for them.
constexpr uint64_t kEnoughDescriptors = 8'192;
constexpr uint64_t kFewDescriptors = 1'024;
constexpr uint64_t kEnoughMemory = uint64_t{1} << 30;
constexpr uint64_t kLittleMemory = uint64_t{256} << 20;
constexpr uint64_t kEnoughDisk = uint64_t{5} << 30;
constexpr uint64_t kLittleDisk = uint64_t{1} << 30;
constexpr absl::Duration kSlowSync = absl::Milliseconds(10);
constexpr absl::Duration kVerySlowSync = absl::Milliseconds(100);
constexpr int kSyncs = 32;
constexpr size_t kSyncBytes = 4 << 10;
constexpr absl::Duration kSyncsAtMost = absl::Seconds(3);
constexpr int kFewDays = 30;

std::string Contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

Finding Descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const bool any = limit.rlim_max == RLIM_INFINITY;
  // A server raises its own limit up to the hard one.
  Finding finding{.state = State::kOk,
                  .what = "file descriptors",
                  .measured = any ? "no limit" : Grouped(limit.rlim_max) + " at most",
                  .advice = ""};
  if (limit.rlim_max >= kEnoughDescriptors) return finding;
  finding.state = limit.rlim_max < kFewDescriptors ? State::kBad : State::kWarn;
  finding.advice = "raise it to " + Grouped(kEnoughDescriptors) +
                   " or more: LimitNOFILE= in the unit, --ulimit nofile= of a container, `ulimit "
                   "-Hn` in a shell";
  return finding;
}

Finding HugePages() {
  const std::string text = Contents("/sys/kernel/mm/transparent_hugepage/enabled");
  const size_t begin = text.find('[');
  const size_t end = text.find(']');
  Finding finding{.state = State::kOk, .what = "huge pages", .measured = "", .advice = ""};
  if (begin == text.npos || end == text.npos) {
    finding.measured = "this kernel has no transparent ones";
    return finding;
  }
  finding.measured = text.substr(begin + 1, end - begin - 1);
  if (finding.measured != "always") return finding;
  finding.state = State::kWarn;
  finding.advice =
      "echo madvise >/sys/kernel/mm/transparent_hugepage/enabled: memory that is given back then "
      "leaves the process, and no call waits until a huge page is put together";
  return finding;
}

Finding Clock() {
  timex clock{};
  const int state = adjtimex(&clock);
  Finding finding{.state = State::kOk, .what = "clock", .measured = "synchronised", .advice = ""};
  if (state >= 0 && state != TIME_ERROR && (clock.status & STA_UNSYNC) == 0) return finding;
  finding.state = State::kWarn;
  finding.measured = state < 0 ? "nobody tells whether it is synchronised" : "not synchronised";
  finding.advice = "timedatectl set-ntp true, or chrony: times of arrival, certificates and the "
                   "expiry of keys depend on it";
  return finding;
}

// "MemAvailable:   1234 kB" in bytes; 0 where it does not stand there.
uint64_t MemInfo(const std::string& name) {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":")) {
      return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10) << 10;
    }
  }
  return 0;
}

// The least limit of this process' control group (v2) and of those around it.
std::optional<uint64_t> GroupLimit() {
  std::ifstream file("/proc/self/cgroup");
  std::optional<uint64_t> least;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("0::/")) continue;
    std::filesystem::path group = "/sys/fs/cgroup" + line.substr(3);
    for (; group.string().size() >= std::strlen("/sys/fs/cgroup"); group = group.parent_path()) {
      char* end = nullptr;
      const std::string text = Contents(group / "memory.max");
      const uint64_t limit = std::strtoull(text.c_str(), &end, 10);
      if (end != text.c_str()) least = std::min(least.value_or(limit), limit);
    }
  }
  return least;
}

Finding Memory() {
  const std::optional<uint64_t> limit = GroupLimit();
  uint64_t available = MemInfo("MemAvailable");
  Finding finding{.state = State::kOk,
                  .what = "memory",
                  .measured = BytesText(available) + " of " + BytesText(MemInfo("MemTotal")) +
                              " are free",
                  .advice = ""};
  if (limit.has_value()) {
    finding.measured += ", the control group may take " + BytesText(*limit);
    available = std::min(available, *limit);
  }
  if (available >= kEnoughMemory) return finding;
  finding.state = available < kLittleMemory ? State::kBad : State::kWarn;
  finding.advice = "a server takes what its index needs, up to --memory-limit: give it more, or "
                   "drop documents by a collection's retention";
  return finding;
}

// Times that writing and syncing took, in order of their length; empty with errno set.
std::vector<absl::Duration> MeasureSyncs(const std::string& folder) {
  int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
    std::string name = folder + "/.wonbon-doctor-XXXXXX";
    fd = ::mkstemp(name.data());
    if (fd >= 0) ::unlink(name.c_str());
  }
  if (fd < 0) return {};
  const std::string block(kSyncBytes, 'w');
  std::vector<absl::Duration> took;
  took.reserve(kSyncs);
  const absl::Time start = absl::Now();
  while (took.size() < kSyncs && absl::Now() - start < kSyncsAtMost) {
    const absl::Time before = absl::Now();
    if (::write(fd, block.data(), block.size()) != static_cast<ssize_t>(block.size()) ||
        ::fdatasync(fd) != 0) {
      const int error = errno;
      ::close(fd);
      errno = error;
      return {};
    }
    took.push_back(absl::Now() - before);
  }
  ::close(fd);
  std::sort(took.begin(), took.end());
  return took;
}

std::string Milliseconds(absl::Duration duration) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f ms", absl::ToDoubleMilliseconds(duration));
  return text;
}

Finding DiskSpeed(const std::string& folder) {
  Finding finding{.state = State::kOk, .what = "disk speed", .measured = "", .advice = ""};
  const std::vector<absl::Duration> took = MeasureSyncs(folder);
  if (took.empty()) {
    finding.state = State::kBad;
    finding.measured = folder + " cannot be written: " + std::strerror(errno);
    finding.advice = "ask as the user that the server runs as, and name its --data-dir";
    return finding;
  }
  const absl::Duration median = took[took.size() / 2];
  finding.measured = Milliseconds(median) + " in the middle, " + Milliseconds(took.back()) +
                     " at most, to write and sync 4 KiB (" + std::to_string(took.size()) +
                     " times)";
  if (median <= kSlowSync) return finding;
  finding.state = median > kVerySlowSync ? State::kBad : State::kWarn;
  finding.advice = "every answer to a write waits for one: use a local SSD, best one whose cache "
                   "survives a power cut, or --durability=async";
  return finding;
}

Finding DiskRoom(const std::string& folder) {
  Finding finding{.state = State::kOk, .what = "disk room", .measured = "", .advice = ""};
  struct statfs disk {};
  if (::statfs(folder.c_str(), &disk) != 0) {
    finding.state = State::kBad;
    finding.measured = folder + ": " + std::strerror(errno);
    finding.advice = "name the server's --data-dir";
    return finding;
  }
  const uint64_t unit = static_cast<uint64_t>(disk.f_bsize);
  const uint64_t free = disk.f_bavail * unit;
  finding.measured = BytesText(free) + " of " + BytesText(disk.f_blocks * unit) + " are free";
  if (free < kEnoughDisk) {
    finding.state = free < kLittleDisk ? State::kBad : State::kWarn;
    finding.advice = "make room; with --disk-reserve writes are refused before the disk is full";
  }
  if (disk.f_type == TMPFS_MAGIC || disk.f_type == NFS_SUPER_MAGIC) {
    finding.state = std::max(finding.state, State::kWarn);
    finding.measured += disk.f_type == NFS_SUPER_MAGIC ? ", over the network (NFS)" : ", in memory";
    finding.advice = disk.f_type == NFS_SUPER_MAGIC ? "use a local disk"
                                                    : "nothing there outlives a restart of the "
                                                      "machine: use a disk";
  }
  return finding;
}

}  // namespace

std::vector<Finding> LookAtMachine() { return {Descriptors(), HugePages(), Clock(), Memory()}; }

std::vector<Finding> LookAtDisk(const std::string& folder) {
  return {DiskSpeed(folder), DiskRoom(folder)};
}

Finding LookAtCertificate(const std::string& what, const std::string& path) {
  const std::string text = Contents(path);
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(
      BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free);
  absl::Time first = absl::InfiniteFuture();
  for (;;) {
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
    std::tm end{};
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) break;
    first = std::min(first, absl::FromTimeT(::timegm(&end)));
  }
  if (first != absl::InfiniteFuture()) return JudgeCertificate(what, first);
  return {.state = State::kBad,
          .what = what,
          .measured = path + " holds no certificate that can be read",
          .advice = "name a PEM file"};
}

Finding JudgeCertificate(const std::string& what, absl::Time end) {
  const int64_t days = absl::ToInt64Hours(end - absl::Now()) / 24;
  const std::string day = absl::FormatTime("%Y-%m-%d", end, absl::UTCTimeZone());
  Finding finding{.state = State::kOk,
                  .what = what,
                  .measured = "valid until " + day + ", " + Grouped(static_cast<uint64_t>(
                                                                std::max<int64_t>(days, 0))) +
                              " days",
                  .advice = ""};
  if (end <= absl::Now()) {
    finding.state = State::kBad;
    finding.measured = "over since " + day;
  } else if (days < kFewDays) {
    finding.state = State::kWarn;
  }
  if (finding.state != State::kOk) {
    finding.advice = "renew it: a running server takes the new files by itself";
  }
  return finding;
}

const char* Name(Finding::State state) {
  switch (state) {
    case State::kOk: return "OK";
    case State::kWarn: return "WARN";
    case State::kBad: return "BAD";
    case State::kSkipped: break;
  }
  return "SKIPPED";
}

}  // namespace wonbon::client
