#include "client/dump/words.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/limits.h"
#include "client/status.h"

namespace wonbon::client {
namespace {

// As the server takes them in one call (MergeClusters, SplitCluster).
constexpr size_t kClustersOfMerge = 16;
constexpr int kDocumentsOfSplit = 1'000;

std::set<std::string> ClustersIn(const std::map<std::string, std::string>& places) {
  std::set<std::string> clusters;
  for (const auto& [document, cluster] : places) clusters.insert(cluster);
  return clusters;
}

}  // namespace

void Words::Add(v1::Cluster cluster) {
  std::string id = cluster.cluster_id();
  clusters_[std::move(id)] = std::move(cluster);
}

absl::Status Words::Say() {
  // A split stands with both of its clusters, under one number.
  std::map<uint64_t, std::pair<const v1::Cluster*, const v1::EditorWord*>> words;
  for (const auto& [id, cluster] : clusters_) {
    for (const v1::EditorWord& word : cluster.words()) {
      words.try_emplace(word.sequence(), &cluster, &word);
    }
  }
  for (const auto& [sequence, said] : words) {
    if (absl::Status status = SayWord(*said.first, *said.second); !status.ok()) return status;
  }
  for (const auto& [id, cluster] : clusters_) {
    if (cluster.pinned_document_id().empty()) continue;
    if (absl::Status status = Pin(cluster); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Words::SayWord(const v1::Cluster& cluster, const v1::EditorWord& word) {
  if (word.act() == v1::EDITORIAL_ACT_MERGE) {
    const absl::StatusOr<Places> now = PlacesOf(cluster);
    if (!now.ok()) return now.status();
    return Note("merge", cluster, word.actor(), Merge(ClustersIn(*now), word));
  }
  if (word.act() != v1::EDITORIAL_ACT_SPLIT || word.cluster_ids().empty()) return absl::OkStatus();
  const auto other = clusters_.find(word.cluster_ids(0));
  // Merged again since: that word follows.
  if (other == clusters_.end()) return absl::OkStatus();
  const bool larger = cluster.members_size() >= other->second.members_size();
  return Note("split", cluster, word.actor(),
              larger ? Split(cluster, other->second, word) : Split(other->second, cluster, word));
}

// An error of the server ends it all; what the server refuses is told at the end.
absl::Status Words::Note(const char* what, const v1::Cluster& cluster, const std::string& actor,
                         const absl::Status& status) {
  if (status.ok()) {
    ++said_;
    return status;
  }
  if (!absl::IsFailedPrecondition(status) && !absl::IsNotFound(status)) return status;
  refused_.push_back(absl::StrCat(what, " of ", cluster.cluster_id(),
                                  actor.empty() ? "" : absl::StrCat(" (", actor, ")"), ": ",
                                  status.message()));
  return absl::OkStatus();
}

absl::StatusOr<Words::Places> Words::PlacesOf(const v1::Cluster& cluster) const {
  Places found;
  for (int begin = 0; begin < cluster.members_size(); begin += kMaxBatchDocuments) {
    v1::BatchGetDocumentsRequest request;
    request.set_collection(collection_);
    request.set_view(v1::VIEW_BASIC);
    const int end = std::min(begin + kMaxBatchDocuments, cluster.members_size());
    for (int i = begin; i < end; ++i) request.add_document_ids(cluster.members(i).document_id());
    const absl::StatusOr<v1::BatchGetDocumentsResponse> documents =
        client_.BatchGetDocuments(request);
    if (!documents.ok()) return documents.status();
    for (const v1::GetResult& result : documents->results()) {
      if (!result.has_document()) continue;
      found[result.document().document().id()] = result.document().cluster_id();
    }
  }
  return found;
}

absl::Status Words::Merge(const std::set<std::string>& clusters, const v1::EditorWord& word) {
  if (clusters.empty()) return absl::NotFoundError("none of its documents is here");
  v1::MergeClustersRequest request;
  request.set_collection(collection_);
  request.set_actor(word.actor());
  request.set_note(word.note());
  const std::string& first = *clusters.begin();
  auto next = std::next(clusters.begin());
  do {
    request.clear_cluster_ids();
    request.add_cluster_ids(first);
    while (next != clusters.end() &&
           static_cast<size_t>(request.cluster_ids_size()) < kClustersOfMerge) {
      request.add_cluster_ids(*next++);
    }
    const absl::Status merged = client_.MergeClusters(request).status();
    if (!merged.ok()) return merged;
  } while (next != clusters.end());
  return absl::OkStatus();
}

// Where the server has them apart by itself they are made one first, for only of a cluster can it
// be said that a part of it is another article.
absl::Status Words::Split(const v1::Cluster& stays, const v1::Cluster& goes,
                          const v1::EditorWord& word) {
  const absl::StatusOr<Places> staying = PlacesOf(stays);
  if (!staying.ok()) return staying.status();
  const absl::StatusOr<Places> going = PlacesOf(goes);
  if (!going.ok()) return going.status();
  if (staying->empty() || going->empty()) {
    return absl::NotFoundError("none of its documents, or of the other one's, is here");
  }
  std::set<std::string> together = ClustersIn(*staying);
  together.merge(ClustersIn(*going));
  if (together.size() > 1) {
    if (absl::Status merged = Merge(together, word); !merged.ok()) return merged;
  }
  v1::SplitClusterRequest request;
  request.set_collection(collection_);
  request.set_cluster_id(*together.begin());
  request.set_actor(word.actor());
  request.set_note(word.note());
  for (const auto& [id, cluster] : *going) {
    if (request.document_ids_size() == kDocumentsOfSplit) break;
    request.add_document_ids(id);
  }
  return client_.SplitCluster(request).status();
}

absl::Status Words::Pin(const v1::Cluster& cluster) {
  v1::GetDocumentRequest asked;
  asked.set_collection(collection_);
  asked.set_document_id(cluster.pinned_document_id());
  asked.set_view(v1::VIEW_BASIC);
  v1::PinCanonicalRequest request;
  for (const v1::EditorWord& word : cluster.words()) {
    if (word.act() != v1::EDITORIAL_ACT_PIN) continue;
    request.set_actor(word.actor());
    request.set_note(word.note());
  }
  const absl::StatusOr<v1::GetDocumentResponse> document = client_.GetDocument(asked);
  absl::Status status = document.status();
  if (status.ok()) {
    request.set_collection(collection_);
    request.set_cluster_id(document->document().cluster_id());
    request.set_document_id(cluster.pinned_document_id());
    status = client_.PinCanonical(request).status();
  }
  return Note("pin", cluster, request.actor(), status);
}

}  // namespace wonbon::client
