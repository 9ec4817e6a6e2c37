#include "core/store/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace wonbon {
namespace {

absl::Status SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(errno, "cannot open", folder);
  const absl::Cleanup closed = [fd] { close(fd); };
  if (fsync(fd) != 0) return ErrnoStatus(errno, "cannot sync", folder);
  return absl::OkStatus();
}

absl::Status WriteAndSync(const std::string& path, std::string_view bytes, mode_t mode) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) return ErrnoStatus(errno, "cannot create", path);
  const absl::Cleanup closed = [fd] { close(fd); };
  if (fchmod(fd, mode) != 0) return ErrnoStatus(errno, "cannot set the mode of", path);
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoStatus(errno, "cannot write", path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(fd) != 0) return ErrnoStatus(errno, "cannot sync", path);
  return absl::OkStatus();
}

}  // namespace

absl::Status ErrnoStatus(int error, std::string_view doing, std::string_view path) {
  const std::string message =
      absl::StrCat(std::string(doing), " ", std::string(path), ": ", std::strerror(error));
  switch (error) {
    case ENOENT: return absl::NotFoundError(message);
    case ENOSPC:
    case EDQUOT: return absl::ResourceExhaustedError(message);
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOTDIR:
    case EISDIR: return absl::FailedPreconditionError(message);
    default: return absl::UnavailableError(message);
  }
}

absl::StatusOr<SmallFile> ReadSmallFile(const std::string& path, size_t max_bytes) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(errno, "cannot open", path);
  const absl::Cleanup closed = [fd] { close(fd); };
  struct stat info {};
  if (fstat(fd, &info) != 0) return ErrnoStatus(errno, "cannot inspect", path);
  SmallFile file;
  file.mode = info.st_mode & 07777;
  file.bytes.resize(max_bytes + 1);
  size_t size = 0;
  while (size < file.bytes.size()) {
    const ssize_t got = read(fd, file.bytes.data() + size, file.bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus(errno, "cannot read", path);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > max_bytes) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": longer than the ", max_bytes, " bytes allowed"));
  }
  file.bytes.resize(size);
  return file;
}

absl::Status ReplaceFile(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string beside = path + ".new";
  if (absl::Status status = WriteAndSync(beside, bytes, mode); !status.ok()) return status;
  if (rename(beside.c_str(), path.c_str()) != 0) return ErrnoStatus(errno, "cannot replace", path);
  return SyncFolderOf(path);
}

}  // namespace wonbon
