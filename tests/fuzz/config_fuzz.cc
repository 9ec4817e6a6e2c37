// The configuration file: refused with one line, or settings that are printed and read again alike.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "server/config/config.h"
#include "tests/fuzz/fuzz.h"

namespace wonbon::server {
namespace {

// A file in memory, rewritten for each input.
class File {
 public:
  File() : fd_(memfd_create("settings", 0)), path_("/proc/self/fd/" + std::to_string(fd_)) {
    FUZZ_PROMISE(fd_ >= 0);
  }
  const std::string& With(std::string_view bytes) {
    FUZZ_PROMISE(ftruncate(fd_, 0) == 0);
    FUZZ_PROMISE(pwrite(fd_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    return path_;
  }

 private:
  int fd_;
  std::string path_;
};

void Read(std::string_view text) {
  static File& file = *new File();
  const absl::StatusOr<std::vector<GivenValue>> values = ReadConfigFile(file.With(text));
  if (!values.ok()) return;
  Config config;
  if (!Apply(*values, config).ok()) return;
  Validate(config).IgnoreError();
  const std::string printed = Print(config);
  // The seed file is not printed; all else is.
  const absl::StatusOr<std::vector<GivenValue>> again = ReadConfigFile(file.With(printed));
  FUZZ_PROMISE(again.ok());
  Config same;
  FUZZ_PROMISE(Apply(*again, same).ok());
  same.origins = config.origins;
  same.seed_file = config.seed_file;
  FUZZ_PROMISE(Print(same) == printed);
}

}  // namespace
}  // namespace wonbon::server

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  wonbon::server::Read({reinterpret_cast<const char*>(data), size});
  return 0;
}
