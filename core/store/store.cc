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
#include "core/store/format.h"
#include "core/store/ledger_codec.h"
#include "core/store/limits.h"
#include "core/store/log_reader.h"
#include "core/store/recovery.h"
#include "core/store/seed.h"
#include "core/store/tables.h"
#include "core/store/witness.h"

namespace wonbon {

struct Store::Database {
  Options options;
  DataFolder folder;  // locked as long as the tables are open
  StoreFormat format;
  Seed seed;
  std::unique_ptr<Tables> tables;
  std::unique_ptr<Witness> witness;

  // An empty batch that leads from the state to `last`.
  void BeginBatch(Sequence last) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);
  absl::Status Start(StoreState recovered, const std::optional<WitnessRecord>& found);
  absl::Status WriteBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);
  // Before sequences up to `last` are given out, and after they were written.
  absl::Status Reserve(Sequence last) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);
  void NoteWritten(Sequence last) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);

  absl::Mutex write_mutex;
  StoreState state ABSL_GUARDED_BY(write_mutex);
  // Of the last change in the store: less than the state's where sequences after it were given out
  // and lost.
  Sequence written_through ABSL_GUARDED_BY(write_mutex) = 0;
  WitnessRecord witnessed ABSL_GUARDED_BY(write_mutex);
  uint64_t last_log ABSL_GUARDED_BY(write_mutex) = 0;  // LogMark::previous_log of the next batch
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

// Opens the database, if it holds what the witness says. `witness`: none of a store that has none.
absl::StatusOr<std::unique_ptr<Tables>> OpenTables(const Store::Options& options,
                                                   const DataFolder& folder, bool is_new,
                                                   const std::optional<WitnessRecord>& witness) {
  Tables::Options opening{.path = folder.database_path(),
                          .create = is_new,
                          .block_cache_bytes = options.block_cache_bytes,
                          .env = options.env};
  if (witness.has_value()) {
    const auto recovery = CheckRecovery(opening, folder.witness_path(), *witness);
    if (!recovery.ok()) return recovery.status();
    opening.recovery = *recovery;
  }
  return Tables::Open(opening);
}

}  // namespace

void Store::Database::BeginBatch(Sequence last) {
  batch.Clear();
  std::string mark;
  EncodeLogMark({.store = StoreTag(format.store_id),
                 .previous = state.last_sequence,
                 .last = last,
                 .previous_log = last_log},
                &mark);
  batch.PutLogData(mark);
}

absl::Status Store::Database::WriteBatch() {
  absl::Status status = tables->Write(&batch, options.durability == Durability::kSync);
  if (batch.GetDataSize() > kMaxKeptBatchBytes) batch = rocksdb::WriteBatch();
  if (status.ok()) last_log = tables->current_log();
  return status;
}

absl::Status Store::Database::Reserve(Sequence last) {
  if (options.durability == Durability::kSync || last <= witnessed.given_through) {
    return absl::OkStatus();
  }
  WitnessRecord record = witnessed;
  record.given_through = last + kSequencesReserved;
  absl::Status status = witness->Note(record);
  if (status.ok()) status = witness->Sync();
  if (status.ok()) witnessed = record;
  return status;
}

void Store::Database::NoteWritten(Sequence last) {
  written_through = last;
  // What is not synced is not witnessed.
  if (options.durability != Durability::kSync) return;
  witnessed.last_sequence = witnessed.given_through = last;
  // The group is on disk, and answered: a witness that cannot be written only says less than it
  // could.
  witness->Note(witnessed).IgnoreError();
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

  auto tables = OpenTables(options, *folder, is_new, *witness);
  if (!tables.ok()) return tables.status();
  absl::StatusOr<StoreState> state = ReadState(**tables);
  if (!state.ok()) return state.status();
  if (is_new && state->last_sequence > 0) return FormatMissing(*folder);
  if (is_new) {
    status = ReplaceFile(folder->format_path(), FormatText(*format), 0600);
    if (!status.ok()) return status;
  }
  auto database = std::unique_ptr<Database>(new Database{.options = options,
                                                         .folder = *std::move(folder),
                                                         .format = *std::move(format),
                                                         .seed = *seed,
                                                         .tables = *std::move(tables),
                                                         .witness = nullptr,
                                                         .write_mutex = {},
                                                         .state = {},
                                                         .witnessed = {},
                                                         .batch = rocksdb::WriteBatch()});
  status = database->Start(*std::move(state), *witness);
  if (!status.ok()) return status;
  return std::unique_ptr<Store>(new Store(std::move(database)));
}

// Takes over what was recovered.
absl::Status Store::Database::Start(StoreState recovered,
                                    const std::optional<WitnessRecord>& found) {
  absl::MutexLock lock(&write_mutex);
  state = std::move(recovered);
  written_through = state.last_sequence;
  if (found.has_value()) state.last_sequence = std::max(written_through, found->given_through);
  // A log that was replayed is in tables now.
  witnessed = {.store_id = format.store_id,
               .last_sequence = written_through,
               .given_through = state.last_sequence,
               .asynchronous = options.durability == Durability::kAsync};
  absl::StatusOr<std::unique_ptr<Witness>> keeper =
      Witness::Open(folder.witness_path(), witnessed);
  if (!keeper.ok()) return keeper.status();
  witness = *std::move(keeper);
  last_sequence = state.last_sequence;
  last_time_us = state.last_time_us;
  documents = state.documents;
  return absl::OkStatus();
}

Store::Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}

Store::~Store() { Flush().IgnoreError(); }

const Seed& Store::seed() const { return database_->seed; }
const std::string& Store::store_id() const { return database_->format.store_id; }
Sequence Store::last_sequence() const { return database_->last_sequence; }
int64_t Store::last_time_us() const { return database_->last_time_us; }
uint64_t Store::EstimatedDocuments() const { return database_->documents; }

absl::Status Store::Write(absl::Span<const Change> changes) {
  if (changes.empty()) return absl::OkStatus();
  Database& database = *database_;
  absl::MutexLock lock(&database.write_mutex);
  const Sequence last = changes.back().sequence;
  if (absl::Status status = database.Reserve(last); !status.ok()) return status;
  StoreState state = database.state;
  database.BeginBatch(last);
  absl::Status status = AppendChanges(*database.tables, changes, database.options.max_kept_events,
                                      &state, &database.batch);
  if (status.ok()) status = database.WriteBatch();
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
  if (absl::Status status = database.tables->Flush(); !status.ok()) return status;
  database.witnessed.last_sequence = database.written_through;
  database.witnessed.given_through = database.state.last_sequence;
  absl::Status status = database.witness->Note(database.witnessed);
  return status.ok() ? database.witness->Sync() : status;
}

std::shared_ptr<const StoreSnapshot> Store::Snapshot() const {
  return std::make_shared<const StoreSnapshot>(*database_->tables);
}

absl::Status Store::WriteBlob(std::string_view name, std::string_view bytes) {
  Database& database = *database_;
  absl::MutexLock lock(&database.write_mutex);
  database.BeginBatch(database.state.last_sequence);
  database.batch.Put(database.tables->family(Table::kLedger), BlobKey(name), ToSlice(bytes));
  return database.WriteBatch();
}

absl::Status Store::ForgetRemovedFounders(DocumentNumber through) {
  Database& database = *database_;
  absl::MutexLock lock(&database.write_mutex);
  database.BeginBatch(database.state.last_sequence);
  const DocumentNumber end{static_cast<uint64_t>(through) + 1};
  database.batch.DeleteRange(database.tables->family(Table::kLedger),
                             RemovedFounderKey(DocumentNumber::kNone), RemovedFounderKey(end));
  return database.WriteBatch();
}

uint64_t Store::BytesOnDisk() const {
  namespace fs = std::filesystem;
  uint64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it(database_->folder.dir(), error), end;
       !error && it != end; it.increment(error)) {
    // A file may go while it is looked at.
    std::error_code gone;
    const uint64_t size = it->is_regular_file(gone) ? it->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

}  // namespace wonbon
