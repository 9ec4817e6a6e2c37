#include "core/store/seed.h"

#include <sys/random.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/store/files.h"
#include "xxhash.h"

namespace wonbon {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOthers = 0077;

}  // namespace

absl::StatusOr<std::string> RandomBytes(size_t bytes) {
  std::string drawn(bytes, '\0');
  for (size_t done = 0; done < bytes;) {
    const ssize_t got = getrandom(drawn.data() + done, bytes - done, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus(errno, "cannot draw random bytes from", "getrandom");
    done += static_cast<size_t>(got);
  }
  return drawn;
}

absl::StatusOr<Seed> ReadSeed(const std::string& path) {
  // More than the seed's size, to tell the size of a file that is not one.
  absl::StatusOr<SmallFile> file = ReadSmallFile(path, 4096);
  if (!file.ok()) return file.status();
  if ((file->mode & kOthers) != 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "seed file %s: found mode %04o; expected a file that only its owner may read, for whoever "
        "knows the seed can forge duplicates; run chmod 600 on it",
        path, file->mode));
  }
  Seed seed;
  if (file->bytes.size() != seed.size()) {
    return absl::FailedPreconditionError(
        absl::StrCat("seed file ", path, ": found ", file->bytes.size(), " bytes; expected ",
                     seed.size(), " raw bytes; make one with: head -c 16 /dev/urandom > ", path));
  }
  std::memcpy(seed.data(), file->bytes.data(), seed.size());
  return seed;
}

absl::StatusOr<Seed> DrawSeed(const std::string& path) {
  Seed seed;
  absl::StatusOr<std::string> bytes = RandomBytes(seed.size());
  if (!bytes.ok()) return bytes.status();
  if (absl::Status status = ReplaceFile(path, *bytes, kOwnerOnly); !status.ok()) return status;
  std::memcpy(seed.data(), bytes->data(), seed.size());
  return seed;
}

uint32_t SeedFingerprint(const Seed& seed) {
  std::string text = "wonbon seed fingerprint:";
  text.append(reinterpret_cast<const char*>(seed.data()), seed.size());
  return static_cast<uint32_t>(XXH3_64bits(text.data(), text.size()));
}

}  // namespace wonbon
