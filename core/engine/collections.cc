// Engine: collections.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/engine/parts.h"
#include "core/engine/validate.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/views.h"

namespace wonbon {
namespace {

Engine::CollectionView ViewOf(const MemoryState::Collection& collection) {
  return {.record = collection.record,
          .documents = collection.documents(),
          .clusters = collection.cluster_count()};
}

// CollectionRecord::publisher_ranks.
std::vector<uint64_t> RanksOf(const CollectionSettings& settings, const Identifier& identifier) {
  std::vector<uint64_t> ranks;
  for (const auto* list : {&settings.preferred_publishers, &settings.wire_publishers}) {
    for (const std::string& publisher : *list) ranks.push_back(identifier.PublisherKey(publisher));
  }
  return ranks;
}

void Update(const SettingsUpdate& update, CollectionSettings& settings) {
  if (update.preferred_publishers) settings.preferred_publishers = *update.preferred_publishers;
  if (update.wire_publishers) settings.wire_publishers = *update.wire_publishers;
  if (update.retention) settings.retention = *update.retention;
}

}  // namespace

absl::StatusOr<Engine::CollectionView> Engine::CreateCollection(std::string_view name,
                                                                CollectionSettings settings) {
  if (absl::Status status = ValidateCollectionName(name); !status.ok()) return status;
  if (absl::Status status = ValidateSettings(settings); !status.ok()) return status;
  absl::Status refused;
  CollectionRecord record{.name = std::string(name), .settings = std::move(settings)};
  record.publisher_ranks = RanksOf(record.settings, parts_->preparer.identifier());
  const absl::Status written = parts_->committer.thread().Run(
      {.alone = true, .run = [&](CommitGroup& group) {
         // The group is alone: what is published is all there is.
         const auto& names = parts_->published.latest().collection_names();
         if (names.contains(record.name)) {
           refused = MakeError(
               absl::StatusCode::kAlreadyExists,
               {.reason = ErrorReason::kCollectionExists, .subject = record.name},
               absl::StrCat("collection \"", record.name, "\" exists already"));
           return;
         }
         if (names.size() >= kMaxCollections) {
           refused = MakeError(absl::StatusCode::kFailedPrecondition,
                               {.reason = ErrorReason::kTooManyCollections},
                               absl::StrCat("there are ", kMaxCollections,
                                            " collections already; delete one first"));
           return;
         }
         Change change = parts_->committer.NextChange(group);
         record.number = static_cast<CollectionNumber>(change.sequence);
         record.created_at = absl::FromUnixMicros(change.time_us);
         change.collections.push_back(record);
         parts_->committer.Apply(group, std::move(change));
       }});
  if (!written.ok()) return written;
  if (!refused.ok()) return refused;
  return GetCollection(name);
}

absl::StatusOr<Engine::CollectionView> Engine::GetCollection(std::string_view name) const {
  name = CollectionOrDefault(name);
  const Published::Reader reader(parts_->published);
  const MemoryState::Collection* found = reader.state().FindCollectionByName(name);
  if (found == nullptr) return CollectionNotFound(name);
  return ViewOf(*found);
}

std::vector<Engine::CollectionView> Engine::ListCollections() const {
  const Published::Reader reader(parts_->published);
  std::vector<CollectionView> views;
  for (const auto& [name, number] : reader.state().collection_names()) {
    views.push_back(ViewOf(*reader.state().collection(number)));
  }
  return views;
}

absl::StatusOr<Engine::CollectionView> Engine::UpdateCollection(std::string_view name,
                                                                SettingsUpdate update) {
  CollectionSettings given;
  Update(update, given);
  if (absl::Status status = ValidateSettings(given); !status.ok()) return status;
  absl::Status refused;
  const absl::Status written = parts_->committer.thread().Run(
      {.alone = true, .run = [&](CommitGroup& group) {
         const auto* found = parts_->published.latest().FindCollectionByName(name);
         if (found == nullptr) {
           refused = CollectionNotFound(name);
           return;
         }
         CollectionRecord record = found->record;
         Update(update, record.settings);
         record.publisher_ranks = RanksOf(record.settings, parts_->preparer.identifier());
         Change change = parts_->committer.NextChange(group);
         change.collections.push_back(std::move(record));
         parts_->committer.Apply(group, std::move(change));
       }});
  if (!written.ok()) return written;
  if (!refused.ok()) return refused;
  return GetCollection(name);
}

absl::StatusOr<uint64_t> Engine::DeleteCollection(std::string_view name, bool force) {
  if (CollectionOrDefault(name) == kDefaultCollection) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     {.reason = ErrorReason::kCollectionPermanent,
                      .subject = std::string(kDefaultCollection)},
                     "the collection \"default\" cannot be deleted");
  }
  Committer& committer = parts_->committer;
  uint64_t deleted = 0;
  // Documents may arrive until the collection is gone: empty it until it is found empty.
  for (;;) {
    std::vector<DocumentNumber> numbers;
    {
      const Published::Reader reader(parts_->published);
      const MemoryState::Collection* found = reader.state().FindCollectionByName(name);
      if (found == nullptr) return CollectionNotFound(name);
      if (found->documents() > 0 && !force) {
        return MakeError(
            absl::StatusCode::kFailedPrecondition,
            {.reason = ErrorReason::kCollectionNotEmpty, .subject = std::string(name)},
            absl::StrCat("collection \"", Absl(name), "\" has ", found->documents(),
                         " documents; delete it with force"));
      }
      // Whole clusters, newest member first: no canonical copy is elected in between for nothing.
      const auto take = [&numbers](ClusterId, const FoundCluster& cluster) {
        if (cluster) {
          numbers.insert(numbers.end(), cluster->members.rbegin(), cluster->members.rend());
        }
        return numbers.size() < kMaxBatchDocuments;
      };
      reader.state().WalkClusters(*found, ClusterId::kNone, /*newest_first=*/false, take);
    }
    if (!numbers.empty()) {
      absl::StatusOr<uint64_t> removed =
          RemoveWithoutTombstone(std::move(numbers), Departure::kCollectionDeleted);
      if (!removed.ok()) return removed.status();
      deleted += *removed;
      continue;
    }
    bool dropped = false;
    const auto drop = [&](CommitGroup& group) {
      const auto* found = parts_->published.latest().FindCollectionByName(name);
      if (found == nullptr || found->documents() > 0) return;
      Change change = committer.NextChange(group);
      change.dropped_collections.push_back(found->record.number);
      committer.Apply(group, std::move(change));
      dropped = true;
    };
    const absl::Status written = committer.thread().Run({.alone = true, .run = drop});
    if (!written.ok()) return written;
    if (dropped) return deleted;
  }
}

}  // namespace wonbon
