// Whether a database still holds all that was answered: looked at before it is opened for writing,
// since RocksDB takes a log that was cut, emptied or removed for one that ended there, and drops
// it. A refusal changes nothing in the folder.
//
// An unfinished end of the log is nobody's loss: one batch at a time is on its way to the disk, and
// is answered when it is there. So damage that nothing whole follows is such an end, whatever its
// shape, if what comes before it reaches the witness; damage that something follows is a loss.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/store/ledger_codec.h"
#include "core/store/log_reader.h"
#include "core/store/tables.h"
#include "core/store/witness.h"

namespace wonbon {

// What a folder says of its database.
struct Expectation {
  std::string store_id;  // empty: there is no FORMAT yet
  std::string witness_path;
  std::optional<WitnessRecord> witness;  // none: it is opened as it is, if its logs are its own
};

// Of a database without one: nothing was written yet.
absl::StatusOr<StoreState> ReadState(const Tables& tables);

// All logs of a database, and what is in them, in order.
struct LogContents {
  struct Item {
    const LogFile* log;
    LogItem item;
  };
  std::vector<LogFile> logs;
  std::vector<Item> items;
};
absl::StatusOr<std::unique_ptr<const LogContents>> ReadLogs(const std::string& database_path);

// DATA_LOSS, naming the log, where one was put in the place of another: RocksDB must not see it, as
// it would take over what another store wrote, and abort where it reads a batch twice.
// `store_id`: empty for any one store. `behind_damage`: what follows damage in a log is read, too.
absl::Status CheckLogsAreOurs(const LogContents& contents, const std::string& store_id,
                              bool behind_damage);

struct LogVerdict {
  Sequence last = 0;           // of the last whole batch, 0 for none
  bool empty = true;           // no batch of ours is there
  std::string where;           // "db/000012.log: damaged at byte 4711" of an end; else empty
  absl::Status loss = absl::OkStatus();  // DATA_LOSS: the log says itself that changes are missing
};
// Judges the logs that tables need, those with numbers from `first_needed`.
LogVerdict JudgeLogs(const LogContents& contents, uint64_t first_needed,
                     const WitnessRecord& witness);

// DATA_LOSS where the database would recover less than its witness says, naming the files and what
// is missing, or its logs are those of others. Otherwise how to open it. Needs no room.
absl::StatusOr<Tables::Recovery> CheckRecovery(const Tables::Options& options,
                                               const Expectation& expected);

}  // namespace wonbon
