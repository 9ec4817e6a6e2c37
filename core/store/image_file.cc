#include "core/store/image_file.h"

#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/store/files.h"

namespace wonbon {
namespace {

constexpr char kMagic[8] = {'W', 'B', 'I', 'N', 'D', 'E', 'X', '\n'};
constexpr size_t kBufferBytes = 1 << 20;

// In the machine's byte order: an image does not leave the machine.
struct Head {
  char magic[8];
  uint32_t version;
  char store_id[32];
  uint32_t unused;
  uint64_t sequence;
  uint64_t size;  // of what follows
  uint64_t checksum;  // XXH3 of what follows
  uint64_t head_checksum;  // XXH3 of this, up to here
};
static_assert(sizeof(Head) == 80);

uint64_t ChecksumOf(const Head& head) { return XXH3_64bits(&head, offsetof(Head, head_checksum)); }

Head HeadOf(const std::string& store_id, Sequence sequence) {
  Head head = {.version = kImageVersion, .sequence = static_cast<uint64_t>(sequence)};
  std::memcpy(head.magic, kMagic, sizeof kMagic);
  std::memcpy(head.store_id, store_id.data(), std::min(store_id.size(), sizeof head.store_id));
  return head;
}

struct CloseFile {
  void operator()(FILE* file) const { fclose(file); }
};
using File = std::unique_ptr<FILE, CloseFile>;

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};
using Checksum = std::unique_ptr<XXH3_state_t, FreeState>;

Checksum NewChecksum() {
  Checksum state(XXH3_createState());
  XXH3_64bits_reset(state.get());
  return state;
}

// The head of the file, which is left behind it.
absl::StatusOr<Head> ReadHead(FILE* file, const std::string& path, const Head& expected) {
  Head head;
  if (fread(&head, sizeof head, 1, file) != 1 || ChecksumOf(head) != head.head_checksum ||
      std::memcmp(head.magic, kMagic, sizeof kMagic) != 0) {
    return absl::DataLossError(absl::StrCat(path, ": damaged"));
  }
  if (head.version != expected.version) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": of another version of wonbond"));
  }
  if (std::memcmp(head.store_id, expected.store_id, sizeof head.store_id) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": of another store"));
  }
  if (head.sequence != expected.sequence) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": of sequence ", head.sequence, ", the store is at ", expected.sequence));
  }
  return head;
}

absl::Status WriteAll(FILE* file, const std::string& path, Head head,
                      absl::FunctionRef<void(ImageWriter&)> write) {
  setvbuf(file, nullptr, _IOFBF, kBufferBytes);
  const Checksum checksum = NewChecksum();
  bool written = fwrite(&head, sizeof head, 1, file) == 1;
  ImageWriter image([&](std::string_view bytes) {
    if (bytes.empty() || !written) return;
    XXH3_64bits_update(checksum.get(), bytes.data(), bytes.size());
    head.size += bytes.size();
    written = fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  });
  write(image);
  head.checksum = XXH3_64bits_digest(checksum.get());
  head.head_checksum = ChecksumOf(head);
  if (!written || fseek(file, 0, SEEK_SET) != 0 || fwrite(&head, sizeof head, 1, file) != 1 ||
      fflush(file) != 0 || fsync(fileno(file)) != 0) {
    return ErrnoStatus(errno, "cannot write", path);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteImageFile(const std::string& path, const std::string& store_id,
                            Sequence sequence, uint64_t keep_free,
                            absl::FunctionRef<void(ImageWriter&)> write) {
  unlink(path.c_str());  // one of the past, whose room this one may need
  uint64_t size = sizeof(Head);
  ImageWriter measure([&size](std::string_view bytes) { size += bytes.size(); });
  write(measure);
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::path(path).parent_path(), error);
  if (error || space.available < size + keep_free) {
    return absl::ResourceExhaustedError(absl::StrCat(path, ": no room for ", size, " bytes"));
  }
  const std::string beside = path + ".new";
  File file(fopen(beside.c_str(), "wbe"));
  if (file == nullptr) return ErrnoStatus(errno, "cannot make", beside);
  absl::Status status = WriteAll(file.get(), beside, HeadOf(store_id, sequence), write);
  file.reset();
  if (status.ok() && rename(beside.c_str(), path.c_str()) != 0) {
    status = ErrnoStatus(errno, "cannot replace", path);
  }
  if (!status.ok()) unlink(beside.c_str());
  return status;
}

absl::StatusOr<std::unique_ptr<ImageReader>> OpenImageFile(const std::string& path,
                                                           const std::string& store_id,
                                                           Sequence sequence) {
  File file(fopen(path.c_str(), "rbe"));
  if (file == nullptr) {
    return errno == ENOENT ? absl::NotFoundError(absl::StrCat(path, ": there is none"))
                           : ErrnoStatus(errno, "cannot open", path);
  }
  setvbuf(file.get(), nullptr, _IOFBF, kBufferBytes);
  absl::StatusOr<Head> head = ReadHead(file.get(), path, HeadOf(store_id, sequence));
  if (!head.ok()) return head.status();
  const Checksum checksum = NewChecksum();
  std::vector<char> buffer(kBufferBytes);
  uint64_t size = 0;
  while (const size_t got = fread(buffer.data(), 1, buffer.size(), file.get())) {
    XXH3_64bits_update(checksum.get(), buffer.data(), got);
    size += got;
  }
  if (size != head->size || XXH3_64bits_digest(checksum.get()) != head->checksum ||
      fseek(file.get(), sizeof(Head), SEEK_SET) != 0) {
    return absl::DataLossError(absl::StrCat(path, ": damaged"));
  }
  return std::make_unique<ImageReader>(
      size, [file = std::shared_ptr<FILE>(std::move(file))](void* out, size_t bytes) {
        return fread(out, 1, bytes, file.get()) == bytes;
      });
}

}  // namespace wonbon
