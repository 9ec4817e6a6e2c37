#include "core/store/inventory.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "core/store/body.h"
#include "core/store/document_codec.h"
#include "core/store/status.h"

namespace wonbon {
namespace {

constexpr size_t kPositionBytes = 16;

// A key as a number, by its first 16 bytes: how far on to look behind damage.
absl::uint128 PositionOf(std::string_view key) {
  absl::uint128 position = 0;
  for (size_t i = 0; i < kPositionBytes; ++i) {
    position = position << 8 | (i < key.size() ? static_cast<uint8_t>(key[i]) : 0);
  }
  return position;
}

// Without zeros at its end, so that no key of this position comes before it.
std::string KeyAt(absl::uint128 position) {
  std::string key(kPositionBytes, '\0');
  for (size_t i = kPositionBytes; i-- > 0; position >>= 8) {
    key[i] = static_cast<char>(absl::Uint128Low64(position) & 0xff);
  }
  key.resize(key.find_last_not_of('\0') + 1);
  return key;
}

bool CanSeek(rocksdb::Iterator& scan, absl::uint128 position) {
  scan.Seek(KeyAt(position));
  return scan.status().ok();
}

// Leaves the scan behind the damage that follows `reached`, at the first key that can be read or at
// the end: looks further and further on, then halves back.
bool PassDamage(rocksdb::Iterator& scan, absl::uint128 reached) {
  absl::uint128 step = 1;
  while (!CanSeek(scan, reached + step)) {
    step <<= 1;
    if (step == 0 || reached + step < reached) return false;
  }
  absl::uint128 fails = reached + step / 2;
  absl::uint128 works = reached + step;
  while (works - fails > 1) {
    const absl::uint128 middle = fails + (works - fails) / 2;
    (CanSeek(scan, middle) ? works : fails) = middle;
  }
  return CanSeek(scan, works);
}

class Taking {
 public:
  explicit Taking(const Tables& tables) : tables_(tables) {}

  Inventory Take() && {
    Walk(Table::kLedger, [this](auto key, auto value) { return TakeLedger(key, value); });
    Walk(Table::kClusters, [this](auto key, auto value) { return TakeCluster(key, value); });
    Walk(Table::kIds, [this](auto key, auto value) { return TakeId(key, value); });
    Walk(Table::kEvents, [this](auto key, auto value) { return TakeEvents(key, value); });
    Walk(Table::kEntries, [this](auto key, auto value) { return TakeEntry(key, value); });
    WalkNumbers(Table::kContents, taken_.contents,
                [](auto value) { return DecodeContent(value).status(); });
    WalkNumbers(Table::kBodies, taken_.bodies,
                [](auto value) { return UnpackBody(value).status(); });
    WalkNumbers(Table::kFingerprints, taken_.fingerprints,
                [](auto value) { return DecodeFingerprint(value).status(); });
    See(taken_.state.last_sequence);
    return std::move(taken_);
  }

 private:
  using Bytes = std::string_view;
  void See(uint64_t number) { taken_.newest = std::max(taken_.newest, number); }

  template <typename TakeRecord>
  void Walk(Table table, TakeRecord take) {
    Inventory::TableReport& report = taken_.tables[static_cast<size_t>(table)];
    WalkTable(
        tables_, table,
        [&](Bytes key, Bytes value) {
          const absl::Status status = take(key, value);
          if (status.ok()) {
            ++report.whole;
          } else {
            report.damage.emplace_back(tables_.Damaged(table, key, status).message());
          }
        },
        [&](std::string line) { report.damage.push_back(std::move(line)); });
  }
  template <typename Check>
  void WalkNumbers(Table table, std::vector<DocumentNumber>& numbers, Check check) {
    Walk(table, [&](Bytes key, Bytes value) {
      See(KeyNumber(key));
      absl::Status status = check(value);
      if (status.ok()) numbers.push_back(DocumentNumber{KeyNumber(key)});
      return status;
    });
  }

  absl::Status TakeLedger(Bytes key, Bytes value);
  absl::Status TakeCluster(Bytes key, Bytes value);
  absl::Status TakeId(Bytes key, Bytes value);
  absl::Status TakeEvents(Bytes key, Bytes value);
  absl::Status TakeEntry(Bytes key, Bytes value);

  const Tables& tables_;
  Inventory taken_;
};

absl::Status Taking::TakeLedger(Bytes key, Bytes value) {
  if (key == kStateKey) {
    absl::StatusOr<StoreState> state = DecodeState(value);
    if (!state.ok()) return state.status();
    taken_.state = *std::move(state);
    return absl::OkStatus();
  }
  const std::string first_family = FamilyKey(DocumentNumber::kNone);
  if (key.size() == first_family.size() && key[0] == first_family[0]) {
    absl::StatusOr<FamilyRecord> family = DecodeFamily(value);
    if (!family.ok()) return family.status();
    taken_.families.push_back(*std::move(family));
    return absl::OkStatus();
  }
  const std::string first = CollectionKey(CollectionNumber{0});
  if (key.size() != first.size() || key[0] != first[0]) {
    taken_.ledger.emplace_back(key);
    return absl::OkStatus();
  }
  const CollectionNumber number{
      static_cast<uint32_t>(KeyNumber(std::string(4, '\0').append(key.substr(1))))};
  absl::StatusOr<CollectionRecord> collection = DecodeCollection(number, value);
  if (!collection.ok()) return collection.status();
  taken_.collections.push_back(*std::move(collection));
  return absl::OkStatus();
}

absl::Status Taking::TakeCluster(Bytes key, Bytes value) {
  See(KeyNumber(key));
  const auto record = DecodeCluster(ClusterId{KeyNumber(key)}, value);
  if (!record.ok()) return record.status();
  if (const auto* redirect = std::get_if<Redirect>(&*record)) {
    taken_.redirects.push_back(*redirect);
  } else {
    taken_.clusters.push_back(std::get<ClusterRecord>(*record));
    See(taken_.clusters.back().sequence);
  }
  return absl::OkStatus();
}

absl::Status Taking::TakeId(Bytes key, Bytes value) {
  if (key.size() < 4) return absl::DataLossError("the key is cut short");
  const CollectionNumber collection{
      static_cast<uint32_t>(KeyNumber(std::string(4, '\0').append(key.substr(0, 4))))};
  auto state = DecodeId(collection, key.substr(4), value);
  if (!state.ok()) return state.status();
  if (auto* tombstone = std::get_if<Tombstone>(&*state)) {
    See(tombstone->sequence);
    taken_.tombstones.push_back(std::move(*tombstone));
  }
  return absl::OkStatus();
}

absl::Status Taking::TakeEvents(Bytes key, Bytes value) {
  const EventKey at = DecodeEventKey(key);
  See(at.sequence);
  std::vector<ClusterEvent> events;
  return DecodeEvents(at, value, &events);
}

absl::Status Taking::TakeEntry(Bytes key, Bytes value) {
  See(KeyNumber(key));
  const absl::StatusOr<DocumentEntry> entry =
      DecodeEntry(DocumentNumber{KeyNumber(key)}, value);
  if (!entry.ok()) return entry.status();
  See(entry->sequence);
  taken_.entries.push_back(*entry);
  return absl::OkStatus();
}

std::string NameOf(const Tables& tables, DocumentNumber number) {
  const auto value = static_cast<uint64_t>(number);
  rocksdb::PinnableSlice bytes;
  const absl::StatusOr<bool> found = tables.Find(Table::kContents, NumberKey(value), &bytes);
  if (found.ok() && *found) {
    const absl::StatusOr<DocumentContent> content = DecodeContent(ToView(bytes));
    if (content.ok()) {
      return absl::StrCat("document \"", content->document.id, "\" (number ", value, ")");
    }
  }
  return absl::StrCat("document number ", value, " (its id is lost)");
}

}  // namespace

bool Inventory::is_damaged() const {
  return std::any_of(tables.begin(), tables.end(),
                     [](const TableReport& table) { return !table.damage.empty(); });
}

Inventory TakeInventory(const Tables& tables) { return Taking(tables).Take(); }

std::vector<IncompleteDocument> FindIncomplete(const Tables& tables, const Inventory& inventory) {
  std::vector<DocumentNumber> entries;
  entries.reserve(inventory.entries.size());
  for (const DocumentEntry& entry : inventory.entries) entries.push_back(entry.number);
  const std::array<std::pair<const char*, const std::vector<DocumentNumber>*>, 4> parts = {
      {{"entry", &entries},
       {"content", &inventory.contents},
       {"body", &inventory.bodies},
       {"fingerprint", &inventory.fingerprints}}};
  std::vector<DocumentNumber> all;
  for (const auto& [name, numbers] : parts) {
    std::vector<DocumentNumber> merged;
    std::set_union(all.begin(), all.end(), numbers->begin(), numbers->end(),
                   std::back_inserter(merged));
    all = std::move(merged);
  }
  std::vector<IncompleteDocument> incomplete;
  for (const DocumentNumber number : all) {
    std::string lacks;
    for (const auto& [name, numbers] : parts) {
      if (std::binary_search(numbers->begin(), numbers->end(), number)) continue;
      absl::StrAppend(&lacks, lacks.empty() ? "" : ", ", name);
    }
    if (!lacks.empty()) incomplete.push_back({number, NameOf(tables, number), lacks});
  }
  return incomplete;
}

void WalkTable(const Tables& tables, Table table,
               const std::function<void(std::string_view key, std::string_view value)>& visit,
               const std::function<void(std::string line)>& damage) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const auto scan = tables.Scan(table, options);
  scan->SeekToFirst();
  std::string last;
  for (;;) {
    for (; scan->Valid(); scan->Next()) {
      last = ToView(scan->key());
      visit(last, ToView(scan->value()));
    }
    if (scan->status().ok()) return;
    const absl::Status status = ToStatus(scan->status(), "what follows cannot be read");
    const bool passed = PassDamage(*scan, PositionOf(last));
    const std::string_view next = passed && scan->Valid() ? ToView(scan->key()) : "";
    std::string line(tables.Damaged(table, last, status).message());
    absl::StrAppend(&line, next.empty() ? "; nothing readable stands behind it"
                    : next.size() == 8
                        ? absl::StrCat("; readable again from number ", KeyNumber(next))
                        : "; readable again further on");
    damage(std::move(line));
    if (!passed) return;
  }
}

}  // namespace wonbon
