#include "core/store/log_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/store/bytes.h"
#include "core/store/crc32c.h"
#include "core/store/files.h"
#include "rocksdb/write_batch.h"

namespace wonbon {
namespace {

constexpr size_t kBlockBytes = 32 << 10;
constexpr size_t kHeadBytes = 7;
constexpr uint8_t kMarkVersion = 1;
enum FragmentType : uint8_t { kWhole = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

struct Fragment {
  uint8_t type = 0;
  std::string_view payload;
};

// The fragment at the beginning of `bytes`; nothing where there is none, whole and with its
// checksum.
std::optional<Fragment> FragmentAt(std::string_view bytes) {
  if (bytes.size() < kHeadBytes) return std::nullopt;
  uint32_t stored = 0;
  uint16_t size = 0;
  std::memcpy(&stored, bytes.data(), sizeof stored);
  std::memcpy(&size, bytes.data() + 4, sizeof size);
  const auto type = static_cast<uint8_t>(bytes[6]);
  if (type < kWhole || type > kLast || bytes.size() - kHeadBytes < size) return std::nullopt;
  const uint32_t crc = Crc32c(bytes.substr(6, 1 + size));
  if (stored != ((crc >> 15) | (crc << 17)) + 0xa282ead8U) return std::nullopt;
  return Fragment{type, bytes.substr(kHeadBytes, size)};
}

// Takes the first thing out of a batch, if it is a mark of ours.
class MarkReader : public rocksdb::WriteBatch::Handler {
 public:
  void LogData(const rocksdb::Slice& blob) override {
    ByteReader reader({blob.data(), blob.size()});
    LogMark mark;
    reader.Version(kMarkVersion);
    mark.store = reader.U64();
    mark.previous = reader.U64();
    mark.last = reader.U64();
    mark.previous_log = reader.U64();
    mark.ordinal = reader.U64();
    if (reader.Finish().ok()) mark_ = mark;
    done_ = true;
  }
  rocksdb::Status PutCF(uint32_t, const rocksdb::Slice&, const rocksdb::Slice&) override {
    return End();
  }
  rocksdb::Status DeleteCF(uint32_t, const rocksdb::Slice&) override { return End(); }
  rocksdb::Status DeleteRangeCF(uint32_t, const rocksdb::Slice&, const rocksdb::Slice&) override {
    return End();
  }
  bool Continue() override { return !done_; }
  const std::optional<LogMark>& mark() const { return mark_; }

 private:
  rocksdb::Status End() {
    done_ = true;
    return rocksdb::Status::OK();
  }
  bool done_ = false;
  std::optional<LogMark> mark_;
};

class LogScan {
 public:
  explicit LogScan(const std::function<void(const LogItem&)>& visit) : visit_(visit) {}

  void Block(std::string_view block, uint64_t offset);
  void End() {
    if (in_record_) Damaged(record_offset_);
  }

 private:
  void Take(const Fragment& fragment, uint64_t offset);
  void Deliver(std::string record, uint64_t offset);
  // Tells of a stretch of damage once, where it begins.
  void Damaged(uint64_t offset) {
    in_record_ = false;
    if (!std::exchange(in_damage_, true)) visit_({.offset = offset, .damaged = true, .mark = {}});
  }

  const std::function<void(const LogItem&)>& visit_;
  bool in_damage_ = false;
  bool in_record_ = false;
  uint64_t record_offset_ = 0;
  std::string record_;
};

void LogScan::Block(std::string_view block, uint64_t offset) {
  size_t at = 0;
  while (at < block.size()) {
    const size_t left = block.size() - at;
    // Filled up with zeros, where the block is a full one.
    if (left < kHeadBytes && block.size() == kBlockBytes) return;
    const std::optional<Fragment> fragment = FragmentAt(block.substr(at));
    if (fragment.has_value()) {
      Take(*fragment, offset + at);
      at += kHeadBytes + fragment->payload.size();
      continue;
    }
    Damaged(in_record_ ? record_offset_ : offset + at);
    // The size cannot be trusted: the next record may begin anywhere.
    size_t next = at + 1;
    const auto begins_record = [&] {
      const std::optional<Fragment> found = FragmentAt(block.substr(next));
      return found.has_value() && (found->type == kWhole || found->type == kFirst);
    };
    while (next < block.size() && !begins_record()) ++next;
    at = next;
  }
}

void LogScan::Take(const Fragment& fragment, uint64_t offset) {
  const bool begins = fragment.type == kWhole || fragment.type == kFirst;
  if (begins == in_record_) {  // a record without its end, or an end without its record
    Damaged(in_record_ ? record_offset_ : offset);
    if (!begins) return;
  }
  if (begins) {
    record_offset_ = offset;
    record_.assign(fragment.payload);
  } else {
    record_.append(fragment.payload);
  }
  in_record_ = fragment.type == kFirst || fragment.type == kMiddle;
  if (!in_record_) Deliver(std::exchange(record_, {}), record_offset_);
}

void LogScan::Deliver(std::string record, uint64_t offset) {
  LogItem item{.offset = offset, .mark = {}};
  if (record.size() >= sizeof item.sequence) {
    std::memcpy(&item.sequence, record.data(), sizeof item.sequence);
  }
  const rocksdb::WriteBatch batch(std::move(record));
  MarkReader reader;
  // A batch of another kind than ours has no mark, nothing worse.
  batch.Iterate(&reader).PermitUncheckedError();
  in_damage_ = false;
  item.mark = reader.mark();
  // RocksDB's own, to a new log: it repeats the sequence of the last one.
  if (batch.Count() == 0 && !item.mark.has_value()) return;
  visit_(item);
}

// Ours never come near, and RocksDB aborts where the next number does not fit.
constexpr uint64_t kUnlikelyNumber = uint64_t{1} << 60;

// 123 of "000123.log"; nothing of a name that RocksDB passes over.
std::optional<uint64_t> LogNumber(std::string_view name) {
  constexpr std::string_view kEnding = ".log";
  if (!name.ends_with(kEnding) || name.size() == kEnding.size()) return std::nullopt;
  name.remove_suffix(kEnding.size());
  if (name.find_first_not_of("0123456789") != name.npos) return std::nullopt;
  uint64_t number = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
  return read.ec == std::errc() ? number : kUnlikelyNumber;
}

absl::Status Stray(const std::string& path, const std::string& why) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": found a log that is not one of this database's: ", why,
                   "; expected its own logs alone; move what was put there out of the folder"));
}

}  // namespace

void EncodeLogMark(const LogMark& mark, std::string* out) {
  ByteWriter writer(out);
  writer.U8(kMarkVersion);
  writer.U64(mark.store);
  writer.U64(mark.previous);
  writer.U64(mark.last);
  writer.U64(mark.previous_log);
  writer.U64(mark.ordinal);
}

uint64_t StoreTag(std::string_view store_id) {
  uint64_t tag = 0;
  const std::string_view digits = store_id.substr(0, 16);
  std::from_chars(digits.data(), digits.data() + digits.size(), tag, 16);
  return tag;
}

absl::StatusOr<std::vector<LogFile>> ListLogs(const std::string& database_path) {
  namespace fs = std::filesystem;
  std::map<uint64_t, LogFile> logs;
  std::error_code error;
  for (fs::directory_iterator it(database_path, error), end; !error && it != end;
       it.increment(error)) {
    const std::optional<uint64_t> number = LogNumber(it->path().filename().string());
    if (!number.has_value()) continue;
    LogFile log{.number = *number, .path = it->path()};
    if (*number >= kUnlikelyNumber) return Stray(log.path, "no log has such a number");
    std::error_code gone;
    log.bytes = fs::file_size(it->path(), gone);
    if (gone) continue;
    if (const auto [twin, is_new] = logs.emplace(*number, log); !is_new) {
      return Stray(log.path, absl::StrCat("it has the number of ", twin->second.path));
    }
  }
  std::vector<LogFile> sorted;
  sorted.reserve(logs.size());
  for (auto& [number, log] : logs) sorted.push_back(std::move(log));
  return sorted;
}

uint64_t BytesOf(const std::vector<LogFile>& logs) {
  uint64_t bytes = 0;
  for (const LogFile& log : logs) bytes += log.bytes;
  return bytes;
}

absl::Status ReadLog(const std::string& path, const std::function<void(const LogItem&)>& visit) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(errno, "cannot open", path);
  const absl::Cleanup closed = [fd] { close(fd); };
  LogScan scan(visit);
  std::string block(kBlockBytes, '\0');
  uint64_t offset = 0;
  for (size_t size = kBlockBytes; size == kBlockBytes; offset += size) {
    size = 0;
    while (size < kBlockBytes) {
      const ssize_t got = read(fd, block.data() + size, kBlockBytes - size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return ErrnoStatus(errno, "cannot read", path);
      if (got == 0) break;
      size += static_cast<size_t>(got);
    }
    scan.Block(std::string_view(block).substr(0, size), offset);
  }
  scan.End();
  return absl::OkStatus();
}

}  // namespace wonbon
