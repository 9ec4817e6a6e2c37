#include "core/store/events.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/store/status.h"

namespace wonbon {
namespace {

constexpr uint64_t kMarksKept = 16;
constexpr Sequence kLastSequence = std::numeric_limits<Sequence>::max();

absl::Status ScanStatus(const Tables& tables, const rocksdb::Iterator& scan) {
  if (scan.status().ok()) return absl::OkStatus();
  return ToStatus(scan.status(),
                  absl::StrCat("cannot read the table ", std::string(Name(Table::kEvents))));
}

// Drops the events of each collection up to and with `through`, and records how far for those that
// lost some.
absl::Status DropThrough(const Tables& tables, Sequence through, rocksdb::WriteBatch* batch) {
  const auto scan = tables.Scan(Table::kEvents, rocksdb::ReadOptions());
  scan->SeekToFirst();
  while (scan->Valid()) {
    const CollectionNumber collection = DecodeEventKey(ToView(scan->key())).collection;
    const std::string first = EncodeEventKey({collection, 0});
    const std::string end = EncodeEventKey({collection, through + 1});
    const std::string next = EncodeEventKey({collection, kLastSequence});
    scan->SeekForPrev(EncodeEventKey({collection, through}));
    if (scan->Valid() && scan->key().compare(first) >= 0) {
      std::string dropped;
      EncodeDroppedEvents(DecodeEventKey(ToView(scan->key())).sequence, &dropped);
      batch->DeleteRange(tables.family(Table::kEvents), first, end);
      // Of a deleted collection nothing is left to be read, and no mark stays behind.
      rocksdb::PinnableSlice record;
      const absl::StatusOr<bool> lives =
          tables.Find(Table::kLedger, CollectionKey(collection), &record);
      if (!lives.ok()) return lives.status();
      if (*lives) {
        batch->Put(tables.family(Table::kLedger), DroppedEventsKey(collection), dropped);
      } else {
        batch->Delete(tables.family(Table::kLedger), DroppedEventsKey(collection));
      }
    }
    scan->Seek(next);
  }
  return ScanStatus(tables, *scan);
}

absl::StatusOr<Sequence> DroppedThrough(const Tables& tables, const rocksdb::Snapshot* snapshot,
                                        CollectionNumber collection) {
  rocksdb::PinnableSlice value;
  const std::string key = DroppedEventsKey(collection);
  const absl::StatusOr<bool> found = tables.Find(Table::kLedger, key, &value, snapshot);
  if (!found.ok()) return found.status();
  if (!*found) return Sequence{0};
  absl::StatusOr<Sequence> through = DecodeDroppedEvents(ToView(value));
  if (!through.ok()) return tables.Damaged(Table::kLedger, key, through.status());
  return through;
}

}  // namespace

void AppendEvents(const Tables& tables, absl::Span<const ClusterEvent> events, uint64_t kept,
                  StoreState* state, rocksdb::WriteBatch* batch) {
  if (events.empty()) return;
  // Nearly always of one collection and sequence.
  std::map<std::pair<CollectionNumber, Sequence>, std::vector<const ClusterEvent*>> records;
  for (const ClusterEvent& event : events) {
    records[{event.collection, event.sequence}].push_back(&event);
  }
  std::string value;
  Sequence last = 0;
  for (const auto& [key, members] : records) {
    value.clear();
    EncodeEvents(members, &value);
    batch->Put(tables.family(Table::kEvents), EncodeEventKey({key.first, key.second}), value);
    last = std::max(last, key.second);
  }
  state->events += events.size();
  const uint64_t marked = state->marks.empty() ? 0 : state->marks.back().events;
  if (state->events - marked >= std::max<uint64_t>(1, kept / kMarksKept)) {
    state->marks.push_back({last, state->events});
  }
}

absl::Status DropOldEvents(const Tables& tables, uint64_t kept, StoreState* state,
                           rocksdb::WriteBatch* batch) {
  // marks[0] is where the last cut was made (or the first that could be).
  size_t cut = 0;
  while (cut < state->marks.size() && state->events - state->marks[cut].events >= kept &&
         state->marks[cut].sequence <= state->last_sequence) {
    ++cut;
  }
  if (cut == 0) return absl::OkStatus();
  const Sequence through = state->marks[cut - 1].sequence;
  state->marks.erase(state->marks.begin(), state->marks.begin() + static_cast<ptrdiff_t>(cut));
  return DropThrough(tables, through, batch);
}

absl::StatusOr<std::vector<ClusterEvent>> ReadEvents(const Tables& tables,
                                                     const rocksdb::Snapshot* snapshot,
                                                     CollectionNumber collection, Sequence after,
                                                     size_t max_events) {
  std::vector<ClusterEvent> events;
  const absl::StatusOr<Sequence> dropped = DroppedThrough(tables, snapshot, collection);
  if (!dropped.ok()) return dropped.status();
  if (after < *dropped) {
    return MakeError(absl::StatusCode::kOutOfRange, {.reason = ErrorReason::kEventsDropped},
                     absl::StrCat("events after sequence ", after, " were dropped through ",
                                  *dropped, "; read the clusters anew, then go on from there"));
  }
  if (after == kLastSequence) return events;
  const std::string last = EncodeEventKey({collection, kLastSequence});
  const rocksdb::Slice end = last;
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.iterate_upper_bound = &end;
  const auto scan = tables.Scan(Table::kEvents, options);
  for (scan->Seek(EncodeEventKey({collection, after + 1}));
       scan->Valid() && events.size() < max_events; scan->Next()) {
    const std::string_view key = ToView(scan->key());
    const absl::Status status = DecodeEvents(DecodeEventKey(key), ToView(scan->value()), &events);
    if (!status.ok()) return tables.Damaged(Table::kEvents, key, status);
  }
  if (absl::Status status = ScanStatus(tables, *scan); !status.ok()) return status;
  return events;
}

}  // namespace wonbon
