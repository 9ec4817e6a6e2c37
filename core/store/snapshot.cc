#include "core/store/snapshot.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/store/body.h"
#include "core/store/document_codec.h"
#include "core/store/events.h"
#include "core/store/ledger_codec.h"
#include "core/store/status.h"
#include "core/store/tables.h"
#include "core/store/visit.h"

namespace wonbon {
namespace {

std::string KeyOf(DocumentNumber number) { return NumberKey(static_cast<uint64_t>(number)); }

// What `decode` makes of a record; NOT_FOUND where there is none.
template <typename Decode>
auto ReadRecord(const Tables& tables, const rocksdb::Snapshot* snapshot, Table table,
                const std::string& key, Decode decode) -> decltype(decode(std::string_view())) {
  rocksdb::PinnableSlice value;
  const absl::StatusOr<bool> found = tables.Find(table, key, &value, snapshot);
  if (!found.ok()) return found.status();
  if (!*found) return tables.Damaged(table, key, absl::NotFoundError("the record is missing"));
  auto record = decode(ToView(value));
  if (!record.ok()) return tables.Damaged(table, key, record.status());
  return record;
}

absl::Status BodyLost(const std::string& id, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("the body of document \"", id, "\" is lost: ", what));
}

}  // namespace

StoreSnapshot::StoreSnapshot(std::shared_ptr<const Tables> tables)
    : tables_(std::move(tables)), snapshot_(tables_->db().GetSnapshot()) {}

StoreSnapshot::~StoreSnapshot() { tables_->db().ReleaseSnapshot(snapshot_); }

absl::StatusOr<StoreSnapshot::IdState> StoreSnapshot::FindId(CollectionNumber collection,
                                                             std::string_view id) const {
  // Most ids that are looked up are new: that is no error, whose message takes time to make.
  const std::string key = IdKey(collection, id);
  rocksdb::PinnableSlice value;
  const absl::StatusOr<bool> found = tables_->Find(Table::kIds, key, &value, snapshot_);
  if (!found.ok()) return found.status();
  if (!*found) return IdState();
  absl::StatusOr<IdState> state = DecodeId(collection, id, ToView(value));
  if (!state.ok()) return tables_->Damaged(Table::kIds, key, state.status());
  return state;
}

absl::StatusOr<StoreSnapshot::TombstonePage> StoreSnapshot::ReadTombstones(
    CollectionNumber collection, std::string_view after, size_t most, size_t most_scanned) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  options.fill_cache = false;
  const std::string prefix = IdKey(collection, "");
  const auto scan = tables_->Scan(Table::kIds, options);
  TombstonePage page;
  std::string last(after);  // looked at
  scan->Seek(IdKey(collection, after));
  if (!after.empty() && scan->Valid() && ToView(scan->key()) == IdKey(collection, after)) {
    scan->Next();
  }
  for (size_t scanned = 0; scan->Valid() && scan->key().starts_with(prefix); scan->Next()) {
    if (page.tombstones.size() == most || scanned++ == most_scanned) {
      page.next = std::move(last);
      return page;
    }
    const std::string_view key = ToView(scan->key());
    absl::StatusOr<IdState> state =
        DecodeId(collection, key.substr(prefix.size()), ToView(scan->value()));
    if (!state.ok()) return tables_->Damaged(Table::kIds, key, state.status());
    if (auto* tombstone = std::get_if<Tombstone>(&*state)) {
      page.tombstones.push_back(std::move(*tombstone));
    }
    last.assign(key.substr(prefix.size()));
  }
  if (!scan->status().ok()) return ToStatus(scan->status(), "cannot read the table ids");
  return page;
}

absl::StatusOr<DocumentEntry> StoreSnapshot::ReadEntry(DocumentNumber number) const {
  return ReadRecord(*tables_, snapshot_, Table::kEntries, KeyOf(number),
                    [&](std::string_view bytes) { return DecodeEntry(number, bytes); });
}

absl::StatusOr<DocumentContent> StoreSnapshot::ReadContent(DocumentNumber number,
                                                           bool with_body) const {
  absl::StatusOr<DocumentContent> content =
      ReadRecord(*tables_, snapshot_, Table::kContents, KeyOf(number), DecodeContent);
  if (!content.ok() || !with_body) return content;
  absl::StatusOr<std::string> body = ReadBody(number);
  if (absl::IsNotFound(body.status())) {
    return BodyLost(content->document.id, body.status().message());
  }
  if (!body.ok()) return body.status();
  content->document.body = *std::move(body);
  return content;
}

absl::StatusOr<std::string> StoreSnapshot::ReadBody(DocumentNumber number) const {
  absl::StatusOr<std::string> body =
      ReadRecord(*tables_, snapshot_, Table::kBodies, KeyOf(number), UnpackBody);
  if (!absl::IsDataLoss(body.status())) return body;
  const absl::StatusOr<DocumentContent> head = ReadContent(number, /*with_body=*/false);
  return head.ok() ? BodyLost(head->document.id, body.status().message()) : body.status();
}

absl::StatusOr<Fingerprint> StoreSnapshot::ReadFingerprint(DocumentNumber number) const {
  return ReadRecord(*tables_, snapshot_, Table::kFingerprints, KeyOf(number), DecodeFingerprint);
}

absl::StatusOr<ClusterRecord> StoreSnapshot::ReadCluster(ClusterId id) const {
  return ReadRecord(*tables_, snapshot_, Table::kClusters, NumberKey(static_cast<uint64_t>(id)),
                    [&](std::string_view bytes) -> absl::StatusOr<ClusterRecord> {
                      auto record = DecodeCluster(id, bytes);
                      if (!record.ok()) return record.status();
                      const auto* cluster = std::get_if<ClusterRecord>(&*record);
                      if (cluster == nullptr) return absl::NotFoundError("it was merged");
                      return *cluster;
                    });
}

absl::StatusOr<std::vector<ClusterEvent>> StoreSnapshot::ReadEvents(CollectionNumber collection,
                                                                    Sequence after,
                                                                    size_t max_events) const {
  return wonbon::ReadEvents(*tables_, snapshot_, collection, after, max_events);
}

absl::StatusOr<std::string> StoreSnapshot::ReadBlob(std::string_view name) const {
  return ReadRecord(
      *tables_, snapshot_, Table::kLedger, BlobKey(name),
      [](std::string_view bytes) -> absl::StatusOr<std::string> { return std::string(bytes); });
}

absl::Status StoreSnapshot::VisitAll(const Visitor& visitor) const {
  return VisitTables(*tables_, snapshot_, visitor);
}

}  // namespace wonbon
