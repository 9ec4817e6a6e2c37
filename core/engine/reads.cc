#include "core/engine/reads.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/engine/parts.h"
#include "core/error.h"
#include "core/store/body.h"
#include "core/views.h"

namespace wonbon {

absl::StatusOr<CollectionNumber> CollectionIn(const MemoryState& state, std::string_view name) {
  name = CollectionOrDefault(name);
  const MemoryState::Collection* found = state.FindCollectionByName(name);
  if (found == nullptr) return CollectionNotFound(name);
  return found->record.number;
}

absl::StatusOr<FoundCluster> ClusterIn(const MemoryState& state, std::string_view collection,
                                       ClusterId id) {
  absl::StatusOr<CollectionNumber> number = CollectionIn(state, collection);
  if (!number.ok()) return number.status();
  const FoundCluster cluster = state.FindCluster(state.Resolve(id));
  if (!cluster || cluster->record.collection != *number) {
    return ClusterNotFound(FormatClusterId(id));
  }
  return cluster;
}

absl::StatusOr<CollectionMoment> MomentOf(const Published& published,
                                          std::string_view collection) {
  const Published::Reader reader(published);
  absl::StatusOr<CollectionNumber> number = CollectionIn(reader.state(), collection);
  if (!number.ok()) return number.status();
  return CollectionMoment{*number, reader.moment()};
}

absl::StatusOr<DocumentNumber> FindLive(const StoreSnapshot& store, CollectionNumber collection,
                                        std::string_view id) {
  absl::StatusOr<StoreSnapshot::IdState> found = store.FindId(collection, id);
  if (!found.ok()) return found.status();
  if (const auto* number = std::get_if<DocumentNumber>(&*found)) return *number;
  const auto* tombstone = std::get_if<Tombstone>(&*found);
  if (tombstone == nullptr) return DocumentNotFound(id);
  return MakeError(absl::StatusCode::kNotFound,
                   {.reason = ErrorReason::kDocumentDeleted, .subject = std::string(id)},
                   absl::StrCat("document \"", Absl(id), "\" was deleted at ",
                                absl::FormatTime(tombstone->deleted_at, absl::UTCTimeZone())));
}

absl::StatusOr<std::string> ReadId(const StoreSnapshot& store, DocumentNumber number) {
  absl::StatusOr<DocumentContent> head = Present(store.ReadContent(number, /*with_body=*/false));
  if (!head.ok()) return head.status();
  return std::move(head->document.id);
}

absl::Status Engine::FillBody(Decision* decision) const {
  const std::optional<BodyLocation> location =
      std::exchange(decision->canonical_body, std::nullopt);
  if (!location.has_value()) return absl::OkStatus();
  absl::StatusOr<std::string> body =
      location->packed.empty() ? Present(location->store->ReadBody(decision->canonical.number))
                               : UnpackBody(location->packed);
  if (!body.ok()) return body.status();
  decision->canonical.body = *std::move(body);
  return absl::OkStatus();
}

}  // namespace wonbon
