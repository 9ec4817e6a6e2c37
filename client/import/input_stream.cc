#include "client/import/input_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "client/limits.h"

namespace wonbon::client {
namespace {

constexpr size_t kReadBytes = 256 << 10;

// A file descriptor read in pieces, with the piece at hand.
class RawFile {
 public:
  RawFile(int fd, std::string path) : fd_(fd), path_(std::move(path)), buffer_(kReadBytes) {}
  ~RawFile() {
    if (fd_ != STDIN_FILENO) ::close(fd_);
  }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  // Bytes read and not taken yet.
  std::string_view rest() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void Take(size_t size) {
    begin_ += size;
    consumed_.fetch_add(size, std::memory_order_relaxed);
  }

  // Reads more behind the rest. False at the end of the file.
  absl::StatusOr<bool> Fill() {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    for (;;) {
      const ssize_t n = ::read(fd_, buffer_.data() + end_, buffer_.size() - end_);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return absl::UnknownError(path_ + ": " + std::strerror(errno));
      end_ += static_cast<size_t>(n);
      return n > 0;
    }
  }

  const std::string& path() const { return path_; }
  uint64_t consumed() const { return consumed_.load(std::memory_order_relaxed); }

 private:
  const int fd_;
  const std::string path_;
  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  std::atomic<uint64_t> consumed_ = 0;
};

class FileInput : public InputStream {
 public:
  explicit FileInput(std::unique_ptr<RawFile> file) : file_(std::move(file)) {}
  uint64_t consumed() const override { return file_->consumed(); }

 protected:
  absl::Status CutOff() const {
    return absl::DataLossError(file_->path() + ": the file ends in the middle of its packed data");
  }
  absl::Status Damaged(const char* what) const {
    return absl::DataLossError(file_->path() + ": damaged near byte " +
                               std::to_string(file_->consumed()) + ": " + what);
  }

  const std::unique_ptr<RawFile> file_;
};

class PlainInput : public FileInput {
 public:
  using FileInput::FileInput;

  absl::StatusOr<size_t> Read(char* out, size_t size) override {
    if (file_->rest().empty()) {
      const absl::StatusOr<bool> more = file_->Fill();
      if (!more.ok()) return more.status();
    }
    const size_t n = std::min(size, file_->rest().size());
    std::memcpy(out, file_->rest().data(), n);
    file_->Take(n);
    return n;
  }
};

// One frame after another.
class ZstdInput : public FileInput {
 public:
  explicit ZstdInput(std::unique_ptr<RawFile> file)
      : FileInput(std::move(file)), stream_(ZSTD_createDStream()) {
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kMaxZstdWindowLog);
  }
  ~ZstdInput() override { ZSTD_freeDStream(stream_); }

  absl::StatusOr<size_t> Read(char* out, size_t size) override {
    ZSTD_outBuffer output{out, size, 0};
    while (output.pos == 0) {
      bool more = true;
      if (file_->rest().empty()) {
        const absl::StatusOr<bool> filled = file_->Fill();
        if (!filled.ok()) return filled.status();
        more = *filled;
      }
      if (!more && wanted_ == 0) return 0;
      ZSTD_inBuffer input{file_->rest().data(), file_->rest().size(), 0};
      wanted_ = ZSTD_decompressStream(stream_, &output, &input);
      if (ZSTD_isError(wanted_)) return Damaged(ZSTD_getErrorName(wanted_));
      file_->Take(input.pos);
      // Without input it may still flush what it holds; if it has nothing, the frame is cut off.
      if (!more && output.pos == 0 && wanted_ != 0) return CutOff();
    }
    return output.pos;
  }

 private:
  ZSTD_DStream* const stream_;
  size_t wanted_ = 0;  // 0 between two frames
};

// One gzip member after another.
class GzipInput : public FileInput {
 public:
  explicit GzipInput(std::unique_ptr<RawFile> file) : FileInput(std::move(file)) {
    inflateInit2(&stream_, 15 + 16);  // the largest window, gzip's header
  }
  ~GzipInput() override { inflateEnd(&stream_); }

  absl::StatusOr<size_t> Read(char* out, size_t size) override {
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out == size) {
      if (file_->rest().empty()) {
        const absl::StatusOr<bool> more = file_->Fill();
        if (!more.ok()) return more.status();
        if (!*more) {
          if (inside_) return CutOff();
          return 0;
        }
      }
      inside_ = true;
      const std::string_view rest = file_->rest();
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));
      stream_.avail_in = static_cast<uInt>(rest.size());
      const int code = inflate(&stream_, Z_NO_FLUSH);
      file_->Take(rest.size() - stream_.avail_in);
      if (code == Z_STREAM_END) {
        inside_ = false;
        inflateReset(&stream_);
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return Damaged(stream_.msg != nullptr ? stream_.msg : "not gzip data");
      }
    }
    return size - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  bool inside_ = true;  // a member has begun and not ended
};

// Packings that are not read here, and what reads them.
absl::Status CheckPacking(std::string_view head, const std::string& path) {
  struct Packing {
    std::string_view magic;
    const char* advice;
  };
  static constexpr Packing kPackings[] = {
      {"PK\x03\x04", "is a zip archive: unzip -p FILE | wonbon import -"},
      {"\xFD" "7zXZ", "is packed with xz: xz -dc FILE | wonbon import -"},
      {"BZh", "is packed with bzip2: bzip2 -dc FILE | wonbon import -"},
      {"7z\xBC\xAF", "is a 7z archive: 7z x -so FILE | wonbon import -"}};
  for (const Packing& packing : kPackings) {
    if (head.starts_with(packing.magic)) {
      return absl::InvalidArgumentError(path + " " + packing.advice);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<InputStream>> OpenInput(const std::string& path) {
  int fd = STDIN_FILENO;
  if (path != "-") {
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
      const std::string message = "cannot open " + path + ": " + std::strerror(errno);
      if (errno == EACCES) return absl::PermissionDeniedError(message);
      return absl::NotFoundError(message);
    }
  }
  auto file = std::make_unique<RawFile>(fd, path == "-" ? "standard input" : path);
  struct stat info {};
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError(path + " is a folder; name the files in it");
  }
  while (file->rest().size() < 6) {
    const absl::StatusOr<bool> more = file->Fill();
    if (!more.ok()) return more.status();
    if (!*more) break;
  }
  const std::string_view head = file->rest();
  if (absl::Status status = CheckPacking(head, file->path()); !status.ok()) return status;
  if (head.starts_with("\x28\xB5\x2F\xFD")) return std::make_unique<ZstdInput>(std::move(file));
  if (head.starts_with("\x1F\x8B")) return std::make_unique<GzipInput>(std::move(file));
  return std::make_unique<PlainInput>(std::move(file));
}

}  // namespace wonbon::client
