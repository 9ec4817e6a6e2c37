#include "core/store/salvage_writer.h"

#include <utility>

#include "core/store/document_codec.h"
#include "core/store/inventory.h"

namespace wonbon {
namespace {

constexpr size_t kBatchBytes = 1 << 20;

std::string KeyOf(ClusterId id) { return NumberKey(static_cast<uint64_t>(id)); }

}  // namespace

absl::StatusOr<std::unique_ptr<SalvageWriter>> SalvageWriter::Open(const Tables& from,
                                                                   const std::string& path) {
  auto to = Tables::Open({.path = path, .create = true});
  if (!to.ok()) return to.status();
  return std::unique_ptr<SalvageWriter>(new SalvageWriter(from, *std::move(to)));
}

void SalvageWriter::Put(Table table, std::string_view key, std::string_view value) {
  batch_.Put(to_->family(table), ToSlice(key), ToSlice(value));
  if (batch_.GetDataSize() < kBatchBytes) return;
  // The last one is followed by a flush.
  Fail(to_->Write(&batch_, /*sync=*/false));
  batch_.Clear();
}

void SalvageWriter::Collection(const CollectionRecord& collection) {
  std::string value;
  EncodeCollection(collection, &value);
  Put(Table::kLedger, CollectionKey(collection.number), value);
}

void SalvageWriter::Cluster(const ClusterRecord& cluster) {
  std::string value;
  EncodeCluster(cluster, &value);
  Put(Table::kClusters, KeyOf(cluster.id), value);
}

void SalvageWriter::Redirected(const Redirect& redirect) {
  std::string value;
  EncodeRedirect(redirect.to, &value);
  Put(Table::kClusters, KeyOf(redirect.from), value);
}

void SalvageWriter::Family(const FamilyRecord& family) {
  std::string value;
  EncodeFamily(family, &value);
  Put(Table::kLedger, FamilyKey(family.number()), value);
}

void SalvageWriter::Deleted(const Tombstone& tombstone) {
  std::string value;
  EncodeTombstone(tombstone, &value);
  Put(Table::kIds, IdKey(tombstone.collection, tombstone.id), value);
}

void SalvageWriter::EventsDropped(CollectionNumber collection, Sequence through) {
  std::string value;
  EncodeDroppedEvents(through, &value);
  Put(Table::kLedger, DroppedEventsKey(collection), value);
}

absl::Status SalvageWriter::Document(const DocumentEntry& entry, const std::string& id) {
  const std::string key = NumberKey(static_cast<uint64_t>(entry.number));
  std::string value;
  EncodeEntry(entry, &value);
  Put(Table::kEntries, key, value);
  Copy(Table::kContents, key);
  Copy(Table::kBodies, key);
  Copy(Table::kFingerprints, key);
  value.clear();
  EncodeLiveId(entry.number, &value);
  Put(Table::kIds, IdKey(entry.collection, id), value);
  return status_;
}

void SalvageWriter::Copy(Table table, std::string_view key) {
  rocksdb::PinnableSlice value;
  const absl::StatusOr<bool> found = from_.Find(table, key, &value);
  Fail(found.status());
  if (found.ok() && *found) Put(table, key, ToView(value));
}

void SalvageWriter::CopyAll(Table table) {
  WalkTable(
      from_, table, [&](std::string_view key, std::string_view value) { Put(table, key, value); },
      [this](const std::string& line) { Fail(absl::DataLossError(line)); });
}

absl::Status SalvageWriter::Finish(const StoreState& state) {
  std::string value;
  EncodeState(state, &value);
  Put(Table::kLedger, kStateKey, value);
  Fail(to_->Write(&batch_, /*sync=*/true));
  if (status_.ok()) Fail(to_->Flush());
  return status_;
}

}  // namespace wonbon
