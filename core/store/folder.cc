#include "core/store/folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/store/files.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;

// What an interrupted first start may leave, and what a fresh file system has of its own.
constexpr std::array<std::string_view, 9> kKnownNames = {
    "LOCK",        "seed", "seed.new", "FORMAT.new", "WITNESS",
    "WITNESS.new", "db",   "reserve",  "lost+found"};

absl::Status MakeFolder(const std::string& dir) {
  std::error_code error;
  const fs::path parent = fs::path(dir).parent_path();
  if (!parent.empty()) fs::create_directories(parent, error);
  if (error) return ErrnoStatus(error.value(), "cannot make the folder", parent.string());
  if (mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, "cannot make the data folder", dir);
  }
  if (!fs::is_directory(dir, error)) {
    return absl::FailedPreconditionError(absl::StrCat(dir, ": the data folder must be a folder"));
  }
  return absl::OkStatus();
}

absl::Status RefuseForeignFiles(const std::string& dir) {
  std::error_code error;
  for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename();
    if (std::find(kKnownNames.begin(), kKnownNames.end(), name) == kKnownNames.end()) {
      return absl::FailedPreconditionError(
          absl::StrCat("data folder ", dir, ": found ", name,
                       " and no FORMAT file; expected a folder of wonbon's own or an empty one; "
                       "give another --data-dir"));
    }
  }
  if (error) return ErrnoStatus(error.value(), "cannot list the data folder", dir);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DataFolder> DataFolder::Open(const std::string& path) {
  std::string dir = path;
  while (dir.size() > 1 && dir.back() == '/') dir.pop_back();
  if (dir.empty()) return absl::FailedPreconditionError("the data folder has no name");
  if (absl::Status status = MakeFolder(dir); !status.ok()) return status;
  std::error_code error;
  if (!fs::exists(dir + "/FORMAT", error)) {
    if (absl::Status status = RefuseForeignFiles(dir); !status.ok()) return status;
  }
  const std::string lock = dir + "/LOCK";
  int fd = open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  // What is there can still be read.
  if (fd < 0 && errno == EROFS) fd = open(lock.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(errno, "cannot open", lock);
  DataFolder folder(std::move(dir), fd);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return ErrnoStatus(errno, "cannot lock", lock);
    return absl::FailedPreconditionError(
        absl::StrCat("data folder ", folder.dir(), ": another wonbond uses this folder (", lock,
                     " is held); stop it or give another --data-dir"));
  }
  return folder;
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : dir_(std::move(other.dir_)), lock_fd_(std::exchange(other.lock_fd_, -1)) {}

DataFolder::~DataFolder() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

}  // namespace wonbon
