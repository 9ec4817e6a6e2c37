#include "core/store/batch.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "core/store/document_codec.h"
#include "core/store/events.h"

namespace wonbon {
namespace {

class BatchBuilder {
 public:
  BatchBuilder(const Tables& tables, rocksdb::WriteBatch* batch)
      : tables_(tables), batch_(*batch) {}

  absl::Status Remove(const RemovedDocument& removed);
  void Add(const NewDocument& added);
  void PutTombstone(const Tombstone& tombstone);
  // Written by PutChangedEntries. `entry` outlives the builder.
  void Replace(const DocumentEntry& entry) { changed_[entry.number] = &entry; }
  void PutChangedEntries();
  void AddClusters(const Change& change);
  void AddCollections(const Change& change);
  void PutState(const StoreState& state);

 private:
  void PutEntry(const DocumentEntry& entry);
  void Put(Table table, std::string_view key, std::string_view value) {
    batch_.Put(tables_.family(table), ToSlice(key), ToSlice(value));
  }
  void Delete(Table table, std::string_view key) {
    batch_.Delete(tables_.family(table), ToSlice(key));
  }
  // The live document that `id_key` leads to, this batch included; kNone for none.
  absl::StatusOr<DocumentNumber> Holder(const RemovedDocument& removed, const std::string& id_key);

  const Tables& tables_;
  rocksdb::WriteBatch& batch_;
  // What this batch made of ids, as far as later changes of it may ask.
  std::unordered_map<std::string, DocumentNumber> ids_;
  // Entries that were there before or in this batch, as they are at its end: when a story is taken
  // down, each deletion changes those of all that are left.
  absl::btree_map<DocumentNumber, const DocumentEntry*> changed_;
  std::string value_;  // reused
};

absl::StatusOr<DocumentNumber> BatchBuilder::Holder(const RemovedDocument& removed,
                                                    const std::string& id_key) {
  if (const auto it = ids_.find(id_key); it != ids_.end()) return it->second;
  rocksdb::PinnableSlice value;
  const absl::StatusOr<bool> found = tables_.Find(Table::kIds, id_key, &value);
  if (!found.ok()) return found.status();
  if (!*found) return DocumentNumber::kNone;
  const auto state = DecodeId(removed.collection, removed.id, ToView(value));
  if (!state.ok()) return tables_.Damaged(Table::kIds, id_key, state.status());
  const auto* number = std::get_if<DocumentNumber>(&*state);
  return number == nullptr ? DocumentNumber::kNone : *number;
}

absl::Status BatchBuilder::Remove(const RemovedDocument& removed) {
  const std::string key = NumberKey(static_cast<uint64_t>(removed.number));
  changed_.erase(removed.number);
  Delete(Table::kEntries, key);
  Delete(Table::kContents, key);
  Delete(Table::kBodies, key);
  Delete(Table::kFingerprints, key);
  if (!removed.counted_shingles.empty()) {
    value_.clear();
    EncodeRemovedFounder(removed.counted_shingles, &value_);
    Put(Table::kLedger, RemovedFounderKey(removed.number), value_);
  }
  const std::string id_key = IdKey(removed.collection, removed.id);
  const absl::StatusOr<DocumentNumber> holder = Holder(removed, id_key);
  if (!holder.ok()) return holder.status();
  if (*holder != removed.number) return absl::OkStatus();
  if (removed.tombstone.has_value()) {
    PutTombstone(*removed.tombstone);
  } else {
    Delete(Table::kIds, id_key);
  }
  ids_[id_key] = DocumentNumber::kNone;
  return absl::OkStatus();
}

void BatchBuilder::PutTombstone(const Tombstone& tombstone) {
  value_.clear();
  EncodeTombstone(tombstone, &value_);
  Put(Table::kIds, IdKey(tombstone.collection, tombstone.id), value_);
}

void BatchBuilder::PutEntry(const DocumentEntry& entry) {
  value_.clear();
  EncodeEntry(entry, &value_);
  Put(Table::kEntries, NumberKey(static_cast<uint64_t>(entry.number)), value_);
}

void BatchBuilder::PutChangedEntries() {
  for (const auto& [number, entry] : changed_) PutEntry(*entry);
}

void BatchBuilder::Add(const NewDocument& added) {
  PutEntry(added.entry);
  const std::string key = NumberKey(static_cast<uint64_t>(added.entry.number));
  value_.clear();
  EncodeContent(added.content, &value_);
  Put(Table::kContents, key, value_);
  Put(Table::kBodies, key, added.packed_body);
  value_.clear();
  EncodeFingerprint(added.fingerprint, &value_);
  Put(Table::kFingerprints, key, value_);
  std::string id_key = IdKey(added.entry.collection, added.content.document.id);
  value_.clear();
  EncodeLiveId(added.entry.number, &value_);
  Put(Table::kIds, id_key, value_);
  ids_[std::move(id_key)] = added.entry.number;
}

void BatchBuilder::AddClusters(const Change& change) {
  for (const ClusterRecord& cluster : change.clusters) {
    value_.clear();
    EncodeCluster(cluster, &value_);
    Put(Table::kClusters, NumberKey(static_cast<uint64_t>(cluster.id)), value_);
  }
  for (const ClusterId id : change.dropped) {
    Delete(Table::kClusters, NumberKey(static_cast<uint64_t>(id)));
  }
  for (const Redirect& redirect : change.redirects) {
    value_.clear();
    EncodeRedirect(redirect.to, &value_);
    Put(Table::kClusters, NumberKey(static_cast<uint64_t>(redirect.from)), value_);
  }
  for (const DocumentNumber number : change.dropped_families) {
    Delete(Table::kLedger, FamilyKey(number));
  }
  for (const FamilyRecord& family : change.families) {
    value_.clear();
    EncodeFamily(family, &value_);
    Put(Table::kLedger, FamilyKey(family.number()), value_);
  }
}

void BatchBuilder::AddCollections(const Change& change) {
  for (const CollectionRecord& collection : change.collections) {
    value_.clear();
    EncodeCollection(collection, &value_);
    Put(Table::kLedger, CollectionKey(collection.number), value_);
  }
  for (const CollectionNumber number : change.dropped_collections) {
    Delete(Table::kLedger, CollectionKey(number));
    // Tombstones have no one left to read them. Events do: those who watched are told of the end.
    const CollectionNumber next{static_cast<uint32_t>(number) + 1};
    batch_.DeleteRange(tables_.family(Table::kIds), IdKey(number, ""), IdKey(next, ""));
  }
}

void BatchBuilder::PutState(const StoreState& state) {
  value_.clear();
  EncodeState(state, &value_);
  Put(Table::kLedger, kStateKey, value_);
}

bool IsRemoved(const Change& change, DocumentNumber number) {
  return std::any_of(change.removed.begin(), change.removed.end(),
                     [number](const RemovedDocument& removed) { return removed.number == number; });
}

}  // namespace

absl::Status AppendChanges(const Tables& tables, absl::Span<const Change> changes,
                           uint64_t kept_events, StoreState* state, rocksdb::WriteBatch* batch) {
  BatchBuilder builder(tables, batch);
  Sequence sequence = state->last_sequence;
  for (const Change& change : changes) {
    if (change.sequence <= sequence) {
      return absl::InternalError(
          absl::StrCat("change ", change.sequence, " after ", sequence, ": sequences must ascend"));
    }
    sequence = change.sequence;
    state->last_time_us = std::max(state->last_time_us, change.time_us);
    for (const RemovedDocument& removed : change.removed) {
      if (absl::Status status = builder.Remove(removed); !status.ok()) return status;
    }
    for (const Tombstone& tombstone : change.tombstones) builder.PutTombstone(tombstone);
    for (const NewDocument& added : change.added) builder.Add(added);
    for (const DocumentEntry& entry : change.changed) {
      if (!IsRemoved(change, entry.number)) builder.Replace(entry);
    }
    builder.AddClusters(change);
    AppendEvents(tables, change.events, kept_events, state, batch);
    builder.AddCollections(change);
    state->documents += change.added.size();
    state->documents -= std::min<uint64_t>(state->documents, change.removed.size());
  }
  builder.PutChangedEntries();
  if (absl::Status status = DropOldEvents(tables, kept_events, state, batch); !status.ok()) {
    return status;
  }
  state->last_sequence = sequence;
  builder.PutState(*state);
  return absl::OkStatus();
}

}  // namespace wonbon
