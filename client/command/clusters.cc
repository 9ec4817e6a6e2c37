// wonbon cluster, wonbon clusters, wonbon documents: what there is, and what belongs together.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/command/decision_text.h"
#include "client/command/json.h"
#include "client/command/since.h"
#include "client/command/table.h"
#include "client/command/verbs.h"

namespace wonbon::client {
namespace {

constexpr int kPageSize = 1'000;

struct ClustersOptions {
  std::string id;
  uint32_t min_size = 0;
  uint64_t limit = 0;
  std::string publisher;
  bool newest_first = false;
  std::string order;
  std::string since;
  std::string title;
  std::string member_publisher;
};

// What --sort takes.
const std::map<std::string, v1::ClusterOrder>& Orders() {
  static const auto& orders = *new std::map<std::string, v1::ClusterOrder>{
      {"oldest", v1::CLUSTER_ORDER_OLDEST},
      {"newest", v1::CLUSTER_ORDER_NEWEST},
      {"size", v1::CLUSTER_ORDER_LARGEST},
      {"active", v1::CLUSTER_ORDER_NEWEST_DOCUMENT}};
  return orders;
}

absl::StatusOr<v1::ListClustersRequest> RequestOf(const Session& session,
                                                  const ClustersOptions& options) {
  v1::ListClustersRequest request;
  request.set_collection(session.global.collection);
  request.set_min_size(options.min_size);
  request.set_publisher(options.publisher);
  request.set_member_publisher(options.member_publisher);
  request.set_title_words(options.title);
  request.set_newest_first(options.newest_first);
  if (!options.order.empty()) request.set_order(Orders().at(options.order));
  if (options.since.empty()) return request;
  const absl::StatusOr<absl::Time> since = ParseSince(options.since);
  if (!since.ok()) return since.status();
  *request.mutable_published_from() = ToTimestamp(*since);
  return request;
}

// All documents of a cluster, page by page.
absl::StatusOr<std::vector<v1::StoredDocument>> ReadMembers(const Client& client,
                                                            const std::string& collection,
                                                            const std::string& cluster_id) {
  std::vector<v1::StoredDocument> members;
  v1::ListClusterDocumentsRequest request;
  request.set_collection(collection);
  request.set_cluster_id(cluster_id);
  request.set_page_size(kPageSize);
  do {
    absl::StatusOr<v1::ListClusterDocumentsResponse> page = client.ListClusterDocuments(request);
    if (!page.ok()) return page.status();
    for (auto& document : *page->mutable_documents()) members.push_back(std::move(document));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return members;
}

int ShowCluster(const Session& session, const ClustersOptions& options) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  v1::GetClusterRequest request;
  request.set_collection(session.global.collection);
  request.set_cluster_id(options.id);
  const auto response = (*client)->GetCluster(request);
  if (!response.ok()) return session.Fail(response.status());
  const v1::Cluster& cluster = response->cluster();
  const auto members = ReadMembers(**client, session.global.collection, cluster.cluster_id());
  if (!members.ok()) return session.Fail(members.status());
  const Output output = session.OutputOr(Output::kTable);
  if (output != Output::kTable) {
    Json json = ToJson(*response);
    json["documents"] = Json::array();
    for (const auto& member : *members) json["documents"].push_back(ToJson(member));
    session.out << (output == Output::kJson ? Pretty(json) : Dump(json)) << '\n';
    return kExitOk;
  }
  if (!response->redirected_from().empty()) {
    session.out << Printable(response->redirected_from()) << " was merged into this cluster\n";
  }
  PrintCluster(session.out, cluster);
  session.out << '\n';
  Table table({"document", "relation", "sequence", "publisher", "title"});
  for (const v1::StoredDocument& member : *members) {
    table.AddRow({member.document().id(), BareName(member.relation()),
                  std::to_string(member.sequence()), member.document().publisher(),
                  member.document().title()});
  }
  table.Print(session.out, session.out_columns);
  return kExitOk;
}

// What is listed, page by page, as a table or as JSON.
class Listing {
 public:
  Listing(const Session& session, uint64_t limit, std::vector<std::string> heading)
      : session_(session),
        output_(session.OutputOr(Output::kTable)),
        left_(limit == 0 ? UINT64_MAX : limit),
        table_(std::move(heading)) {}

  bool full() const { return left_ == 0; }
  int page_size() const { return static_cast<int>(std::min<uint64_t>(left_, kPageSize)); }

  void Add(std::vector<std::string> row, Json json) {
    switch (output_) {
      case Output::kTable: table_.AddRow(std::move(row)); break;
      case Output::kJson: list_.push_back(std::move(json)); break;
      case Output::kJsonl: session_.out << Dump(json) << '\n'; break;
    }
    --left_;
  }
  // `name`: of the list, as JSON has it.
  int End(const char* name) {
    if (output_ == Output::kTable) table_.Print(session_.out, session_.out_columns);
    if (output_ == Output::kJson) session_.out << Pretty({{name, std::move(list_)}}) << '\n';
    return kExitOk;
  }

 private:
  const Session& session_;
  const Output output_;
  uint64_t left_;
  Table table_;
  Json list_ = Json::array();
};

int ListDocuments(const Session& session, const ClustersOptions& options) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  Listing listing(session, options.limit,
                  {"document", "cluster", "relation", "publisher", "title"});
  v1::ListDocumentsRequest request;
  request.set_collection(session.global.collection);
  request.set_publisher(options.publisher);
  request.set_newest_first(options.newest_first);
  do {
    request.set_page_size(listing.page_size());
    const auto page = (*client)->ListDocuments(request);
    if (!page.ok()) return session.Fail(page.status());
    for (const v1::StoredDocument& stored : page->documents()) {
      if (listing.full()) break;
      const v1::Document& document = stored.document();
      listing.Add({document.id(), stored.cluster_id(), BareName(stored.relation()),
                   document.publisher(), document.title()},
                  ToJson(stored));
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty() && !listing.full());
  return listing.End("documents");
}

int ListClusters(const Session& session, const ClustersOptions& options) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  Listing listing(session, options.limit,
                  {"cluster", "documents", "canonical", "publisher", "title"});
  absl::StatusOr<v1::ListClustersRequest> request = RequestOf(session, options);
  if (!request.ok()) return session.Fail(request.status());
  do {
    request->set_page_size(listing.page_size());
    const auto page = (*client)->ListClusters(*request);
    if (!page.ok()) return session.Fail(page.status());
    for (const v1::Cluster& cluster : page->clusters()) {
      if (listing.full()) break;
      const v1::CanonicalCopy& canonical = cluster.canonical();
      Json json = ToJson(cluster);
      json.erase("members");
      listing.Add({cluster.cluster_id(), std::to_string(cluster.size()), canonical.document_id(),
                   canonical.publisher(), canonical.title()},
                  std::move(json));
    }
    request->set_page_token(page->next_page_token());
  } while (!request->page_token().empty() && !listing.full());
  return listing.End("clusters");
}

CLI::Option* AddListOptions(CLI::App* verb, ClustersOptions* options,
                            const char* about_publisher) {
  verb->add_option("--limit", options->limit, "At most N (default: all)")->type_name("N");
  verb->add_option("--publisher", options->publisher, about_publisher);
  return verb->add_flag("--newest-first", options->newest_first, "Newest first");
}

void AddClusterList(CLI::App& app, const std::shared_ptr<ClustersOptions>& options, Verb* chosen) {
  CLI::App* clusters = app.add_subcommand("clusters", "The clusters of a collection, oldest first");
  clusters->add_option("--min-size", options->min_size, "Only clusters of at least N documents")
      ->type_name("N");
  CLI::Option* newest_first = AddListOptions(
      clusters, options.get(), "Only clusters whose canonical copy is of this publisher");
  std::vector<std::string> orders;
  orders.reserve(Orders().size());
  for (const auto& [name, order] : Orders()) orders.push_back(name);
  clusters
      ->add_option("--sort", options->order,
                   "oldest, newest (the same as --newest-first), size: largest first, without "
                   "clusters of one document; active: those with the newest document first")
      ->check(CLI::IsMember(orders))
      ->excludes(newest_first);
  clusters
      ->add_option("--since", options->since,
                   "Only clusters whose canonical copy was published since: 24h, or a time "
                   "(without a zone: Korea's)")
      ->check(SinceValidator());
  clusters
      ->add_option("--title", options->title,
                   "Only clusters whose canonical copy's headline has all of these words, or parts "
                   "of words")
      ->type_name("WORDS");
  clusters->add_option("--member-publisher", options->member_publisher,
                       "Only clusters that have a document of this publisher");
  clusters->callback([chosen, options] {
    *chosen = [options](const Session& session) { return ListClusters(session, *options); };
  });
}

}  // namespace

void AddClusters(CLI::App& app, Verb* chosen) {
  auto options = std::make_shared<ClustersOptions>();
  CLI::App* cluster = app.add_subcommand("cluster", "One cluster, with its documents");
  cluster->add_option("CLUSTER_ID", options->id, "Id of a cluster, also of one merged since")
      ->required();
  cluster->callback([chosen, options] {
    *chosen = [options](const Session& session) { return ShowCluster(session, *options); };
  });
  AddClusterList(app, options, chosen);
  CLI::App* documents =
      app.add_subcommand("documents", "The documents of a collection, oldest first");
  AddListOptions(documents, options.get(), "Only documents of this publisher");
  documents->callback([chosen, options] {
    *chosen = [options](const Session& session) { return ListDocuments(session, *options); };
  });
}

}  // namespace wonbon::client
