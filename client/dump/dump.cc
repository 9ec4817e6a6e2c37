#include "client/dump/dump.h"

#include <memory>
#include <utility>

#include "client/dump/dump_file.h"

namespace wonbon::client {
namespace {

constexpr int kPageSize = 1'000;

class Dumper {
 public:
  Dumper(const Client& client, DumpWriter& file, const std::function<void(uint64_t)>& progress)
      : client_(client), file_(file), progress_(progress) {}

  absl::Status Run() {
    const absl::StatusOr<v1::GetStatsResponse> before = client_.GetStats();
    if (!before.ok()) return before.status();
    if (absl::Status fit = Check(*before); !fit.ok()) return fit;
    absl::Status status = file_.Begin(*before);
    if (status.ok()) {
      status = Pages(v1::ListCollectionsRequest(), &Client::ListCollections,
                     [this](const v1::ListCollectionsResponse& page) { return Add(page); });
    }
    if (!status.ok()) return status;
    const absl::StatusOr<v1::GetStatsResponse> after = client_.GetStats();
    if (!after.ok()) return after.status();
    if (after->sequence() != before->sequence() || after->store_id() != before->store_id()) {
      return absl::AbortedError("the server took writes meanwhile, and a dump is of one moment: "
                                "keep it read-only until the dump is done, and begin anew");
    }
    return file_.Finish();
  }

  const DumpTally& tally() const { return tally_; }

 private:
  static absl::Status Check(const v1::GetStatsResponse& stats) {
    if (!stats.has_last_day()) {
      return absl::PermissionDeniedError(
          "a dump holds all collections, and the key is for some of them only");
    }
    if (stats.cannot_write().empty()) {
      return absl::FailedPreconditionError(
          "the server takes writes, and a dump is of one moment: first `wonbon read-only "
          "--reason=dump`, and `wonbon read-only --off` when it is done");
    }
    return absl::OkStatus();
  }

  // Hands every page of a list to `take`.
  template <typename Request, typename Response, typename Take>
  absl::Status Pages(Request request,
                     absl::StatusOr<Response> (Client::*list)(const Request&, Client::Call) const,
                     const Take& take) {
    request.set_page_size(kPageSize);
    do {
      const absl::StatusOr<Response> page = (client_.*list)(request, nullptr);
      if (!page.ok()) return page.status();
      if (absl::Status status = take(*page); !status.ok()) return status;
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return absl::OkStatus();
  }

  absl::Status Add(const v1::ListCollectionsResponse& page) {
    for (const v1::Collection& collection : page.collections()) {
      ++tally_.collections;
      absl::Status status = file_.Add("collection", collection);
      if (status.ok()) status = AddDocuments(collection.name());
      if (status.ok()) status = AddTombstones(collection.name());
      if (status.ok()) status = AddClusters(collection.name());
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status AddDocuments(const std::string& collection) {
    v1::ListDocumentsRequest request;
    request.set_collection(collection);
    request.set_view(v1::VIEW_FULL);
    return Pages(request, &Client::ListDocuments, [this](const v1::ListDocumentsResponse& page) {
      for (const v1::StoredDocument& document : page.documents()) {
        ++tally_.documents;
        if (absl::Status status = file_.Add("document", document); !status.ok()) return status;
      }
      progress_(tally_.documents);
      return absl::OkStatus();
    });
  }

  // Only what keeps an id out: that a document was there once tells nobody anything elsewhere.
  absl::Status AddTombstones(const std::string& collection) {
    v1::ListTombstonesRequest request;
    request.set_collection(collection);
    return Pages(request, &Client::ListTombstones, [this](const v1::ListTombstonesResponse& page) {
      for (const v1::Tombstone& tombstone : page.tombstones()) {
        if (!tombstone.blocked()) continue;
        ++tally_.blocked_ids;
        if (absl::Status status = file_.Add("tombstone", tombstone); !status.ok()) return status;
      }
      return absl::OkStatus();
    });
  }

  absl::Status AddClusters(const std::string& collection) {
    v1::ListClustersRequest request;
    request.set_collection(collection);
    request.set_view(v1::VIEW_FULL);
    return Pages(request, &Client::ListClusters, [&](const v1::ListClustersResponse& page) {
      for (const v1::Cluster& cluster : page.clusters()) {
        if (cluster.words().empty() && cluster.pinned_document_id().empty()) continue;
        tally_.words += static_cast<uint64_t>(cluster.words_size());
        v1::Cluster whole = cluster;
        absl::Status status = FillMembers(collection, &whole);
        if (status.ok()) status = file_.Add("cluster", whole);
        if (!status.ok()) return status;
      }
      return absl::OkStatus();
    });
  }

  // Those of a cluster that is too large for a page of clusters.
  absl::Status FillMembers(const std::string& collection, v1::Cluster* cluster) {
    if (cluster->members_size() > 0) return absl::OkStatus();
    v1::ListClusterDocumentsRequest request;
    request.set_collection(collection);
    request.set_cluster_id(cluster->cluster_id());
    return Pages(request, &Client::ListClusterDocuments,
                 [cluster](const v1::ListClusterDocumentsResponse& page) {
                   for (const v1::StoredDocument& document : page.documents()) {
                     cluster->add_members()->set_document_id(document.document().id());
                   }
                   return absl::OkStatus();
                 });
  }

  const Client& client_;
  DumpWriter& file_;
  const std::function<void(uint64_t)>& progress_;
  DumpTally tally_;
};

}  // namespace

absl::StatusOr<DumpTally> DumpServer(const Client& client, const std::string& path,
                                     const std::function<void(uint64_t)>& progress) {
  const absl::StatusOr<std::unique_ptr<DumpWriter>> file = DumpWriter::Create(path);
  if (!file.ok()) return file.status();
  Dumper dumper(client, **file, progress);
  if (absl::Status status = dumper.Run(); !status.ok()) return status;
  return dumper.tally();
}

}  // namespace wonbon::client
