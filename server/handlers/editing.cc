// PinCanonical, MergeClusters, SplitCluster: an editor's word.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/handlers/handlers.h"
#include "server/message/convert.h"

namespace wonbon::server {
namespace {

template <class Request>
Editor EditorOf(const Request& request) {
  return {.actor = request.actor(), .note = request.note()};
}

absl::Status PinCanonical(UnaryCall& call, v1::PinCanonicalRequest& request,
                          v1::PinCanonicalResponse& response) {
  const absl::StatusOr<ClusterId> id = ClusterIdFromProto("cluster_id", request.cluster_id());
  if (!id.ok()) return id.status();
  absl::StatusOr<Engine::Edited> edited = call.backend().engine.PinCanonical(
      request.collection(), *id, request.document_id(), EditorOf(request));
  if (!edited.ok()) return edited.status();
  ToProto(std::move(edited->cluster), *response.mutable_cluster());
  return absl::OkStatus();
}

absl::Status MergeClusters(UnaryCall& call, v1::MergeClustersRequest& request,
                           v1::MergeClustersResponse& response) {
  std::vector<ClusterId> ids;
  for (int i = 0; i < request.cluster_ids_size(); ++i) {
    const absl::StatusOr<ClusterId> id =
        ClusterIdFromProto(absl::StrCat("cluster_ids[", i, "]"), request.cluster_ids(i));
    if (!id.ok()) return id.status();
    ids.push_back(*id);
  }
  absl::StatusOr<Engine::Edited> edited = call.backend().engine.MergeClusters(
      request.collection(), std::move(ids), EditorOf(request));
  if (!edited.ok()) return edited.status();
  for (const ClusterId merged : edited->merged) {
    response.add_merged_cluster_ids(FormatClusterId(merged));
  }
  ToProto(std::move(edited->cluster), *response.mutable_cluster());
  return absl::OkStatus();
}

absl::Status SplitCluster(UnaryCall& call, v1::SplitClusterRequest& request,
                          v1::SplitClusterResponse& response) {
  const absl::StatusOr<ClusterId> id = ClusterIdFromProto("cluster_id", request.cluster_id());
  if (!id.ok()) return id.status();
  absl::StatusOr<Engine::Edited> edited = call.backend().engine.SplitCluster(
      request.collection(), *id,
      std::vector<std::string>(request.document_ids().begin(), request.document_ids().end()),
      EditorOf(request));
  if (!edited.ok()) return edited.status();
  ToProto(std::move(edited->cluster), *response.mutable_cluster());
  ToProto(*std::move(edited->split_off), *response.mutable_split_off());
  return absl::OkStatus();
}

}  // namespace

void AddEditingRpcs(RpcService& dedup) {
  dedup.Handle<v1::PinCanonicalRequest, v1::PinCanonicalResponse>("PinCanonical", PinCanonical);
  dedup.Handle<v1::MergeClustersRequest, v1::MergeClustersResponse>("MergeClusters",
                                                                    MergeClusters);
  dedup.Handle<v1::SplitClusterRequest, v1::SplitClusterResponse>("SplitCluster", SplitCluster);
}

}  // namespace wonbon::server
