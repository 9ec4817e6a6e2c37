#include "core/store/store.h"

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
#include "core/store/seed.h"
#include "core/store/tables.h"

namespace wonbon {

struct Store::Database {
  Options options;
  DataFolder folder;  // locked as long as the tables are open
  StoreFormat format;
  Seed seed;
  std::unique_ptr<Tables> tables;

  absl::Mutex write_mutex;
  StoreState state ABSL_GUARDED_BY(write_mutex);
  // Kept from write to write for the memory it holds.
  rocksdb::WriteBatch batch ABSL_GUARDED_BY(write_mutex);
  std::atomic<Sequence> last_sequence = 0;
  std::atomic<int64_t> last_time_us = 0;
  std::atomic<uint64_t> documents = 0;
};

namespace {

constexpr size_t kStoreIdBytes = 16;

// What FORMAT says; nothing where the folder was never in use.
absl::StatusOr<std::optional<StoreFormat>> ReadFormat(const std::string& path) {
  const absl::StatusOr<SmallFile> file = ReadSmallFile(path, kMaxFormatBytes);
  if (absl::IsNotFound(file.status())) return std::nullopt;
  if (!file.ok()) return file.status();
  absl::StatusOr<StoreFormat> format = ParseFormat(file->bytes, path);
  if (!format.ok()) return format.status();
  if (absl::Status status = CheckParameters(*format, path); !status.ok()) return status;
  return *std::move(format);
}

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

absl::StatusOr<StoreState> ReadState(const Tables& tables) {
  rocksdb::PinnableSlice value;
  const absl::StatusOr<bool> found = tables.Find(Table::kLedger, kStateKey, &value);
  if (!found.ok()) return found.status();
  if (!*found) return StoreState();
  absl::StatusOr<StoreState> state = DecodeState(ToView(value));
  if (!state.ok()) return tables.Damaged(Table::kLedger, kStateKey, state.status());
  return state;
}

}  // namespace

// The order of a first open: seed, database, FORMAT. A crash between them leaves a folder without
// FORMAT, whose database holds nothing, and that opens as a new one.
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

  auto tables = Tables::Open({.path = folder->database_path(),
                              .create = is_new,
                              .block_cache_bytes = options.block_cache_bytes,
                              .env = options.env});
  if (!tables.ok()) return tables.status();
  absl::StatusOr<StoreState> state = ReadState(**tables);
  if (!state.ok()) return state.status();
  if (is_new && state->last_sequence > 0) {
    return absl::DataLossError(
        absl::StrCat(folder->format_path(),
                     ": the file is missing, and the database beside it is in use; "
                     "restore it from a backup"));
  }
  if (is_new) {
    status = ReplaceFile(folder->format_path(), FormatText(*format), 0600);
    if (!status.ok()) return status;
  }
  auto database = std::unique_ptr<Database>(new Database{.options = options,
                                                         .folder = *std::move(folder),
                                                         .format = *std::move(format),
                                                         .seed = *seed,
                                                         .tables = *std::move(tables),
                                                         .write_mutex = {},
                                                         .state = {},
                                                         .batch = rocksdb::WriteBatch()});
  database->last_sequence = state->last_sequence;
  database->last_time_us = state->last_time_us;
  database->documents = state->documents;
  {
    absl::MutexLock lock(&database->write_mutex);
    database->state = *std::move(state);
  }
  return std::unique_ptr<Store>(new Store(std::move(database)));
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
  StoreState state = database.state;
  database.batch.Clear();
  absl::Status status = AppendChanges(*database.tables, changes, database.options.max_kept_events,
                                      &state, &database.batch);
  if (!status.ok()) return status;
  status =
      database.tables->Write(&database.batch, database.options.durability == Durability::kSync);
  if (database.batch.GetDataSize() > kMaxKeptBatchBytes) database.batch = rocksdb::WriteBatch();
  if (!status.ok()) return status;
  database.state = std::move(state);
  database.last_sequence = database.state.last_sequence;
  database.last_time_us = database.state.last_time_us;
  database.documents = database.state.documents;
  return absl::OkStatus();
}

// A synchronous write syncs what was written before it, too.
absl::Status Store::Flush() {
  Database& database = *database_;
  absl::MutexLock lock(&database.write_mutex);
  if (database.state.last_sequence == 0) return absl::OkStatus();
  std::string value;
  EncodeState(database.state, &value);
  rocksdb::WriteBatch batch;
  batch.Put(database.tables->family(Table::kLedger), ToSlice(kStateKey), value);
  return database.tables->Write(&batch, /*sync=*/true);
}

std::shared_ptr<const StoreSnapshot> Store::Snapshot() const {
  return std::make_shared<const StoreSnapshot>(*database_->tables);
}

absl::Status Store::WriteBlob(std::string_view name, std::string_view bytes) {
  absl::MutexLock lock(&database_->write_mutex);
  rocksdb::WriteBatch batch;
  batch.Put(database_->tables->family(Table::kLedger), BlobKey(name), ToSlice(bytes));
  return database_->tables->Write(&batch, /*sync=*/false);
}

absl::Status Store::ForgetRemovedFounders(DocumentNumber through) {
  absl::MutexLock lock(&database_->write_mutex);
  rocksdb::WriteBatch batch;
  const DocumentNumber end{static_cast<uint64_t>(through) + 1};
  batch.DeleteRange(database_->tables->family(Table::kLedger),
                    RemovedFounderKey(DocumentNumber::kNone), RemovedFounderKey(end));
  return database_->tables->Write(&batch, /*sync=*/false);
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
