// CollectionService.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "server/handlers/handlers.h"
#include "server/log.h"
#include "server/message/convert.h"
#include "server/message/page_token.h"

namespace wonbon::server {
namespace {

absl::Status RequireName(const std::string& name) {
  if (name.empty()) return InvalidField("name", "must not be empty");
  return absl::OkStatus();
}

// Collections come and go seldom: each change has a line.
void Tell(const UnaryCall& call, std::string_view what, const std::string& name,
          uint64_t documents = 0) {
  LogInfo(what, {{"collection", name},
                 {"documents", documents},
                 {"caller", call.caller().name()}});
}

// Writes what the engine returned, or passes its error on.
template <class Response>
absl::Status Answer(const absl::StatusOr<Engine::CollectionView>& view, Response& response) {
  if (!view.ok()) return view.status();
  ToProto(*view, *response.mutable_collection());
  return absl::OkStatus();
}

absl::Status CreateCollection(UnaryCall& call, v1::CreateCollectionRequest& request,
                              v1::CreateCollectionResponse& response) {
  absl::Status named = RequireName(request.name());
  if (!named.ok()) return named;
  absl::StatusOr<CollectionSettings> settings = FromProto(request.settings());
  if (!settings.ok()) return settings.status();
  const auto made = call.backend().engine.CreateCollection(request.name(), *std::move(settings));
  if (made.ok()) Tell(call, "collection created", request.name());
  return Answer(made, response);
}

absl::Status GetCollection(UnaryCall& call, v1::GetCollectionRequest& request,
                           v1::GetCollectionResponse& response) {
  absl::Status named = RequireName(request.name());
  if (!named.ok()) return named;
  return Answer(call.backend().engine.GetCollection(request.name()), response);
}

absl::Status ListCollections(UnaryCall& call, v1::ListCollectionsRequest& request,
                             v1::ListCollectionsResponse& response) {
  const absl::StatusOr<NamedPageStart> start = NamedStartOf(request);
  if (!start.ok()) return start.status();
  std::vector<Engine::CollectionView> all = call.backend().engine.ListCollections();
  std::erase_if(all, [&](const auto& view) { return !call.caller().Sees(view.record.name); });
  auto next = std::find_if(all.begin(), all.end(),
                           [&](const auto& view) { return view.record.name > start->after; });
  for (; next != all.end() && response.collections_size() < start->size; ++next) {
    ToProto(*next, *response.add_collections());
  }
  if (next != all.end()) {
    response.set_next_page_token(MakePageToken(start->query, std::prev(next)->record.name));
  }
  return absl::OkStatus();
}

absl::Status UpdateCollection(UnaryCall& call, v1::UpdateCollectionRequest& request,
                              v1::UpdateCollectionResponse& response) {
  absl::Status named = RequireName(request.name());
  if (!named.ok()) return named;
  absl::StatusOr<SettingsUpdate> update = FromProto(request);
  if (!update.ok()) return update.status();
  const auto updated = call.backend().engine.UpdateCollection(request.name(), *std::move(update));
  if (updated.ok()) Tell(call, "collection updated", request.name(), updated->documents);
  return Answer(updated, response);
}

absl::Status DeleteCollection(UnaryCall& call, v1::DeleteCollectionRequest& request,
                              v1::DeleteCollectionResponse& response) {
  absl::Status named = RequireName(request.name());
  if (!named.ok()) return named;
  const absl::StatusOr<uint64_t> deleted =
      call.backend().engine.DeleteCollection(request.name(), request.force());
  if (!deleted.ok()) return deleted.status();
  Tell(call, "collection deleted", request.name(), *deleted);
  response.set_deleted_documents(*deleted);
  return absl::OkStatus();
}

}  // namespace

void AddCollectionRpcs(RpcService& collections) {
  collections.Handle<v1::CreateCollectionRequest, v1::CreateCollectionResponse>("CreateCollection",
                                                                                CreateCollection);
  collections.Handle<v1::GetCollectionRequest, v1::GetCollectionResponse>("GetCollection",
                                                                          GetCollection);
  collections.Handle<v1::ListCollectionsRequest, v1::ListCollectionsResponse>("ListCollections",
                                                                              ListCollections);
  collections.Handle<v1::UpdateCollectionRequest, v1::UpdateCollectionResponse>("UpdateCollection",
                                                                                UpdateCollection);
  collections.Handle<v1::DeleteCollectionRequest, v1::DeleteCollectionResponse>("DeleteCollection",
                                                                                DeleteCollection);
}

}  // namespace wonbon::server
