#include "core/store/recovery.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace wonbon {
namespace {

constexpr char kCure[] =
    "; restore the data folder from a backup, or copy what is whole into a new one: wonbond "
    "--salvage DIR NEW";

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
      damaged_here_ = verdict_.unfinished = true;
      verdict_.where = absl::StrCat(log.path, ": damaged at byte ", item.offset);
      return;
    }
    // Of a batch without a mark nothing is known but that it is whole.
    if (!item.mark.has_value()) return;
    // Nothing was synced batch by batch: what follows the damage may be younger than it.
    if (witness_.asynchronous && verdict_.unfinished) return;
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
                                                               : mark.previous > verdict_.last);
    if (gap) {
      return Lose(absl::StrCat(log.path, ": at byte ", offset, ": changes through ",
                               mark.previous, " must come before, and the log ",
                               absl::Dec(mark.previous_log, absl::kZeroPad6),
                               ".log that held them is missing, cut or replaced"));
    }
    verdict_.empty = false;
    verdict_.last = std::max(verdict_.last, mark.last);
    // A log of before that ends unfinished is nothing to what was written behind it.
    if (!damaged_here_) {
      verdict_.unfinished = false;
      verdict_.where.clear();
    }
  }

  void Lose(const std::string& what) { verdict_.loss = absl::DataLossError(what + kCure); }

  const uint64_t first_needed_;
  const WitnessRecord& witness_;
  LogVerdict verdict_;
  const LogFile* log_ = nullptr;  // that of the item before
  bool damaged_here_ = false;     // in that log
};

std::string NamesOf(const std::vector<LogFile>& logs) {
  std::string names;
  for (const LogFile& log : logs) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", log.path, " (", log.bytes, " bytes)");
  }
  return names.empty() ? "no log is there" : absl::StrCat("the logs there: ", names);
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
  contents->logs = ListLogs(database_path);
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
  const LogFile* damaged = nullptr;
  for (const auto& [log, item] : contents.items) {
    if (item.damaged) damaged = log;
    if (item.damaged || (log == damaged && !behind_damage)) continue;
    const bool foreign = item.mark.has_value() && item.mark->store != StoreTag(store_id);
    if (foreign || item.sequence <= sequence) {
      return absl::DataLossError(absl::StrCat(
          log->path, ": at byte ", item.offset,
          foreign ? ": found a batch of another store" : ": found a batch that came before already",
          "; expected the log that was there; put it back, or move this one away"));
    }
    sequence = item.sequence;
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
                                               const std::string& witness_path,
                                               const WitnessRecord& witness) {
  const auto contents = ReadLogs(options.path);
  if (!contents.ok()) return contents.status();
  absl::Status ours = CheckLogsAreOurs(**contents, witness.store_id, /*behind_damage=*/false);
  if (!ours.ok()) return ours;
  Tables::Options look = options;
  look.read_only = true;
  look.recovery = Tables::Recovery::kUpToDamage;
  const auto tables = Tables::Open(look);
  if (!tables.ok()) return tables.status();
  const absl::StatusOr<StoreState> state = ReadState(**tables);
  if (!state.ok()) return state.status();
  const LogVerdict log = JudgeLogs(**contents, (*tables)->first_needed_log(), witness);
  if (!log.loss.ok()) return log.loss;
  const Sequence expected = std::max(witness.last_sequence, log.last);
  if (state->last_sequence < expected) {
    return absl::DataLossError(absl::StrCat(
        options.path, ": found changes through ", state->last_sequence, "; expected those through ",
        expected, ", which were answered (", witness_path, "); ",
        log.where.empty() ? NamesOf((*contents)->logs) : log.where, kCure));
  }
  return log.unfinished ? Tables::Recovery::kUpToDamage : Tables::Recovery::kWhole;
}

}  // namespace wonbon
