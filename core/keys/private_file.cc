#include "core/keys/private_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace wonbon::keys {
namespace {

constexpr mode_t kOthers = 0077;
constexpr mode_t kOthersButReadingGroup = 0037;
constexpr uid_t kRoot = 0;
constexpr mode_t kOwnerAlone = 0600;

absl::Status Failed(const char* what, const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(errno)));
}

bool IsPrivate(const struct stat& info) {
  const bool lent = info.st_uid == kRoot && geteuid() != kRoot;
  return (info.st_mode & (lent ? kOthersButReadingGroup : kOthers)) == 0;
}

absl::StatusOr<std::string> ReadAll(int fd, const std::string& path, size_t max_bytes) {
  std::string bytes;
  char buffer[16 << 10];
  while (true) {
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read", path);
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(got));
    if (bytes.size() > max_bytes) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, " is larger than ", max_bytes, " bytes"));
    }
  }
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return true;
}

// `text` on disk under `path`, for the owner that `old` has alone.
absl::Status WriteNew(const std::string& path, const std::string& text, const struct stat* old) {
  unlink(path.c_str());  // left behind by one that was killed
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerAlone);
  if (fd < 0) return Failed("write", path);
  const absl::Cleanup closing = [fd] { close(fd); };
  const bool owned = old == nullptr || (old->st_uid == geteuid() && old->st_gid == getegid()) ||
                     fchown(fd, old->st_uid, old->st_gid) == 0;
  if (!owned || !WriteAll(fd, text) || fsync(fd) != 0) return Failed("write", path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(const std::string& path, size_t max_bytes,
                                          Secrecy secrecy) {
  // Not blocking: a pipe that nobody writes to would hold the reader for ever.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return Failed("read", path);
  const absl::Cleanup closing = [fd] { close(fd); };
  struct stat info {};
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    return absl::FailedPreconditionError(path + " is not a file");
  }
  if (secrecy == Secrecy::kPrivate && !IsPrivate(info)) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: found mode %04o; expected a file that only its owner may read; run chmod 600 on it",
        path, info.st_mode & 07777));
  }
  return ReadAll(fd, path, max_bytes);
}

absl::Status EditPrivateFile(
    const std::string& path, size_t max_bytes,
    const std::function<absl::StatusOr<std::string>(const std::string& text)>& edit) {
  // What a link leads to is replaced, not the link.
  std::error_code ignored;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, ignored);
  const std::string target = ignored ? path : real.string();
  std::string folder = std::filesystem::path(target).parent_path();
  if (folder.empty()) folder = ".";
  const int lock = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) return Failed("open the folder", folder);
  const absl::Cleanup unlocking = [lock] { close(lock); };
  if (flock(lock, LOCK_EX) != 0) return Failed("lock the folder", folder);

  struct stat old {};
  const bool is_there = stat(target.c_str(), &old) == 0;
  absl::StatusOr<std::string> text = std::string();
  if (is_there) text = ReadSmallFile(target, max_bytes, Secrecy::kPrivate);
  if (!text.ok()) return text.status();
  const absl::StatusOr<std::string> edited = edit(*text);
  if (!edited.ok()) return edited.status();
  const std::string made = target + ".new";
  absl::Status written = WriteNew(made, *edited, is_there ? &old : nullptr);
  if (written.ok() && std::rename(made.c_str(), target.c_str()) != 0) {
    written = Failed("write", target);
  }
  if (!written.ok()) unlink(made.c_str());
  if (written.ok() && fsync(lock) != 0) return Failed("write", folder);
  return written;
}

}  // namespace wonbon::keys
