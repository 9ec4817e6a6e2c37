// Writes the tables of a salvaged store: records as they were, or as they were repaired.
//
// Used once, by one thread. The first error stands, and Finish tells it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/record.h"
#include "core/store/ledger_codec.h"
#include "core/store/tables.h"

namespace wonbon {

class SalvageWriter {
 public:
  // Makes a new database. `from` outlives it.
  static absl::StatusOr<std::unique_ptr<SalvageWriter>> Open(const Tables& from,
                                                             const std::string& path);

  void Collection(const CollectionRecord& collection);
  void Cluster(const ClusterRecord& cluster);
  void Redirected(const Redirect& redirect);
  void Family(const FamilyRecord& family);
  void Deleted(const Tombstone& tombstone);
  void EventsDropped(CollectionNumber collection, Sequence through);
  // All of a document; the records that never change as they are.
  absl::Status Document(const DocumentEntry& entry, const std::string& id);
  void Copy(Table table, std::string_view key);
  void CopyAll(Table table);
  // With the state; everything is on disk when it returns.
  absl::Status Finish(const StoreState& state);

 private:
  SalvageWriter(const Tables& from, std::unique_ptr<Tables> to)
      : from_(from), to_(std::move(to)) {}
  void Put(Table table, std::string_view key, std::string_view value);
  void Fail(const absl::Status& status) { status_.Update(status); }

  const Tables& from_;
  const std::unique_ptr<Tables> to_;
  rocksdb::WriteBatch batch_;
  absl::Status status_;
};

}  // namespace wonbon
