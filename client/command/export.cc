// wonbon export: which document is in which cluster, one line a document.
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include "client/command/json.h"
#include "client/command/table.h"
#include "client/command/verbs.h"

namespace wonbon::client {
namespace {

constexpr int kPageSize = 1'000;

class Exporter {
 public:
  Exporter(const Session& session, const Client& client, std::ostream& out)
      : session_(session),
        client_(client),
        out_(out),
        output_(session.OutputOr(Output::kJsonl)) {}

  // Clusters come in the order of their ids, documents in the order they were committed.
  absl::Status Run() {
    if (output_ == Output::kTable) {
      out_ << "document\tcluster\tcanonical\trelation\tsequence\n";
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
    if (output_ == Output::kJson) out_ << Pretty(list_) << '\n';
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
      out_ << Printable(member.document_id()) << '\t' << Printable(cluster.cluster_id())
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
      out_ << Dump(json) << '\n';
    } else {
      list_.push_back(std::move(json));
    }
  }

  const Session& session_;
  const Client& client_;
  std::ostream& out_;
  const Output output_;
  Json list_ = Json::array();
};

// The file is there once it is whole: an export that fails leaves what was there before.
absl::Status ExportTo(const std::string& path, const Session& session, const Client& client) {
  const std::string fresh = path + ".new";
  std::ofstream file(fresh, std::ios::trunc);
  absl::Status status = Exporter(session, client, file).Run();
  file.close();
  std::error_code error;
  if (status.ok() && file) std::filesystem::rename(fresh, path, error);
  if (status.ok() && (!file || error)) status = absl::UnknownError("cannot write " + path);
  if (!status.ok()) std::filesystem::remove(fresh, error);
  return status;
}

}  // namespace

void AddExport(CLI::App& app, Verb* chosen) {
  auto path = std::make_shared<std::string>("-");
  CLI::App* verb = app.add_subcommand(
      "export", "Every document of a collection with its cluster, one JSON object a line");
  verb->add_option("FILE", *path, "Where to; \"-\", the standard output, where it is not named");
  verb->callback([chosen, path] {
    *chosen = [path](const Session& session) {
      const auto client = session.Connect();
      if (!client.ok()) return session.Fail(client.status());
      const absl::Status status = *path == "-"
                                      ? Exporter(session, **client, session.out).Run()
                                      : ExportTo(*path, session, **client);
      return status.ok() ? kExitOk : session.Fail(status);
    };
  });
}

}  // namespace wonbon::client
