#include "core/store/tables.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/error.h"
#include "core/store/document_codec.h"
#include "core/store/status.h"
#include "core/store/table_options.h"
#include "rocksdb/cache.h"
#include "rocksdb/iostats_context.h"
#include "rocksdb/perf_level.h"
#include "rocksdb/sst_file_reader.h"
#include "rocksdb/transaction_log.h"

namespace wonbon {
namespace {

constexpr std::array<std::string_view, kTables> kNames = {
    "ledger", "entries", "contents", "bodies", "fingerprints", "ids", "clusters", "events"};

// Means nothing; see Write.
constexpr char kUnloggedKey[] = "u";

// The first table that cannot be opened, with why: of some damages RocksDB names the list of files
// in its place. "" where there is none.
std::string DamagedTable(const std::string& path) {
  std::error_code error;
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.path().extension() == ".sst") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    rocksdb::SstFileReader reader{rocksdb::Options()};
    if (const rocksdb::Status status = reader.Open(file); !status.ok()) {
      return absl::StrCat(" (", file, ": ", status.ToString(), ")");
    }
  }
  return "";
}

absl::Status OpenFailure(const rocksdb::Status& status, const std::string& path,
                         const std::string& warning) {
  if (status.ToString().find("lock") != std::string::npos && status.IsIOError()) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": another process uses this database: ", status.ToString(), "; stop it"));
  }
  // RocksDB's own words for a CURRENT file or a table that is not there.
  if (status.IsCorruption() || status.IsInvalidArgument() || status.IsNotFound() ||
      status.IsPathNotFound()) {
    return absl::DataLossError(absl::StrCat(
        path, ": damaged: ",
        // RocksDB looks for a table that is missing by the name of LevelDB's last.
        absl::StrReplaceAll(status.ToString(), {{".ldb", ".sst"}}),
        warning.empty() ? "" : " (", warning, warning.empty() ? "" : ")",
        status.IsCorruption() ? DamagedTable(path) : "",
        "; expected the files as they were left", kDamageCure));
  }
  return ToStatus(status, absl::StrCat("cannot open ", path));
}

// Makes all tables at once: DB::Open would make them one by one, with four fsyncs each.
rocksdb::Status Create(const rocksdb::DBOptions& options, const std::string& path,
                       const std::vector<rocksdb::ColumnFamilyDescriptor>& descriptors,
                       std::vector<rocksdb::ColumnFamilyHandle*>* families, rocksdb::DB** db) {
  rocksdb::Status status = rocksdb::DB::Open(options, path, {descriptors.front()}, families, db);
  if (!status.ok()) return status;
  std::vector<rocksdb::ColumnFamilyHandle*> others;
  status = (*db)->CreateColumnFamilies({descriptors.begin() + 1, descriptors.end()}, &others);
  families->insert(families->end(), others.begin(), others.end());
  return status;
}

std::string KeyText(Table table, std::string_view key) {
  if (key.size() == 8) return absl::StrCat("number ", KeyNumber(key));
  return absl::StrCat("key \"", absl::CHexEscape(absl::string_view(key.data(), key.size())), "\"");
}

}  // namespace

std::string_view Name(Table table) { return kNames[static_cast<size_t>(table)]; }

absl::StatusOr<std::unique_ptr<Tables>> Tables::Open(const Options& options) {
  const auto cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (size_t i = 0; i < kTables; ++i) {
    const auto table = static_cast<Table>(i);
    descriptors.emplace_back(
        table == Table::kLedger ? rocksdb::kDefaultColumnFamilyName : std::string(Name(table)),
        FamilyOptions(table, cache));
  }
  auto tables = std::unique_ptr<Tables>(new Tables);
  tables->path_ = options.path;
  tables->read_only_ = options.read_only;
  tables->log_ = std::make_shared<InfoLog>(options.on_warning);
  tables->errors_ = std::make_shared<ErrorWatch>();
  rocksdb::DBOptions database = DatabaseOptions(options);
  database.info_log = tables->log_;
  database.listeners.push_back(ListenFor(tables->errors_));
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  rocksdb::DB* db = nullptr;
  std::error_code error;
  rocksdb::Status status;
  if (options.read_only) {
    status = rocksdb::DB::OpenForReadOnly(database, options.path, descriptors, &families, &db);
  } else if (options.create && !std::filesystem::exists(options.path + "/CURRENT", error)) {
    std::filesystem::create_directory(options.path, error);  // or RocksDB warns that it is missing
    status = Create(database, options.path, descriptors, &families, &db);
  } else {
    status = rocksdb::DB::Open(database, options.path, descriptors, &families, &db);
  }
  tables->db_.reset(db);
  for (size_t i = 0; i < families.size(); ++i) tables->families_[i] = families[i];
  if (!status.ok()) return OpenFailure(status, options.path, tables->log_->first());
  return tables;
}

Tables::~Tables() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    if (family == nullptr) continue;
    db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  db_->Close().PermitUncheckedError();
}

absl::StatusOr<bool> Tables::Find(Table table, std::string_view key,
                                  rocksdb::PinnableSlice* value,
                                  const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  const rocksdb::Status status = db_->Get(options, family(table), ToSlice(key), value);
  if (status.ok()) return true;
  if (status.IsNotFound()) return false;
  return Damaged(table, key, ToStatus(status, "cannot read"));
}

std::unique_ptr<rocksdb::Iterator> Tables::Scan(Table table,
                                                const rocksdb::ReadOptions& options) const {
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, family(table)));
}

absl::Status Tables::Write(rocksdb::WriteBatch* batch, bool sync) {
  // Resume leaves a log that failed in place where there is nothing to flush, and the next write to
  // it aborts the process (Debian's RocksDB has its assertions on): there is something to flush.
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  rocksdb::Status status = db_->Put(options, family(Table::kLedger), kUnloggedKey, "");
  if (!status.ok()) return ToStatus(status, "cannot write");
  options.disableWAL = false;
  options.sync = sync;
  // A few readings of the clock a batch.
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableTimeExceptForMutex);
  const uint64_t synced = rocksdb::get_iostats_context()->fsync_nanos;
  status = db_->Write(options, batch);
  synced_ns_ += rocksdb::get_iostats_context()->fsync_nanos - synced;
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  return ToStatus(status, "cannot write");
}

absl::Status Tables::Resume() {
  errors_->Forget();
  return ToStatus(db_->Resume(), "cannot write");
}

absl::Status Tables::Stopped() const {
  const absl::Status status = ToStatus(errors_->worst(), "cannot write");
  if (!IsBroken()) return status;
  return MakeError(status.code(), DetailOf(status),
                   absl::StrCat(status.message(), "; wonbond writes again after a restart"));
}

bool Tables::IsBroken() const {
  return errors_->worst().severity() >= rocksdb::Status::kFatalError;
}

uint64_t Tables::UnflushedBytes() const {
  uint64_t bytes = 0;
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kSizeAllMemTables, &bytes);
  return bytes;
}

uint64_t Tables::BlockCacheBytes() const {
  uint64_t bytes = 0;  // all families share one cache
  db_->GetIntProperty(rocksdb::DB::Properties::kBlockCacheUsage, &bytes);
  return bytes;
}

uint64_t Tables::TableReaderBytes() const {
  uint64_t bytes = 0;
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kEstimateTableReadersMem, &bytes);
  return bytes;
}

uint64_t Tables::first_needed_log() const {
  uint64_t number = 0;
  db_->GetIntProperty(rocksdb::DB::Properties::kMinLogNumberToKeep, &number);
  return number;
}

uint64_t Tables::current_log() const {
  std::unique_ptr<rocksdb::LogFile> log;
  return db_->GetCurrentWalFile(&log).ok() ? log->LogNumber() : 0;
}

absl::Status Tables::Flush() {
  const std::vector<rocksdb::ColumnFamilyHandle*> families(families_.begin(), families_.end());
  return ToStatus(db_->Flush(rocksdb::FlushOptions(), families), "cannot flush");
}

absl::Status Tables::Damaged(Table table, std::string_view key, const absl::Status& status) const {
  return absl::Status(status.code(), absl::StrCat(path_, ", table ", std::string(Name(table)), ", ",
                                                  KeyText(table, key), ": ", status.message()));
}

}  // namespace wonbon
