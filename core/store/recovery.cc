#include "core/store/recovery.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/store/manifest.h"
#include "core/store/status.h"

namespace wonbon {
namespace {

// Follows the batches of all logs, in order.
class LogJudge {
 public:
  LogJudge(uint64_t first_needed, const WitnessRecord& witness)
      : first_needed_(first_needed), witness_(witness) {}

  void Take(const LogFile& log, const LogItem& item) {
    if (log.number < first_needed_ || !verdict_.loss.ok()) return;
    if (std::exchange(log_, &log) != &log) damaged_here_ = false;
    if (item.damaged) {
      if (damaged_here_) return;
      damaged_here_ = unfinished_ = true;
      verdict_.where = absl::StrCat(log.path, ": damaged at byte ", item.offset);
      return;
    }
    // Of a batch without a mark nothing is known but that it is whole.
    if (!item.mark.has_value()) return;
    // Nothing was synced batch by batch: what follows the damage may be younger than it.
    if (witness_.asynchronous && unfinished_) return;
    TakeBatch(log, item.offset, *item.mark);
  }
  LogVerdict verdict() && { return std::move(verdict_); }

 private:
  void TakeBatch(const LogFile& log, uint64_t offset, const LogMark& mark) {
    if (damaged_here_ && mark.last > verdict_.last) {
      return Lose(absl::StrCat(verdict_.where, ", and changes through ", mark.last,
                               " stand behind it"));
    }
    // Before the first batch there is what the tables hold, or a log of which nothing is left.
    const bool gap = mark.previous_log != 0 && (verdict_.empty ? mark.previous_log >= first_needed_
                                                               : mark.ordinal > ordinal_ + 1);
    if (gap) {
      return Lose(absl::StrCat(log.path, ": at byte ", offset, ": changes through ",
                               mark.previous, " must come before, and the log ",
                               absl::Dec(mark.previous_log, absl::kZeroPad6),
                               ".log that held them is missing, cut or replaced"));
    }
    verdict_.empty = false;
    verdict_.last = std::max(verdict_.last, mark.last);
    ordinal_ = mark.ordinal;
    // A log of before that ends unfinished is nothing to what was written behind it.
    if (!damaged_here_) {
      unfinished_ = false;
      verdict_.where.clear();
    }
  }

  void Lose(const std::string& what) { verdict_.loss = absl::DataLossError(what + kDamageCure); }

  const uint64_t first_needed_;
  const WitnessRecord& witness_;
  LogVerdict verdict_;
  uint64_t ordinal_ = 0;          // of the last whole batch
  const LogFile* log_ = nullptr;  // that of the item before
  bool damaged_here_ = false;     // in that log
  bool unfinished_ = false;       // nothing whole came since the damage
};

std::string NamesOf(const std::vector<LogFile>& logs) {
  std::string names;
  for (const LogFile& log : logs) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", log.path, " (", log.bytes, " bytes)");
  }
  return names.empty() ? "no log is there" : absl::StrCat("the logs there: ", names);
}

// Opens the database for reading, in the first way that RocksDB takes; says which. kWhole forgives
// an end that was cut short, as a full disk leaves one, also where some tables were written since;
// kUpToDamage forgives any end, but not that. With asynchronous durability what follows such an end
// may be younger than what it lost, and kWhole would go on with it.
absl::StatusOr<std::unique_ptr<Tables>> Look(const Tables::Options& options, bool asynchronous,
                                             Tables::Recovery* recovery) {
  Tables::Options look = options;
  look.read_only = true;
  look.on_warning = nullptr;  // it is opened again
  std::array ways = {Tables::Recovery::kWhole, Tables::Recovery::kUpToDamage};
  if (asynchronous) std::swap(ways[0], ways[1]);
  absl::StatusOr<std::unique_ptr<Tables>> tables;
  for (const Tables::Recovery way : ways) {
    look.recovery = *recovery = way;
    tables = Tables::Open(look);
    if (!absl::IsDataLoss(tables.status())) break;
  }
  return tables;
}

}  // namespace

absl::StatusOr<StoreState> ReadState(const Tables& tables) {
  rocksdb::PinnableSlice value;
  const absl::StatusOr<bool> found = tables.Find(Table::kLedger, kStateKey, &value);
  if (!found.ok()) return found.status();
  if (!*found) return StoreState();
  absl::StatusOr<StoreState> state = DecodeState(ToView(value));
  if (!state.ok()) return tables.Damaged(Table::kLedger, kStateKey, state.status());
  return state;
}

absl::StatusOr<std::unique_ptr<const LogContents>> ReadLogs(const std::string& database_path) {
  auto contents = std::make_unique<LogContents>();
  absl::StatusOr<std::vector<LogFile>> logs = ListLogs(database_path);
  if (!logs.ok()) return logs.status();
  contents->logs = *std::move(logs);
  for (const LogFile& log : contents->logs) {
    absl::Status status = ReadLog(
        log.path, [&](const LogItem& item) { contents->items.push_back({&log, item}); });
    if (!status.ok()) return status;
  }
  return contents;
}

absl::Status CheckLogsAreOurs(const LogContents& contents, const std::string& store_id,
                              bool behind_damage) {
  uint64_t sequence = 0;
  const LogFile* before = nullptr;  // with the batch of that sequence
  const LogFile* damaged = nullptr;
  for (const auto& [log, item] : contents.items) {
    if (item.damaged) damaged = log;
    if (item.damaged || (log == damaged && !behind_damage)) continue;
    const bool foreign = !store_id.empty() && item.mark.has_value() &&
                         item.mark->store != StoreTag(store_id);
    if (foreign || item.sequence <= sequence) {
      return absl::DataLossError(absl::StrCat(
          log->path, ": at byte ", item.offset,
          foreign ? ": found a batch of another store"
                  : absl::StrCat(": found a batch that came before already, in ", before->path),
          "; expected the log that was there; put it back, or move this one away"));
    }
    sequence = item.sequence;
    before = log;
  }
  return absl::OkStatus();
}

LogVerdict JudgeLogs(const LogContents& contents, uint64_t first_needed,
                     const WitnessRecord& witness) {
  LogJudge judge(first_needed, witness);
  for (const LogContents::Item& item : contents.items) judge.Take(*item.log, item.item);
  return std::move(judge).verdict();
}

absl::StatusOr<Tables::Recovery> CheckRecovery(const Tables::Options& options,
                                               const Expectation& expected) {
  const auto contents = ReadLogs(options.path);
  if (!contents.ok()) return contents.status();
  absl::Status ours = CheckLogsAreOurs(**contents, expected.store_id, /*behind_damage=*/false);
  if (!ours.ok()) return ours;
  if (!expected.witness.has_value()) return Tables::Recovery::kWhole;
  const WitnessRecord& witness = *expected.witness;
  absl::Status listed = CheckManifest(options.path, witness.manifest);
  if (!listed.ok()) return listed;
  Tables::Recovery recovery{};
  const auto tables = Look(options, witness.asynchronous, &recovery);
  if (!tables.ok()) return tables.status();
  const absl::StatusOr<StoreState> state = ReadState(**tables);
  if (!state.ok()) return state.status();
  const LogVerdict log = JudgeLogs(**contents, (*tables)->first_needed_log(), witness);
  if (!log.loss.ok()) return log.loss;
  const Sequence through = std::max(witness.last_sequence, log.last);
  if (state->last_sequence < through) {
    return absl::DataLossError(absl::StrCat(
        options.path, ": found changes through ", state->last_sequence, "; expected those through ",
        through, ", which were answered (", expected.witness_path, "); ",
        log.where.empty() ? NamesOf((*contents)->logs) : log.where, kDamageCure));
  }
  return recovery;
}

}  // namespace wonbon
