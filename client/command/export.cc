// wonbon export: which document is in which cluster, one line a document.
#include "client/command/json.h"
#include "client/command/table.h"
#include "client/command/verbs.h"

namespace wonbon::client {
namespace {

constexpr int kPageSize = 1'000;

class Exporter {
 public:
  Exporter(const Session& session, const Client& client)
      : session_(session), client_(client), output_(session.OutputOr(Output::kJsonl)) {}

  // Clusters come in the order of their ids, documents in the order they were committed.
  absl::Status Run() {
    if (output_ == Output::kTable) {
      session_.out << "document\tcluster\tcanonical\trelation\tsequence\n";
    }
    v1::ListClustersRequest request;
    request.set_collection(session_.global.collection);
    request.set_page_size(kPageSize);
    request.set_view(v1::VIEW_FULL);
    do {
      const absl::StatusOr<v1::ListClustersResponse> page = client_.ListClusters(request);
      if (!page.ok()) return page.status();
      for (const v1::Cluster& cluster : page->clusters()) {
        if (absl::Status status = PrintCluster(cluster); !status.ok()) return status;
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    if (output_ == Output::kJson) session_.out << Pretty(list_) << '\n';
    return absl::OkStatus();
  }

 private:
  absl::Status PrintCluster(const v1::Cluster& cluster) {
    if (cluster.members_size() > 0 || cluster.size() == 0) {
      for (const v1::ClusterMember& member : cluster.members()) PrintMember(cluster, member);
      return absl::OkStatus();
    }
    // Too large for the page: its documents have pages of their own.
    v1::ListClusterDocumentsRequest request;
    request.set_collection(session_.global.collection);
    request.set_cluster_id(cluster.cluster_id());
    request.set_page_size(kPageSize);
    do {
      const auto page = client_.ListClusterDocuments(request);
      // It may have been merged or emptied since the page was made.
      if (absl::IsNotFound(page.status())) return absl::OkStatus();
      if (!page.ok()) return page.status();
      for (const v1::StoredDocument& document : page->documents()) {
        v1::ClusterMember member;
        member.set_document_id(document.document().id());
        member.set_relation(document.relation());
        member.set_sequence(document.sequence());
        PrintMember(cluster, member);
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return absl::OkStatus();
  }

  void PrintMember(const v1::Cluster& cluster, const v1::ClusterMember& member) {
    const std::string& canonical = cluster.canonical().document_id();
    if (output_ == Output::kTable) {
      session_.out << Printable(member.document_id()) << '\t' << Printable(cluster.cluster_id())
                   << '\t' << Printable(canonical) << '\t' << BareName(member.relation()) << '\t'
                   << member.sequence() << '\n';
      return;
    }
    Json json = {{"document_id", member.document_id()},
                 {"cluster_id", cluster.cluster_id()},
                 {"canonical_document_id", canonical},
                 {"relation", BareName(member.relation())},
                 {"sequence", member.sequence()}};
    if (output_ == Output::kJsonl) {
      session_.out << Dump(json) << '\n';
    } else {
      list_.push_back(std::move(json));
    }
  }

  const Session& session_;
  const Client& client_;
  const Output output_;
  Json list_ = Json::array();
};

}  // namespace

void AddExport(CLI::App& app, Verb* chosen) {
  CLI::App* verb = app.add_subcommand(
      "export", "Every document of a collection with its cluster, one JSON object a line");
  verb->callback([chosen] {
    *chosen = [](const Session& session) {
      const auto client = session.Connect();
      if (!client.ok()) return session.Fail(client.status());
      const absl::Status status = Exporter(session, **client).Run();
      return status.ok() ? kExitOk : session.Fail(status);
    };
  });
}

}  // namespace wonbon::client
