#include "core/store/visit.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/store/document_codec.h"
#include "core/store/ledger_codec.h"
#include "core/store/status.h"

namespace wonbon {
namespace {

constexpr size_t kReadaheadBytes = 1 << 20;

using Bytes = std::string_view;

class Visit {
 public:
  Visit(const Tables& tables, const rocksdb::Snapshot* snapshot) : tables_(tables) {
    options_.snapshot = snapshot;
    // Read once: it would only push out what look-ups need.
    options_.fill_cache = false;
    options_.readahead_size = kReadaheadBytes;
  }

  absl::Status Collections(const StoreSnapshot::Visitor& visitor) const;
  absl::Status Clusters(const StoreSnapshot::Visitor& visitor) const;
  absl::Status Documents(const StoreSnapshot::Visitor& visitor) const;
  absl::Status Families(const StoreSnapshot::Visitor& visitor) const;
  absl::Status RemovedFounders(const StoreSnapshot::Visitor& visitor) const;

 private:
  absl::Status End(Table table, const rocksdb::Iterator& scan) const {
    if (scan.status().ok()) return absl::OkStatus();
    return ToStatus(scan.status(),
                    absl::StrCat("cannot read the table ", std::string(Name(table))));
  }

  // take(key, value) for each record of the ledger of the kind that `first` is the first key of.
  template <typename Take>
  absl::Status Ledger(const std::string& first, const Take& take) const {
    const auto scan = tables_.Scan(Table::kLedger, options_);
    for (scan->Seek(first); scan->Valid(); scan->Next()) {
      const Bytes key = ToView(scan->key());
      if (key.size() != first.size() || key[0] != first[0]) break;
      if (absl::Status status = take(key, ToView(scan->value())); !status.ok()) return status;
    }
    return End(Table::kLedger, *scan);
  }

  const Tables& tables_;
  rocksdb::ReadOptions options_;
};

absl::Status Visit::Collections(const StoreSnapshot::Visitor& visitor) const {
  if (!visitor.collection) return absl::OkStatus();
  return Ledger(CollectionKey(CollectionNumber{0}), [&](Bytes key, Bytes value) {
    const CollectionNumber number{
        static_cast<uint32_t>(KeyNumber(std::string(4, '\0').append(key.substr(1))))};
    auto collection = DecodeCollection(number, value);
    if (!collection.ok()) return tables_.Damaged(Table::kLedger, key, collection.status());
    return visitor.collection(*std::move(collection));
  });
}

absl::Status Visit::Clusters(const StoreSnapshot::Visitor& visitor) const {
  if (!visitor.cluster) return absl::OkStatus();
  std::vector<Redirect> redirects;
  const auto scan = tables_.Scan(Table::kClusters, options_);
  for (scan->SeekToFirst(); scan->Valid(); scan->Next()) {
    const std::string_view key = ToView(scan->key());
    auto record = DecodeCluster(ClusterId{KeyNumber(key)}, ToView(scan->value()));
    if (!record.ok()) return tables_.Damaged(Table::kClusters, key, record.status());
    if (const auto* redirect = std::get_if<Redirect>(&*record)) {
      redirects.push_back(*redirect);
      continue;
    }
    const absl::Status status = visitor.cluster(std::get<ClusterRecord>(*record));
    if (!status.ok()) return status;
  }
  if (absl::Status status = End(Table::kClusters, *scan); !status.ok()) return status;
  for (const Redirect& redirect : redirects) {
    if (absl::Status status = visitor.redirect(redirect); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Visit::Documents(const StoreSnapshot::Visitor& visitor) const {
  if (!visitor.document) return absl::OkStatus();
  const auto entries = tables_.Scan(Table::kEntries, options_);
  const auto fingerprints = tables_.Scan(Table::kFingerprints, options_);
  entries->SeekToFirst();
  fingerprints->SeekToFirst();
  for (; entries->Valid() && fingerprints->Valid(); entries->Next(), fingerprints->Next()) {
    const int order = entries->key().compare(fingerprints->key());
    if (order != 0) break;
    const std::string_view key = ToView(entries->key());
    const auto entry = DecodeEntry(DocumentNumber{KeyNumber(key)}, ToView(entries->value()));
    if (!entry.ok()) return tables_.Damaged(Table::kEntries, key, entry.status());
    auto fingerprint = DecodeFingerprint(ToView(fingerprints->value()));
    if (!fingerprint.ok()) return tables_.Damaged(Table::kFingerprints, key, fingerprint.status());
    absl::Status status = visitor.document(*entry, *std::move(fingerprint));
    if (!status.ok()) return status;
  }
  if (absl::Status status = End(Table::kEntries, *entries); !status.ok()) return status;
  if (absl::Status status = End(Table::kFingerprints, *fingerprints); !status.ok()) return status;
  if (!entries->Valid() && !fingerprints->Valid()) return absl::OkStatus();
  const bool no_entry = !entries->Valid() ||
                        (fingerprints->Valid() && entries->key().compare(fingerprints->key()) > 0);
  const Table missing = no_entry ? Table::kEntries : Table::kFingerprints;
  return tables_.Damaged(missing, ToView(no_entry ? fingerprints->key() : entries->key()),
                         absl::DataLossError("the record is missing"));
}

absl::Status Visit::Families(const StoreSnapshot::Visitor& visitor) const {
  if (!visitor.family) return absl::OkStatus();
  return Ledger(FamilyKey(DocumentNumber::kNone), [&](Bytes key, Bytes value) {
    auto family = DecodeFamily(value);
    if (!family.ok()) return tables_.Damaged(Table::kLedger, key, family.status());
    return visitor.family(*std::move(family));
  });
}

absl::Status Visit::RemovedFounders(const StoreSnapshot::Visitor& visitor) const {
  if (!visitor.removed_founder) return absl::OkStatus();
  return Ledger(RemovedFounderKey(DocumentNumber::kNone), [&](Bytes key, Bytes value) {
    auto counted = DecodeRemovedFounder(value);
    if (!counted.ok()) return tables_.Damaged(Table::kLedger, key, counted.status());
    return visitor.removed_founder(DocumentNumber{KeyNumber(key.substr(1))},
                                   *std::move(counted));
  });
}

}  // namespace

absl::Status VisitTables(const Tables& tables, const rocksdb::Snapshot* snapshot,
                         const StoreSnapshot::Visitor& visitor) {
  const Visit visit(tables, snapshot);
  if (absl::Status status = visit.Collections(visitor); !status.ok()) return status;
  if (absl::Status status = visit.Clusters(visitor); !status.ok()) return status;
  if (absl::Status status = visit.Documents(visitor); !status.ok()) return status;
  if (absl::Status status = visit.Families(visitor); !status.ok()) return status;
  return visit.RemovedFounders(visitor);
}

}  // namespace wonbon
