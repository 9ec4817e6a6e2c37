#include "core/store/writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/store/limits.h"
#include "core/store/log_reader.h"

namespace wonbon {
namespace {

uint64_t MiB(uint64_t bytes) { return (bytes + (1 << 20) - 1) >> 20; }

absl::Status NoRoom(std::string_view words) {
  return MakeError(absl::StatusCode::kResourceExhausted, {.reason = ErrorReason::kDiskFull}, words);
}

// Whether waiting for room, or for a disk that can be written, is all there is to do.
bool IsForNow(const absl::Status& status) {
  return absl::IsResourceExhausted(status) || absl::IsUnavailable(status);
}

absl::Status CannotWrite(const absl::Status& error) {
  const std::string words = absl::StrCat("cannot write: ", error.message());
  if (absl::IsResourceExhausted(error)) return NoRoom(words);
  return MakeError(absl::StatusCode::kUnavailable, {.reason = ErrorReason::kStoreUnavailable},
                   words);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Writer>> Writer::Open(const Tables::Options& options,
                                                     const Expectation& expected,
                                                     std::string reserve_path) {
  auto writer =
      std::unique_ptr<Writer>(new Writer(options, expected, std::move(reserve_path)));
  if (absl::Status status = writer->OpenFirst(); !status.ok()) return status;
  return writer;
}

absl::Status Writer::OpenFirst() {
  const absl::StatusOr<Tables::Recovery> recovery = CheckRecovery(options_, expected_);
  if (!recovery.ok()) return recovery.status();
  const absl::StatusOr<std::vector<LogFile>> logs = ListLogs(options_.path);
  if (!logs.ok()) return logs.status();
  absl::Status status = MakeRoom(BytesOf(*logs));
  if (status.ok()) status = OpenTables(*recovery, /*read_only=*/false);
  if (status.ok() || options_.create || !IsForNow(status)) return status;
  if (absl::Status opened = OpenTables(*recovery, /*read_only=*/true); !opened.ok()) return opened;
  absl::MutexLock lock(&mutex_);
  why_ = std::move(status);
  return absl::OkStatus();
}

absl::Status Writer::OpenTables(Tables::Recovery recovery, bool read_only) {
  Tables::Options options = options_;
  options.recovery = recovery;
  options.read_only = read_only;
  auto tables = Tables::Open(options);
  if (!tables.ok()) return tables.status();
  std::shared_ptr<Tables> opened = *std::move(tables);
  absl::MutexLock lock(&mutex_);
  // What was open before goes when the last who reads in it is done.
  std::swap(tables_, opened);
  return absl::OkStatus();
}

absl::Status Writer::OpenAgain() {
  const absl::StatusOr<Tables::Recovery> recovery = CheckRecovery(options_, expected_);
  return recovery.ok() ? OpenTables(*recovery, /*read_only=*/false) : recovery.status();
}

absl::Status Writer::MakeRoom(uint64_t bytes) {
  if (absl::Status made = reserve_.Make(); !made.ok()) return CannotWrite(made);
  rocksdb::Env* env = options_.env != nullptr ? options_.env : rocksdb::Env::Default();
  uint64_t free = 0;
  // Where that cannot be told, RocksDB finds out.
  if (!env->GetFreeSpace(options_.path, &free).ok()) return absl::OkStatus();
  const uint64_t needed = bytes + kRoomToWriteBytes;
  if (free >= needed) return absl::OkStatus();
  return NoRoom(absl::StrCat("cannot write: no space left on device: ", options_.path, " has ",
                             free >> 20, " MiB and needs ", MiB(needed)));
}

std::shared_ptr<const Tables> Writer::tables() const {
  absl::MutexLock lock(&mutex_);
  return tables_;
}

absl::Status Writer::Check() const {
  absl::MutexLock lock(&mutex_);
  if (!why_.ok()) return why_;
  return tables_->Stopped();
}

absl::StatusOr<std::shared_ptr<Tables>> Writer::Writable() const {
  absl::MutexLock lock(&mutex_);
  if (!why_.ok()) return why_;
  return tables_;
}

absl::Status Writer::Fail(absl::Status why) {
  if (absl::IsResourceExhausted(why)) reserve_.GiveUp();
  return Refuse(std::move(why));
}

absl::Status Writer::Refuse(absl::Status why) {
  absl::MutexLock lock(&mutex_);
  why_ = tables_->IsBroken() ? tables_->Stopped() : std::move(why);
  return why_;
}

absl::Status Writer::Write(rocksdb::WriteBatch* batch, bool sync) {
  const absl::StatusOr<std::shared_ptr<Tables>> tables = Writable();
  if (!tables.ok()) return tables.status();
  absl::Status status = (*tables)->Write(batch, sync);
  return status.ok() ? status : Fail(std::move(status));
}

absl::Status Writer::Flush() {
  const absl::StatusOr<std::shared_ptr<Tables>> tables = Writable();
  if (!tables.ok()) return tables.status();
  absl::Status status = (*tables)->Flush();
  return status.ok() ? status : Fail(std::move(status));
}

absl::Status Writer::RefuseFor(const absl::Status& error) { return Fail(CannotWrite(error)); }

absl::Status Writer::Resume() {
  std::shared_ptr<Tables> tables;
  {
    absl::MutexLock lock(&mutex_);
    if (why_.ok()) why_ = tables_->Stopped();
    if (why_.ok() || tables_->IsBroken()) return why_;
    tables = tables_;
  }
  absl::Status status = MakeRoom(tables->UnflushedBytes());
  if (!status.ok()) return Refuse(std::move(status));
  status = tables->read_only() ? OpenAgain() : tables->Resume();
  if (!status.ok()) return Fail(std::move(status));
  absl::MutexLock lock(&mutex_);
  why_ = absl::OkStatus();
  return why_;
}

}  // namespace wonbon
