#include "core/store/tables.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/store/document_codec.h"
#include "core/store/status.h"
#include "core/store/table_options.h"
#include "rocksdb/cache.h"

namespace wonbon {
namespace {

constexpr std::array<std::string_view, kTables> kNames = {
    "ledger", "entries", "contents", "bodies", "fingerprints", "ids", "clusters", "events"};

absl::Status OpenFailure(const rocksdb::Status& status, const std::string& path) {
  if (status.ToString().find("lock") != std::string::npos && status.IsIOError()) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": another process uses this database: ", status.ToString(), "; stop it"));
  }
  // RocksDB's own words for a CURRENT file or a table that is not there.
  if (status.IsCorruption() || status.IsInvalidArgument() || status.IsNotFound() ||
      status.IsPathNotFound()) {
    return absl::DataLossError(absl::StrCat(
        path, ": damaged: ", status.ToString(),
        "; expected the files as they were left; restore the data folder from a backup"));
  }
  return ToStatus(status, absl::StrCat("cannot open ", path));
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
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(DatabaseOptions(options), options.path, descriptors, &families, &db);
  if (!status.ok()) return OpenFailure(status, options.path);
  tables->db_.reset(db);
  for (size_t i = 0; i < kTables; ++i) tables->families_[i] = families[i];
  return tables;
}

Tables::~Tables() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  db_->Close().PermitUncheckedError();
}

absl::StatusOr<bool> Tables::Find(Table table, std::string_view key,
                                  rocksdb::PinnableSlice* value) const {
  const rocksdb::Status status =
      db_->Get(rocksdb::ReadOptions(), family(table), ToSlice(key), value);
  if (status.ok()) return true;
  if (status.IsNotFound()) return false;
  return Damaged(table, key, ToStatus(status, "cannot read"));
}

std::unique_ptr<rocksdb::Iterator> Tables::Scan(Table table,
                                                const rocksdb::ReadOptions& options) const {
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, family(table)));
}

absl::Status Tables::Write(rocksdb::WriteBatch* batch, bool sync) {
  if (failed_) {
    // Flushes what is in memory and starts a new log: a batch that reached the old log but not the
    // tables never comes back.
    if (rocksdb::Status status = db_->Resume(); !status.ok()) {
      return ToStatus(status, "cannot write yet");
    }
  }
  rocksdb::WriteOptions options;
  options.sync = sync;
  const rocksdb::Status status = db_->Write(options, batch);
  failed_ = !status.ok();
  return ToStatus(status, "cannot write");
}

absl::Status Tables::Damaged(Table table, std::string_view key, const absl::Status& status) const {
  return absl::Status(status.code(), absl::StrCat(path_, ", table ", std::string(Name(table)), ", ",
                                                  KeyText(table, key), ": ", status.message()));
}

}  // namespace wonbon
