// GetCluster, ListClusters, ListClusterDocuments and ListDocuments.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/error.h"
#include "server/handlers/handlers.h"
#include "server/limits.h"
#include "server/message/convert.h"
#include "server/message/page_token.h"
#include "server/message/view.h"

namespace wonbon::server {
namespace {

absl::Status GetCluster(UnaryCall& call, v1::GetClusterRequest& request,
                        v1::GetClusterResponse& response) {
  const absl::StatusOr<bool> body = WantsFull(request.view(), false);
  if (!body.ok()) return body.status();
  const absl::StatusOr<ClusterId> id = ClusterIdFromProto("cluster_id", request.cluster_id());
  if (!id.ok()) return id.status();
  absl::StatusOr<ClusterView> cluster =
      call.backend().engine.GetCluster(request.collection(), *id, *body);
  if (!cluster.ok()) return cluster.status();
  if (cluster->id != *id) response.set_redirected_from(FormatClusterId(*id));
  ToProto(*std::move(cluster), *response.mutable_cluster());
  return absl::OkStatus();
}

// Where a page begins and how large it may be.
struct PageStart {
  std::string query;
  uint64_t after = 0;
  int size = 0;
};

template <class Request>
absl::StatusOr<PageStart> StartOf(const Request& request) {
  PageStart start;
  const absl::StatusOr<int> size = PageSize(request.page_size());
  if (!size.ok()) return size.status();
  start.size = *size;
  start.query = PageQuery(request);
  if (request.page_token().empty()) return start;
  const absl::StatusOr<uint64_t> after = ReadNumericPageToken(start.query, request.page_token());
  if (!after.ok()) return after.status();
  start.after = *after;
  return start;
}

template <class Request>
absl::StatusOr<ListFilter> FilterOf(const Request& request) {
  ListFilter filter{.publisher = request.publisher(), .newest_first = request.newest_first()};
  if (request.has_published_from()) {
    const auto from = TimeFromProto("published_from", request.published_from());
    if (!from.ok()) return from.status();
    filter.published_from = *from;
  }
  if (request.has_published_before()) {
    const auto before = TimeFromProto("published_before", request.published_before());
    if (!before.ok()) return before.status();
    filter.published_before = *before;
  }
  return filter;
}

absl::StatusOr<ClusterOrder> OrderOf(const v1::ListClustersRequest& request) {
  if (request.newest_first() && request.order() != v1::CLUSTER_ORDER_UNSPECIFIED) {
    return InvalidField("order", "newest_first is an order already: give one of the two");
  }
  switch (request.order()) {
    case v1::CLUSTER_ORDER_UNSPECIFIED:
      return request.newest_first() ? ClusterOrder::kNewest : ClusterOrder::kOldest;
    case v1::CLUSTER_ORDER_OLDEST: return ClusterOrder::kOldest;
    case v1::CLUSTER_ORDER_NEWEST: return ClusterOrder::kNewest;
    case v1::CLUSTER_ORDER_LARGEST: return ClusterOrder::kLargest;
    case v1::CLUSTER_ORDER_NEWEST_DOCUMENT: return ClusterOrder::kNewestDocument;
    default: return InvalidField("order", "not a value of ClusterOrder");
  }
}

absl::StatusOr<ClusterQuery> ClusterQueryOf(const v1::ListClustersRequest& request) {
  const absl::StatusOr<bool> members = WantsFull(request.view(), false);
  if (!members.ok()) return members.status();
  const absl::StatusOr<ClusterOrder> order = OrderOf(request);
  if (!order.ok()) return order.status();
  absl::StatusOr<ListFilter> filter = FilterOf(request);
  if (!filter.ok()) return filter.status();
  return ClusterQuery{.order = *order,
                      .canonical = *std::move(filter),
                      .min_size = request.min_size(),
                      .title_words = request.title_words(),
                      .member_publisher = request.member_publisher(),
                      .with_members = *members};
}

// A position on its way through a page token: "size/number".
std::string TextOf(ClusterPosition position) {
  return absl::StrCat(position.size, "/", position.number);
}

absl::StatusOr<ClusterPosition> PositionFrom(const std::string& query, const std::string& token) {
  ClusterPosition position;
  if (token.empty()) return position;
  const absl::StatusOr<std::string> text = ReadPageToken(query, token);
  if (!text.ok()) return text.status();
  const std::pair<absl::string_view, absl::string_view> halves = absl::StrSplit(*text, '/');
  if (!absl::SimpleAtoi(halves.first, &position.size) ||
      !absl::SimpleAtoi(halves.second, &position.number)) {
    return ForeignToken();
  }
  return position;
}

// Reads in small portions, so that a page of large clusters can end at kMaxPageBytes.
absl::Status ListClusters(UnaryCall& call, v1::ListClustersRequest& request,
                          v1::ListClustersResponse& response) {
  const absl::StatusOr<ClusterQuery> query = ClusterQueryOf(request);
  if (!query.ok()) return query.status();
  const absl::StatusOr<int> size = PageSize(request.page_size());
  if (!size.ok()) return size.status();
  const std::string bound_to = PageQuery(request);
  absl::StatusOr<ClusterPosition> after = PositionFrom(bound_to, request.page_token());
  if (!after.ok()) return after.status();
  size_t bytes = 0;
  size_t scanned = 0;
  size_t headlines = 0;
  bool full = false;
  while (!full && response.clusters_size() < *size && scanned < kMaxScannedPerPage &&
         headlines < kMaxHeadlinesPerPage) {
    absl::Status wanted = call.Alive();
    if (!wanted.ok()) return wanted;
    absl::StatusOr<Engine::ClusterPage> page = call.backend().engine.ListClusters(
        request.collection(), *after, std::min(kClustersPerRead, *size - response.clusters_size()),
        *query);
    if (!page.ok()) return page.status();
    for (size_t i = 0; i < page->clusters.size() && !full; ++i) {
      v1::Cluster& added = *response.add_clusters();
      ToProto(std::move(page->clusters[i]), added);
      bytes += added.ByteSizeLong();
      full = bytes > kMaxPageBytes && response.clusters_size() > 1;
      if (!full) after = page->positions[i];
    }
    if (full) {
      response.mutable_clusters()->RemoveLast();
    } else if (page->next) {
      after = *page->next;
    } else {
      return absl::OkStatus();
    }
    scanned += page->scanned;
    headlines += page->read;
  }
  response.set_next_page_token(MakePageToken(bound_to, TextOf(*after)));
  return absl::OkStatus();
}

// Fills a page with portions that `read(after, documents, bytes)` gives. A portion takes what room
// is left, or one document: where that is too much, the page ends before it, unless it is the
// first.
template <class Response, class Read>
absl::Status FillDocuments(const UnaryCall& call, const PageStart& start, const Read& read,
                           Response& response) {
  DocumentNumber after{start.after};
  size_t bytes = 0;
  size_t scanned = 0;
  while (response.documents_size() < start.size && bytes < kMaxPageBytes &&
         scanned < kMaxScannedPerPage) {
    absl::Status wanted = call.Alive();
    if (!wanted.ok()) return wanted;
    absl::StatusOr<Engine::DocumentPage> page =
        read(after, std::min(kDocumentsPerRead, start.size - response.documents_size()),
             kMaxPageBytes - bytes);
    if (!page.ok()) return page.status();
    const int before = response.documents_size();
    for (StoredDocument& document : page->documents) {
      v1::StoredDocument& added = *response.add_documents();
      ToProto(std::move(document), added);
      bytes += added.ByteSizeLong();
    }
    if (bytes > kMaxPageBytes && before > 0) {
      response.mutable_documents()->DeleteSubrange(before, response.documents_size() - before);
      break;
    }
    if (page->next == DocumentNumber::kNone) return absl::OkStatus();
    after = page->next;
    scanned += page->scanned;
  }
  response.set_next_page_token(MakePageToken(start.query, static_cast<uint64_t>(after)));
  return absl::OkStatus();
}

absl::Status ListClusterDocuments(UnaryCall& call, v1::ListClusterDocumentsRequest& request,
                                  v1::ListClusterDocumentsResponse& response) {
  const absl::StatusOr<ClusterId> id = ClusterIdFromProto("cluster_id", request.cluster_id());
  if (!id.ok()) return id.status();
  const absl::StatusOr<bool> bodies = WantsFull(request.view(), false);
  if (!bodies.ok()) return bodies.status();
  const absl::StatusOr<PageStart> start = StartOf(request);
  if (!start.ok()) return start.status();
  const auto read = [&](DocumentNumber after, int documents, size_t bytes) {
    return call.backend().engine.ListClusterDocuments(request.collection(), *id, after, documents,
                                                      *bodies, bytes);
  };
  return FillDocuments(call, *start, read, response);
}

absl::Status ListDocuments(UnaryCall& call, v1::ListDocumentsRequest& request,
                           v1::ListDocumentsResponse& response) {
  const absl::StatusOr<bool> bodies = WantsFull(request.view(), false);
  if (!bodies.ok()) return bodies.status();
  const absl::StatusOr<ListFilter> filter = FilterOf(request);
  if (!filter.ok()) return filter.status();
  const absl::StatusOr<PageStart> start = StartOf(request);
  if (!start.ok()) return start.status();
  const auto read = [&](DocumentNumber after, int documents, size_t bytes) {
    return call.backend().engine.ListDocuments(request.collection(), after, documents, *bodies,
                                               bytes, *filter);
  };
  return FillDocuments(call, *start, read, response);
}

}  // namespace

void AddClusterRpcs(RpcService& dedup) {
  dedup.Handle<v1::GetClusterRequest, v1::GetClusterResponse>("GetCluster", GetCluster);
  dedup.Handle<v1::ListClustersRequest, v1::ListClustersResponse>("ListClusters", ListClusters);
  dedup.Handle<v1::ListClusterDocumentsRequest, v1::ListClusterDocumentsResponse>(
      "ListClusterDocuments", ListClusterDocuments);
  dedup.Handle<v1::ListDocumentsRequest, v1::ListDocumentsResponse>("ListDocuments", ListDocuments);
}

}  // namespace wonbon::server
