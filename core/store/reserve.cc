#include "core/store/reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "absl/cleanup/cleanup.h"
#include "core/store/files.h"
#include "core/store/limits.h"

namespace wonbon {

absl::Status Reserve::Make() {
  const int fd = open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return ErrnoStatus(errno, "cannot create", path_);
  const absl::Cleanup closed = [fd] { close(fd); };
  struct stat info {};
  if (fstat(fd, &info) != 0) return ErrnoStatus(errno, "cannot inspect", path_);
  // Its size grows with its blocks.
  if (info.st_size >= kReserveBytes) return absl::OkStatus();
  int error = EINTR;
  while (error == EINTR) error = posix_fallocate(fd, 0, kReserveBytes);
  if (error == 0) return absl::OkStatus();
  GiveUp();
  return ErrnoStatus(error, "cannot reserve room in", path_);
}

// One that cannot be removed (a disk gone read-only) frees nothing; that shows when it is made
// again.
void Reserve::GiveUp() { (void)unlink(path_.c_str()); }

}  // namespace wonbon
