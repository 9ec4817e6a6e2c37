// What all reads of the engine are made of. Each is of one published moment: it copies what it
// needs of the state under a short lock, then reads texts through the moment's snapshot.
//
// Pure functions of what they are given; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/state/published.h"
#include "core/store/snapshot.h"

namespace wonbon {

// A record of which another record of the same moment tells is there, or it is lost.
template <typename Record>
absl::StatusOr<Record> Present(absl::StatusOr<Record> record) {
  if (absl::IsNotFound(record.status())) return absl::DataLossError(record.status().message());
  return record;
}

// The number of a collection; NOT_FOUND. An empty name means the default one.
absl::StatusOr<CollectionNumber> CollectionIn(const MemoryState& state, std::string_view name);
// The cluster that an id leads to after merges; NOT_FOUND for one of another collection too.
absl::StatusOr<FoundCluster> ClusterIn(const MemoryState& state,
                                              std::string_view collection, ClusterId id);

// A moment, and the number that a collection has in it.
struct CollectionMoment {
  CollectionNumber collection{};
  Moment moment;
};
absl::StatusOr<CollectionMoment> MomentOf(const Published& published, std::string_view collection);

// The live document that an id leads to; NOT_FOUND, kDocumentDeleted for a tombstone.
absl::StatusOr<DocumentNumber> FindLive(const StoreSnapshot& store, CollectionNumber collection,
                                        std::string_view id);
// The id of a live document.
absl::StatusOr<std::string> ReadId(const StoreSnapshot& store, DocumentNumber number);

}  // namespace wonbon
