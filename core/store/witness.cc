#include "core/store/witness.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/store/bytes.h"
#include "core/store/files.h"
#include "core/views.h"
#include "xxhash.h"

namespace wonbon {
namespace {

constexpr std::string_view kMagic = "wonbonWT";
constexpr uint32_t kVersion = 2;
constexpr uint32_t kVersionWithoutManifest = 1;
constexpr uint32_t kAsynchronous = 1;
constexpr size_t kRecordBytes = 80;
constexpr size_t kRecordBytesWithoutManifest = 64;
constexpr size_t kSlotBytes = 512;
constexpr size_t kFileBytes = 2 * kSlotBytes;
constexpr absl::Duration kSyncEvery = absl::Seconds(1);

std::string RecordBytes(const WitnessRecord& record, uint64_t writes) {
  std::string bytes(kMagic);
  ByteWriter writer(&bytes);
  writer.U32(kVersion);
  writer.U32(record.asynchronous ? kAsynchronous : 0);
  bytes += absl::HexStringToBytes(record.store_id);
  writer.U64(record.last_sequence);
  writer.U64(record.given_through);
  writer.U64(record.manifest.number);
  writer.U64(record.manifest.bytes);
  writer.U64(writes);
  writer.U64(XXH3_64bits(bytes.data(), bytes.size()));
  return bytes;
}

struct Slot {
  WitnessRecord record;
  uint64_t writes = 0;
};

std::optional<Slot> ParseSlot(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return std::nullopt;
  ByteReader reader(bytes.substr(kMagic.size()));
  const uint32_t version = reader.U32();
  if (version != kVersion && version != kVersionWithoutManifest) return std::nullopt;
  const bool has_manifest = version == kVersion;
  const size_t summed = (has_manifest ? kRecordBytes : kRecordBytesWithoutManifest) - 8;
  ByteReader sum(bytes.substr(summed));
  if (sum.U64() != XXH3_64bits(bytes.data(), summed)) return std::nullopt;
  Slot slot;
  slot.record.asynchronous = (reader.U32() & kAsynchronous) != 0;
  std::string id(16, '\0');
  reader.Raw(id.data(), id.size());
  slot.record.store_id = absl::BytesToHexString(id);
  slot.record.last_sequence = reader.U64();
  slot.record.given_through = reader.U64();
  if (has_manifest) {
    slot.record.manifest.number = reader.U64();
    slot.record.manifest.bytes = reader.U64();
  }
  slot.writes = reader.U64();
  return slot;
}

}  // namespace

absl::StatusOr<std::optional<WitnessRecord>> ReadWitness(const std::string& path,
                                                         const std::string& store_id) {
  const absl::StatusOr<SmallFile> file = ReadSmallFile(path, kFileBytes);
  if (absl::IsNotFound(file.status())) return std::nullopt;
  if (!file.ok()) return file.status();
  std::optional<Slot> newest;
  if (file->bytes.size() == kFileBytes) {
    for (const size_t at : {size_t{0}, kSlotBytes}) {
      std::optional<Slot> slot = ParseSlot(std::string_view(file->bytes).substr(at, kSlotBytes));
      if (slot.has_value() && (!newest.has_value() || slot->writes > newest->writes)) {
        newest = std::move(slot);
      }
    }
  }
  if (!newest.has_value()) {
    return absl::DataLossError(absl::StrCat(
        path, ": damaged: expected what the store answered last; restore the data folder from a "
              "backup, or see with --verify what is whole: without this file the folder opens as "
              "it is"));
  }
  if (!store_id.empty() && newest->record.store_id != store_id) {
    return absl::DataLossError(absl::StrCat(path, ": it is that of the store ",
                                            newest->record.store_id, "; expected ", store_id,
                                            ", that of FORMAT; restore the data folder whole"));
  }
  return std::move(newest->record);
}

absl::StatusOr<std::unique_ptr<Witness>> Witness::Open(const std::string& path,
                                                       const WitnessRecord& record) {
  std::string bytes = RecordBytes(record, 0);
  bytes.resize(kFileBytes);
  if (absl::Status status = ReplaceFile(path, bytes, 0600); !status.ok()) return status;
  const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(errno, "cannot open", path);
  auto witness = std::unique_ptr<Witness>(new Witness(path, fd));
  witness->thread_ = std::thread([keeper = witness.get()] { keeper->SyncEverySecond(); });
  return witness;
}

Witness::~Witness() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  thread_.join();
  close(fd_);
}

absl::Status Witness::Note(const WitnessRecord& record) {
  absl::MutexLock lock(&mutex_);
  const std::string bytes = RecordBytes(record, ++writes_);
  const off_t at = static_cast<off_t>(writes_ % 2 * kSlotBytes);
  ssize_t written = 0;
  do {
    written = pwrite(fd_, bytes.data(), bytes.size(), at);
  } while (written < 0 && errno == EINTR);
  if (written < 0) return ErrnoStatus(errno, "cannot write", path_);
  if (static_cast<size_t>(written) != bytes.size()) {
    return ErrnoStatus(ENOSPC, "cannot write", path_);
  }
  unsynced_ = true;
  return absl::OkStatus();
}

absl::Status Witness::Sync() {
  {
    absl::MutexLock lock(&mutex_);
    unsynced_ = false;
  }
  if (fdatasync(fd_) == 0) return absl::OkStatus();
  return ErrnoStatus(errno, "cannot sync", path_);
}

void Witness::SyncEverySecond() {
  const auto woken = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return unsynced_ || ending_;
  };
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&woken));
      if (mutex_.AwaitWithTimeout(absl::Condition(&ending_), kSyncEvery)) return;
    }
    // One that fails now is tried again with the next second's writes; the file only says less.
    Sync().IgnoreError();
  }
}

}  // namespace wonbon
