// wonbon pin, wonbon merge, wonbon split: an editor's word about clusters.
#include "client/command/decision_text.h"
#include "client/command/json.h"
#include "client/command/verbs.h"

namespace wonbon::client {
namespace {

struct EditingOptions {
  std::string cluster;
  std::vector<std::string> ids;  // of documents, or clusters
  std::string document;
  bool none = false;
  std::string actor;
  std::string note;
};

// Fills in who says it, calls, and shows what came of it.
template <typename Request, typename Call, typename Show>
int Say(const Session& session, const EditingOptions& options, Request request, Call call,
        Show show) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  request.set_collection(session.global.collection);
  request.set_actor(options.actor);
  request.set_note(options.note);
  const auto response = call(**client, request);
  if (!response.ok()) return session.Fail(response.status());
  const Output output = session.OutputOr(Output::kTable);
  if (output == Output::kTable) {
    show(*response);
  } else {
    const Json json = ToJson(*response);
    session.out << (output == Output::kJson ? Pretty(json) : Dump(json)) << '\n';
  }
  return kExitOk;
}

int Pin(const Session& session, const EditingOptions& options) {
  if (options.document.empty() != options.none) {
    return session.Fail(absl::InvalidArgumentError(
        "name the document to pin, or --none to take the pin off"));
  }
  v1::PinCanonicalRequest request;
  request.set_cluster_id(options.cluster);
  request.set_document_id(options.document);
  return Say(
      session, options, std::move(request),
      [](const Client& client, const auto& pin) { return client.PinCanonical(pin); },
      [&session](const auto& response) { PrintCluster(session.out, response.cluster()); });
}

int Merge(const Session& session, const EditingOptions& options) {
  v1::MergeClustersRequest request;
  request.mutable_cluster_ids()->Assign(options.ids.begin(), options.ids.end());
  return Say(
      session, options, std::move(request),
      [](const Client& client, const auto& merge) { return client.MergeClusters(merge); },
      [&session](const auto& response) { PrintCluster(session.out, response.cluster()); });
}

int Split(const Session& session, const EditingOptions& options) {
  v1::SplitClusterRequest request;
  request.set_cluster_id(options.cluster);
  request.mutable_document_ids()->Assign(options.ids.begin(), options.ids.end());
  return Say(
      session, options, std::move(request),
      [](const Client& client, const auto& split) { return client.SplitCluster(split); },
      [&session](const auto& response) {
        PrintCluster(session.out, response.cluster());
        session.out << "\nsplit off\n";
        PrintCluster(session.out, response.split_off());
      });
}

void AddVerb(CLI::App* verb, std::shared_ptr<EditingOptions> options, Verb* chosen,
             int (*run)(const Session&, const EditingOptions&)) {
  verb->add_option("--actor", options->actor, "Who says so; kept with the cluster");
  verb->add_option("--note", options->note, "Why; kept with the cluster");
  verb->callback([chosen, options, run] {
    *chosen = [options, run](const Session& session) { return run(session, *options); };
  });
}

}  // namespace

void AddEditing(CLI::App& app, Verb* chosen) {
  auto options = std::make_shared<EditingOptions>();
  CLI::App* pin = app.add_subcommand("pin", "Have a document stand for its cluster, for good");
  pin->add_option("CLUSTER_ID", options->cluster, "Id of a cluster")->required();
  pin->add_option("ID", options->document, "Id of a document of it");
  pin->add_flag("--none", options->none, "Take the pin off instead");
  AddVerb(pin, options, chosen, Pin);
  CLI::App* merge = app.add_subcommand("merge", "Make clusters one, for good; undone by `split`");
  merge->add_option("CLUSTER_ID", options->ids, "Ids of clusters")->required();
  AddVerb(merge, options, chosen, Merge);
  CLI::App* split = app.add_subcommand(
      "split", "Take documents out of a cluster, for good; undone by `merge`");
  split->add_option("CLUSTER_ID", options->cluster, "Id of a cluster")->required();
  split->add_option("ID", options->ids, "Ids of documents that are another article")->required();
  AddVerb(split, options, chosen, Split);
}

}  // namespace wonbon::client
