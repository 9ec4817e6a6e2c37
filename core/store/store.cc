#include "core/store/store.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "core/store/batch.h"
#include "core/store/files.h"
#include "core/store/folder.h"
#include "core/store/image_file.h"
#include "core/store/format.h"
#include "core/store/ledger_codec.h"
#include "core/store/limits.h"
#include "core/store/log_reader.h"
#include "core/store/manifest.h"
#include "core/store/recovery.h"
#include "core/store/seed.h"
#include "core/store/tables.h"
#include "core/store/witness.h"
#include "core/store/writer.h"

namespace wonbon {

struct Store::Database {
  Options options;
  DataFolder folder;  // locked as long as the tables are open
  StoreFormat format;
  Seed seed;
  std::unique_ptr<Writer> writer;

  void Start(StoreState recovered, const std::optional<WitnessRecord>& found);
  // Opens the witness where it is not, as on a disk that takes no writes.
  absl::Status KeepWitness() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);
  // An empty batch that leads from what is written to `last`.
  void BeginBatch(Sequence last) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);
  absl::Status WriteBatch(bool with_fsync) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);
  // Before sequences up to `last` are given out, and after they were written.
  absl::Status Reserve(Sequence last) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);
  void NoteWritten(Sequence last) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);
  // What was written without fsync is on disk when it returns.
  absl::Status SyncLog() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);
  void NoteSynced() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);

  const bool sync = options.durability == Durability::kSync;
  absl::Mutex backup_mutex;  // held while one is made
  mutable absl::Mutex forbidden_mutex;
  absl::Status forbidden ABSL_GUARDED_BY(forbidden_mutex);
  absl::Mutex write_mutex;
  StoreState state ABSL_GUARDED_BY(write_mutex);
  // Of the last change in the store: less than the state's where sequences after it were given out
  // and lost.
  Sequence written_through ABSL_GUARDED_BY(write_mutex) = 0;
  bool unsynced ABSL_GUARDED_BY(write_mutex) = false;  // changes were written without fsync
  // There as long as writes are taken.
  std::unique_ptr<Witness> witness ABSL_GUARDED_BY(write_mutex);
  WitnessRecord witnessed ABSL_GUARDED_BY(write_mutex);
  uint64_t last_log ABSL_GUARDED_BY(write_mutex) = 0;  // LogMark::previous_log of the next batch
  uint64_t batches ABSL_GUARDED_BY(write_mutex) = 0;   // written since it was opened
  // Kept from write to write for the memory it holds.
  rocksdb::WriteBatch batch ABSL_GUARDED_BY(write_mutex);
  std::atomic<Sequence> last_sequence = 0;
  std::atomic<int64_t> last_time_us = 0;
  std::atomic<uint64_t> documents = 0;
};

namespace {

constexpr size_t kStoreIdBytes = 16;

absl::StatusOr<Seed> SeedOfFolder(const DataFolder& folder,
                                  const std::optional<StoreFormat>& format,
                                  const std::string& seed_file) {
  if (!seed_file.empty()) return ReadSeed(seed_file);
  if (format.has_value() && !format->seed_in_folder) {
    return absl::FailedPreconditionError(
        absl::StrCat(folder.format_path(),
                     ": found an index made with a seed file; expected "
                     "--seed-file; give the one that the folder was made with"));
  }
  absl::StatusOr<Seed> seed = ReadSeed(folder.seed_path());
  if (!absl::IsNotFound(seed.status())) return seed;
  if (!format.has_value()) return DrawSeed(folder.seed_path());
  return absl::DataLossError(
      absl::StrCat(folder.seed_path(),
                   ": the file is missing; expected the 16 bytes drawn at the "
                   "first start; restore it from a backup"));
}

absl::StatusOr<StoreFormat> NewFormat(const Seed& seed, const std::string& seed_file) {
  StoreFormat format;
  const absl::StatusOr<std::string> id = RandomBytes(kStoreIdBytes);
  if (!id.ok()) return id.status();
  format.store_id = absl::BytesToHexString(*id);
  format.seed_in_folder = seed_file.empty();
  format.seed_fingerprint = SeedFingerprint(seed);
  return format;
}

absl::Status FormatMissing(const DataFolder& folder) {
  return absl::DataLossError(
      absl::StrCat(folder.format_path(),
                   ": the file is missing, and the database beside it is in use; "
                   "restore it from a backup"));
}

}  // namespace

void Store::Database::BeginBatch(Sequence last) {
  batch.Clear();
  std::string mark;
  EncodeLogMark({.store = StoreTag(format.store_id),
                 .previous = written_through,
                 .last = last,
                 .previous_log = last_log,
                 .ordinal = batches + 1},
                &mark);
  batch.PutLogData(mark);
}

absl::Status Store::Database::WriteBatch(bool with_fsync) {
  absl::Status status = writer->Write(&batch, with_fsync);
  if (batch.GetDataSize() > kMaxKeptBatchBytes) batch = rocksdb::WriteBatch();
  if (!status.ok()) return status;
  last_log = writer->tables()->current_log();
  ++batches;
  return status;
}

absl::Status Store::Database::KeepWitness() {
  if (witness != nullptr) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<Witness>> keeper =
      Witness::Open(folder.witness_path(), witnessed);
  if (!keeper.ok()) return writer->RefuseFor(keeper.status());
  witness = *std::move(keeper);
  return absl::OkStatus();
}

absl::Status Store::Database::Reserve(Sequence last) {
  if (sync || last <= witnessed.given_through) return absl::OkStatus();
  WitnessRecord record = witnessed;
  record.given_through = last + kSequencesReserved;
  absl::Status status = witness->Note(record);
  if (status.ok()) status = witness->Sync();
  if (status.ok()) {
    witnessed = record;
    return status;
  }
  witness.reset();  // made anew by Resume
  return writer->RefuseFor(status);
}

void Store::Database::NoteWritten(Sequence last) {
  written_through = last;
  // What is not synced is not witnessed.
  unsynced = !sync;
  if (unsynced) return;
  witnessed.last_sequence = witnessed.given_through = last;
  // The group is on disk, and answered: a witness that cannot be written only says less than it
  // could.
  witness->Note(witnessed).IgnoreError();
}

absl::Status Store::Database::SyncLog() {
  if (!unsynced) return absl::OkStatus();
  // A synchronous write syncs what was written before it, too.
  std::string value;
  EncodeState(state, &value);
  BeginBatch(written_through);
  batch.Put(writer->tables()->family(Table::kLedger), ToSlice(kStateKey), value);
  absl::Status status = WriteBatch(/*with_fsync=*/true);
  if (status.ok()) unsynced = false;
  return status;
}

void Store::Database::NoteSynced() {
  if (witness == nullptr) return;
  witnessed.last_sequence = written_through;
  witnessed.given_through = state.last_sequence;
  witnessed.manifest = ManifestOf(writer->tables()->db());
  // As in NoteWritten.
  if (witness->Note(witnessed).ok()) witness->Sync().IgnoreError();
}

// The order of a first open: seed, database, FORMAT, WITNESS. A crash before FORMAT leaves a folder
// whose database holds nothing, and that opens as a new one; without WITNESS it opens and gets one.
absl::StatusOr<std::unique_ptr<Store>> Store::Open(const Options& options) {
  absl::StatusOr<DataFolder> folder = DataFolder::Open(options.dir);
  if (!folder.ok()) return folder.status();
  auto found = ReadFormat(folder->format_path());
  if (!found.ok()) return found.status();
  const absl::StatusOr<Seed> seed = SeedOfFolder(*folder, *found, options.seed_file);
  if (!seed.ok()) return seed.status();
  const bool is_new = !found->has_value();
  absl::StatusOr<StoreFormat> format =
      is_new ? NewFormat(*seed, options.seed_file) : absl::StatusOr<StoreFormat>(**found);
  if (!format.ok()) return format.status();
  absl::Status status = CheckSeed(*format, SeedFingerprint(*seed), folder->format_path());
  if (!status.ok()) return status;
  auto witness = ReadWitness(folder->witness_path(), is_new ? "" : format->store_id);
  if (!witness.ok()) return witness.status();
  if (is_new && witness->has_value() && (*witness)->last_sequence > 0) {
    return FormatMissing(*folder);
  }
  if (is_new) witness->reset();

  auto writer = Writer::Open({.path = folder->database_path(),
                              .create = is_new,
                              .block_cache_bytes = options.block_cache_bytes,
                              .env = options.env,
                              .on_warning = options.on_warning},
                             {.store_id = is_new ? "" : format->store_id,
                              .witness_path = folder->witness_path(),
                              .witness = *witness},
                             folder->reserve_path());
  if (!writer.ok()) return writer.status();
  absl::StatusOr<StoreState> state = ReadState(*(*writer)->tables());
  if (!state.ok()) return state.status();
  if (is_new && state->last_sequence > 0) return FormatMissing(*folder);
  if (is_new) {
    status = ReplaceFile(folder->format_path(), FormatText(*format), 0600);
    if (!status.ok()) return status;
  }
  // Of a process that ended while it made a backup. Where it stays, the next one says so.
  std::error_code left;
  std::filesystem::remove_all(folder->checkpoint_path(), left);
  auto database = std::unique_ptr<Database>(new Database{.options = options,
                                                         .folder = *std::move(folder),
                                                         .format = *std::move(format),
                                                         .seed = *seed,
                                                         .writer = *std::move(writer),
                                                         .backup_mutex = {},
                                                         .forbidden_mutex = {},
                                                         .forbidden = {},
                                                         .write_mutex = {},
                                                         .state = {},
                                                         .witness = nullptr,
                                                         .witnessed = {},
                                                         .batch = rocksdb::WriteBatch()});
  database->Start(*std::move(state), *witness);
  return std::unique_ptr<Store>(new Store(std::move(database)));
}

// Takes over what was recovered.
void Store::Database::Start(StoreState recovered, const std::optional<WitnessRecord>& found) {
  absl::MutexLock lock(&write_mutex);
  state = std::move(recovered);
  written_through = state.last_sequence;
  if (found.has_value()) state.last_sequence = std::max(written_through, found->given_through);
  // A log that was replayed is in tables, or found again.
  witnessed = {.store_id = format.store_id,
               .last_sequence = written_through,
               .given_through = state.last_sequence,
               .asynchronous = !sync,
               .manifest = ManifestOf(writer->tables()->db())};
  last_sequence = state.last_sequence;
  last_time_us = state.last_time_us;
  documents = state.documents;
  // Where that fails, reads go on, and Check says why writes do not.
  if (writer->Check().ok()) KeepWitness().IgnoreError();
}

Store::Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}

Store::~Store() { Flush().IgnoreError(); }

const Seed& Store::seed() const { return database_->seed; }
const std::string& Store::store_id() const { return database_->format.store_id; }
Sequence Store::last_sequence() const { return database_->last_sequence; }
absl::Duration Store::synced_for() const { return database_->writer->tables()->synced_for(); }
int64_t Store::last_time_us() const { return database_->last_time_us; }
uint64_t Store::EstimatedDocuments() const { return database_->documents; }

absl::Status Store::Write(absl::Span<const Change> changes) {
  if (changes.empty()) return absl::OkStatus();
  Database& database = *database_;
  absl::MutexLock lock(&database.write_mutex);
  absl::Status status = CheckWritable();
  const Sequence last = changes.back().sequence;
  if (status.ok()) status = database.Reserve(last);
  if (!status.ok()) return status;
  StoreState state = database.state;
  database.BeginBatch(last);
  status = AppendChanges(*database.writer->tables(), changes, database.options.max_kept_events,
                         &state, &database.batch);
  if (status.ok()) status = database.WriteBatch(database.sync);
  if (!status.ok()) return status;
  database.state = std::move(state);
  database.NoteWritten(last);
  database.last_sequence = database.state.last_sequence;
  database.last_time_us = database.state.last_time_us;
  database.documents = database.state.documents;
  return absl::OkStatus();
}

absl::Status Store::Flush() {
  Database& database = *database_;
  absl::MutexLock lock(&database.write_mutex);
  if (absl::Status status = database.SyncLog(); !status.ok()) return status;
  // The rest spares the next start something, where the disk takes it: all is on disk already.
  database.writer->Flush().IgnoreError();
  database.NoteSynced();
  return absl::OkStatus();
}

absl::Status Store::CheckWritable() const {
  {
    absl::MutexLock lock(&database_->forbidden_mutex);
    if (!database_->forbidden.ok()) return database_->forbidden;
  }
  return database_->writer->Check();
}

void Store::Forbid(absl::Status why) {
  absl::MutexLock lock(&database_->forbidden_mutex);
  database_->forbidden = std::move(why);
}

absl::Status Store::Resume() {
  Database& database = *database_;
  absl::MutexLock lock(&database.write_mutex);
  absl::Status status = database.writer->Resume();
  return status.ok() ? database.KeepWitness() : status;
}

std::shared_ptr<const StoreSnapshot> Store::Snapshot() const {
  return std::make_shared<const StoreSnapshot>(database_->writer->tables());
}

absl::Status Store::WriteBlob(std::string_view name, std::string_view bytes) {
  Database& database = *database_;
  absl::MutexLock lock(&database.write_mutex);
  database.BeginBatch(database.written_through);
  database.batch.Put(database.writer->tables()->family(Table::kLedger), BlobKey(name),
                     ToSlice(bytes));
  return database.WriteBatch(database.sync);
}

absl::Status Store::ForgetRemovedFounders(DocumentNumber through) {
  Database& database = *database_;
  absl::MutexLock lock(&database.write_mutex);
  database.BeginBatch(database.written_through);
  const DocumentNumber end{static_cast<uint64_t>(through) + 1};
  database.batch.DeleteRange(database.writer->tables()->family(Table::kLedger),
                             RemovedFounderKey(DocumentNumber::kNone), RemovedFounderKey(end));
  return database.WriteBatch(database.sync);
}

absl::Status Store::WriteImage(uint64_t keep_free, absl::FunctionRef<void(ImageWriter&)> write) {
  Database& database = *database_;
  absl::MutexLock lock(&database.write_mutex);
  return WriteImageFile(database.folder.image_path(), database.format.store_id,
                        database.written_through, keep_free, write);
}

void Store::RemoveImage() {
  std::error_code error;
  std::filesystem::remove(database_->folder.image_path(), error);
}

absl::StatusOr<std::unique_ptr<ImageReader>> Store::OpenImage() const {
  Database& database = *database_;
  absl::MutexLock lock(&database.write_mutex);
  return OpenImageFile(database.folder.image_path(), database.format.store_id,
                       database.written_through);
}

absl::StatusOr<Backup> Store::MakeBackup(const BackupOptions& options) const {
  Database& database = *database_;
  absl::MutexLock lock(&database.backup_mutex);
  return wonbon::MakeBackup(*database.writer->tables(), database.folder, database.format, options,
                            database.options.env);
}

Store::Memory Store::MemoryUse() const {
  const std::shared_ptr<const Tables> tables = database_->writer->tables();
  return {.memtables = tables->UnflushedBytes(),
          .block_cache = tables->BlockCacheBytes(),
          .table_readers = tables->TableReaderBytes()};
}

uint64_t Store::BytesOnDisk() const {
  namespace fs = std::filesystem;
  uint64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it(database_->folder.dir(), error), end;
       !error && it != end; it.increment(error)) {
    if (it->path() == database_->folder.checkpoint_path()) it.disable_recursion_pending();
    // A file may go while it is looked at.
    std::error_code gone;
    const uint64_t size = it->is_regular_file(gone) ? it->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

}  // namespace wonbon
